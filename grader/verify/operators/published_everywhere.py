"""A port that should be private is published on all addresses."""

from collections.abc import Iterator

from grader.models.snapshot import Binding
from grader.verify import edits
from grader.verify.mutant import Mutant, Stage


def mutants(stage: Stage) -> Iterator[Mutant]:
    """Publish each port that has to be out of reach, or on loopback only."""
    for role, port in stage.private_ports():
        actor = stage.actor(role)
        if actor and not actor.on_host:
            owner = stage.scene.owner(actor)
            kept = tuple(each for each in owner.published if each.port != port)
            found = next((each.host_port for each in owner.published if each.port == port), None)
            wide = (*kept, Binding(port=port, host_ip="0.0.0.0", host_port=found or 20000 + port % 10000))  # noqa: S104
            world = edits.container(stage.world, owner.id, published=wide, requested=wide)
            world = edits.unpublished_where_nothing_leads_out(world, actor.host, owner.id)
            if not any(each.id == owner.id and each.published for each in world.containers(actor.host)):
                continue  # on internal networks the engine publishes nothing
            yield Mutant(
                "published-everywhere",
                f"port {port} of {role} is published on all addresses",
                world,
                stage.closing(role, port),
                frozenset({role}),
                (role, str(port)),
            )
