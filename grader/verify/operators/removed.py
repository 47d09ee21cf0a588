"""A container was never made, or is gone."""

from collections.abc import Iterator

from grader.verify import edits
from grader.verify.mutant import Mutant, Stage


def mutants(stage: Stage) -> Iterator[Mutant]:
    """Take each role's container away."""
    for actor in stage.actors:
        yield Mutant(
            "removed",
            f"{actor.role} is missing",
            edits.gone(stage.world, actor.container.id),
            frozenset(),  # another container may take its place, and then other checks fail
            stage.alike(actor.role),
            (actor.role,) if len(stage.alike(actor.role)) == 1 else (),
        )
