"""A container has another hostname."""

from collections.abc import Iterator

from grader.checks.container import ContainerCheck
from grader.verify import edits
from grader.verify.mutant import Mutant, Stage


def mutants(stage: Stage) -> Iterator[Mutant]:
    """Change each hostname that is judged."""
    for check in stage.of_kind(ContainerCheck):
        actor = stage.actor(check.role)
        if actor and check.hostname:
            yield Mutant(
                "hostname",
                f"{check.role} has another hostname",
                edits.container(stage.world, actor.container.id, hostname="somebody"),
                frozenset({check.id}),
                frozenset({check.role}),
                (check.role, "hostname"),
            )
