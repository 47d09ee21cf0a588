"""A container has stopped."""

from collections.abc import Iterator

from grader.verify import edits
from grader.verify.mutant import Mutant, Stage


def mutants(stage: Stage) -> Iterator[Mutant]:
    """Stop each role's container."""
    for actor in stage.actors:
        yield Mutant(
            "stopped",
            f"{actor.role} is stopped",
            edits.at_rest(stage.world, actor.container.id, "exited", 137),
            frozenset(),
            stage.alike(actor.role),
            (actor.role, "stopped"),
        )
