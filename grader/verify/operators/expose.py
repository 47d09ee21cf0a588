"""A port is no longer declared."""

from collections.abc import Iterator

from grader.checks.exposes import ExposesCheck
from grader.verify import edits
from grader.verify.mutant import Mutant, Stage


def mutants(stage: Stage) -> Iterator[Mutant]:
    """Take each declaration away that is judged."""
    for check in stage.of_kind(ExposesCheck):
        actor = stage.actor(check.role)
        if actor:
            kept = tuple(each for each in actor.container.exposed if each.number != check.port)
            yield Mutant(
                "expose",
                f"{check.role} does not declare {check.port}",
                edits.container(stage.world, actor.container.id, exposed=kept),
                frozenset({check.id}),
                frozenset({check.role}),
                (check.role, str(check.port)),
            )
