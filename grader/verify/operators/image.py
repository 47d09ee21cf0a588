"""A container was created from another image."""

from collections.abc import Iterator

from grader.checks.image import ImageCheck
from grader.verify import edits
from grader.verify.mutant import Mutant, Stage


def mutants(stage: Stage) -> Iterator[Mutant]:
    """Change the image of each role whose image is judged."""
    for check in stage.of_kind(ImageCheck):
        actor = stage.actor(check.role)
        if actor:
            yield Mutant(
                "image",
                f"{check.role} comes from another image",
                edits.container(
                    stage.world,
                    actor.container.id,
                    image="example/other:1",
                    image_tags=("example/other:1",),
                    ancestors=(),
                ),
                frozenset({check.id}),
                frozenset({check.role}),
                (check.role, "example/other"),
            )
