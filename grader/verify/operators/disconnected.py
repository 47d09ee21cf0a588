"""A container is taken off a network that it belongs to."""

from collections.abc import Iterator

from grader.verify import edits
from grader.verify.mutant import Mutant, Stage


def mutants(stage: Stage) -> Iterator[Mutant]:
    """Disconnect each role from each network that the rubric asks for."""
    for role, network in sorted(stage.wants.attachments):
        actor = stage.actor(role)
        if actor is None or actor.on_host:
            continue
        here = stage.called(network, actor.host)
        yield Mutant(
            "disconnected",
            f"{role} is taken off {network}",
            edits.left(stage.world, actor.host, actor.source, here),  # a shared sandbox leaves with its owner
            stage.attaching(role, network),
            frozenset({role}),
            (role, network),
        )
