"""A port is published on the host's loopback only."""

from collections.abc import Iterator

from grader.verify import edits
from grader.verify.mutant import Mutant, Stage


def mutants(stage: Stage) -> Iterator[Mutant]:
    """Bind each port to loopback that has to be open to others."""
    for role, port in stage.open_ports(abroad=True):
        actor = stage.actor(role)
        owner = stage.scene.owner(actor) if actor else None
        if owner and any(each.port == port for each in owner.published):
            local = tuple(
                each.model_copy(update={"host_ip": "127.0.0.1"}) if each.port == port else each
                for each in owner.published
            )
            yield Mutant(
                "published-on-loopback",
                f"port {port} of {role} is published on loopback only",
                edits.container(stage.world, owner.id, published=local, requested=local),
                stage.opening(role, port, abroad=True),
                frozenset({role}),
                (role, "127.0.0.1"),
            )
