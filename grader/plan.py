"""Which containers are worth a look, and what to ask in each sandbox.

Roles are decided after probing, so every candidate is asked everything that any role may need:
another `--role`, or a rubric with a corrected port or name, is then judged without the engine.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from grader.judging import imageref, netnames, requests, sandboxes
from grader.models.evidence import Evidence
from grader.models.probe import HOST, Connect, Lookup, Question
from grader.models.snapshot import Container, Listed, Network, Snapshot, is_called
from grader.rubric.model import Role, Rubric

_FEW = 8
"""Where no more containers exist than these, all are candidates."""
_PER_ROLE = 8
_LOOPBACK = "127.0.0.1"

ProbePlan = dict[str, tuple[Question, ...]]


@dataclass(frozen=True, slots=True)
class Choice:
    """The containers to inspect, and how many plausible ones the bound left out."""

    ids: tuple[str, ...]
    left_out: int = 0


def choose(rubric: Rubric, listed: Sequence[Listed], networks: Sequence[Network], wishes: Mapping[str, str]) -> Choice:
    """Return the containers of a listing that some sign makes plausible for some role.

    A role without any sign anywhere gets the youngest running containers.
    """
    youngest = sorted(listed, key=lambda each: (each.state != "running", -each.created_at, each.id))
    if len(youngest) <= _FEW:
        return Choice(tuple(each.id for each in youngest))
    matches = netnames.match_all(rubric.wants.networks, networks)
    called = {match.network.name: wanted for wanted, match in matches.items() if match.network}
    chosen: dict[str, None] = {}
    left_out: set[str] = set()
    for name, role in rubric.roles.items():
        ranks = {each.id: _plausible(rubric, called, wishes, name, role, each) for each in youngest}
        plausible = sorted((each for each in youngest if ranks[each.id]), key=lambda each: -ranks[each.id])
        telling = any(rank > 1 for rank in ranks.values())
        picked = plausible if telling else [*plausible, *(each for each in youngest if not ranks[each.id])]
        chosen |= dict.fromkeys(each.id for each in picked[:_PER_ROLE])
        left_out |= {each.id for each in plausible[_PER_ROLE:]}
    return Choice(tuple(chosen), len(left_out - set(chosen)))


def _plausible(
    rubric: Rubric, called: Mapping[str, str], wishes: Mapping[str, str], name: str, role: Role, each: Listed
) -> int:
    """Return 0 for no sign, 1 for a network of the rubric's, more for what tells of this very role."""
    named = is_called(each, wishes.get(name, "")) or each.labels.get("grade.role") == name
    joined = {called[network] for network in each.networks if network in called}
    own = rubric.wants.networks_of(name)
    signs = (
        role.image is not None and imageref.parse(each.image).satisfies(imageref.parse(role.image)),
        role.listens in each.ports,
        each.labels.get("com.docker.compose.service") == name,
        bool({name, *rubric.wants.names_of(name)} & {each.name, *re.split(r"[^a-z0-9]+", each.name.lower())}),
        len(own) > 1 and own.issubset(joined),
    )
    return 100 * named + 2 * sum(signs) + bool(joined)


def plan(rubric: Rubric, snapshot: Snapshot) -> ProbePlan:
    """Return what to ask, deduplicated, by source; sandboxes that several containers share are asked once."""
    running = [container for container in snapshot.containers if container.state == "running"]
    met = _met(running, snapshot.containers)
    sources: dict[str, list[Container]] = {}
    for container in running:
        sources.setdefault(sandboxes.source_of(container, snapshot.containers), []).append(container)
    return {
        source: tuple(dict.fromkeys(_questions(rubric, snapshot, met, source, residents)))
        for source, residents in sorted(sources.items())
    }


def _met(running: Sequence[Container], containers: Sequence[Container]) -> list[Container]:
    """Return the containers that others may meet: one that is paused lends its addresses to who shares its sandbox."""
    owners = {owner.id for container in running if (owner := sandboxes.owner_of(container, containers))}
    return [container for container in containers if container.state == "running" or container.id in owners]


def unasked(rubric: Rubric, evidence: Evidence) -> int:
    """Return how many questions the rubric would ask that the evidence does not answer."""
    missing = 0
    for host in evidence.hosts.values():
        answered = {seen.source: {asked.question for asked in seen.asked} for seen in host.observations}
        for source, questions in plan(rubric, host.snapshot).items():
            missing += len(set(questions) - answered.get(source, set()))
    return missing


def _questions(
    rubric: Rubric,
    snapshot: Snapshot,
    met: Sequence[Container],
    source: str,
    residents: Sequence[Container],
) -> Iterator[Question]:
    endpoints = sandboxes.endpoints_of(residents[0], snapshot.containers)
    gateways = sandboxes.gateways_of(endpoints, snapshot)
    own = [address for endpoint in endpoints for address in endpoint.addresses]
    if source == HOST:
        own = list(sandboxes.engine_addresses(snapshot))
    yield from _names(rubric, snapshot, residents)
    yield from (Connect(address=gateway, port=requests.CONTROL_PORT) for gateway in gateways)
    yield from _connections(rubric, snapshot, met, own, residents, gateways)
    yield from _pages(rubric, met, own)
    yield from _knocks(met, source, gateways, own)


def _names(rubric: Rubric, snapshot: Snapshot, residents: Sequence[Container]) -> Iterator[Question]:
    """Ask the rubric's names, and as a control those of the residents, which their resolver has to know."""
    owners = (sandboxes.owner_of(container, snapshot.containers) for container in residents)
    names = {container.name for container in (*residents, *owners) if container}
    yield from (Lookup(name=name) for name in sorted({*names, *(w.name for w in rubric.wants.names)}))


def _connections(
    rubric: Rubric,
    snapshot: Snapshot,
    met: Sequence[Container],
    own: Sequence[str],
    residents: Sequence[Container],
    gateways: Sequence[str],
) -> Iterator[Question]:
    for container in met:
        on_host = sandboxes.source_of(container, snapshot.containers) == HOST
        addresses = (*gateways, *sandboxes.engine_addresses(snapshot)) if on_host else container.addresses
        ports = sorted(rubric.wants.ports | _ports(container))
        yield from (Connect(address=address, port=port) for address in addresses for port in ports)
    ports = sorted(rubric.wants.ports | {port for container in residents for port in _ports(container)})
    yield from (Connect(address=address, port=port) for address in (_LOOPBACK, *own) for port in ports)


def _ports(container: Container) -> set[int]:
    exposed = {port.number for port in container.exposed if port.protocol == "tcp"}
    return exposed | {binding.port for binding in container.requested if binding.protocol == "tcp"}


def _pages(rubric: Rubric, met: Sequence[Container], own: Sequence[str]) -> Iterator[Question]:
    for page in sorted(rubric.wants.requests, key=lambda each: (each.port, each.path)):
        others = [address for container in met for address in container.addresses] if page.by_others else []
        yield from (requests.http_get(address, page.port, page.path) for address in (*own, *others))


def _knocks(met: Sequence[Container], source: str, gateways: Sequence[str], own: Sequence[str]) -> Iterator[Question]:
    """Knock at every published port, and at the same services in their own sandboxes to hear how they speak."""
    for container in met:
        for binding in (each for each in container.published if each.protocol == "tcp" and each.host_port):
            yield from (
                requests.knock(address, binding.host_port or 0, binding.port)
                for address in sandboxes.ways_in(binding, gateways, on_host=source == HOST)
            )
            if set(container.addresses) & set(own):
                yield from (requests.knock(address, binding.port, binding.port) for address in container.addresses)
