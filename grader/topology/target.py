"""What a rubric asks for, as a picture: the target, whoever will build it and however it will be called."""

from collections.abc import Iterable, Iterator

from grader.checks.base import Check
from grader.checks.container import ContainerCheck
from grader.checks.nested import Nesting
from grader.checks.network import NetworkCheck
from grader.checks.publishes import PublishesCheck
from grader.checks.sandbox import SandboxCheck
from grader.models.topology import Box, Lane, Link, Topology
from grader.rubric.model import Rubric
from grader.topology.flows import asked_for

_MODES = {"host": "on the host's network", "none": "on no network"}


def wanted(rubric: Rubric) -> Topology:
    """Return the architecture that a rubric asks for; its boxes have roles and no containers."""
    networks = networks_of(rubric)
    return Topology(
        lanes=tuple(_lane(rubric, name) for name in networks),
        boxes=tuple(_box(rubric, role) for role in rubric.roles),
        links=tuple(
            _link(rubric, role, name)
            for role in rubric.roles
            for name in networks
            if (role, name) in rubric.wants.attachments
        ),
        flows=tuple(asked_for(rubric.checks)),
    )


def networks_of(rubric: Rubric) -> list[str]:
    """Return the rubric's networks in the order in which it names them."""
    return list(dict.fromkeys(name for check in rubric.checks for name in sorted(check.wants().networks)))


def role_key(role: str) -> str:
    """Return the key of the box of a role that nobody plays."""
    return f"role:{role}"


def _flat(checks: Iterable[Check]) -> Iterator[Check]:
    """Yield the checks, and those within them."""
    for check in checks:
        yield check
        if isinstance(check, Nesting):
            yield from _flat(check.of)


def _lane(rubric: Rubric, name: str) -> Lane:
    asked = [check for check in _flat(rubric.checks) if isinstance(check, NetworkCheck) and check.network == name]
    special = (("internal", "internal"), ("attachable", "attachable"))
    words = [word for field, word in special if any(getattr(check, field) for check in asked)]
    return Lane(
        name=name,
        driver=next((check.driver for check in asked if check.driver), None),
        subnets=tuple(dict.fromkeys(check.subnet for check in asked if check.subnet)),
        note=", ".join(words) or None,
    )


def _box(rubric: Rubric, role: str) -> Box:
    checks = list(_flat(rubric.checks))
    modes = [c.network_mode for c in checks if isinstance(c, ContainerCheck) and c.role == role and c.network_mode]
    owners = [c.shared_with for c in checks if isinstance(c, SandboxCheck) and c.role == role and c.shared_with]
    notes = [*(_MODES[mode] for mode in modes if mode in _MODES), *(f"in the sandbox of {owner}" for owner in owners)]
    ports = (_binding(check) for check in checks if isinstance(check, PublishesCheck) and check.role == role)
    return Box(
        key=role_key(role),
        role=role,
        container=rubric.roles[role].called,
        note=next(iter(notes), None),
        host=rubric.roles[role].host if len(rubric.hosts) > 1 else None,
        published=tuple(dict.fromkeys(port for port in ports if port)),
        planned=True,
    )


def _binding(check: PublishesCheck) -> str | None:
    """Return a demanded binding as docker would show it; None where nothing is to be published."""
    if check.address == "nowhere":
        return None
    place = {"any": "", "all": "0.0.0.0:", "loopback": "127.0.0.1:"}[check.address]
    return f"{place}{check.host_port or 'any port'}->{check.port}/{check.protocol}"


def _link(rubric: Rubric, role: str, network: str) -> Link:
    """Return a demanded connection, with the names that others on that network ask for."""
    wants = rubric.wants
    names = {wish.name for wish in wants.names if wish.target == role and network in wants.networks_of(wish.source)}
    fixed = (
        check.addresses[network]
        for check in _flat(rubric.checks)
        if isinstance(check, SandboxCheck) and check.role == role and network in check.addresses
    )
    return Link(box=role_key(role), lane=network, addresses=tuple(dict.fromkeys(fixed)), names=tuple(sorted(names)))
