"""A container is paused."""

from collections.abc import Iterator

from grader.verify import edits
from grader.verify.mutant import Mutant, Stage


def mutants(stage: Stage) -> Iterator[Mutant]:
    """Pause each role's container."""
    for actor in stage.actors:
        yield Mutant(
            "paused",
            f"{actor.role} is paused",
            edits.container(stage.world, actor.container.id, state="paused"),
            frozenset(),
            stage.alike(actor.role),
            (actor.role, "paused"),
        )
