"""A program listens on another port."""

from collections.abc import Iterator

from grader.verify import edits
from grader.verify.mutant import Mutant, Stage


def mutants(stage: Stage) -> Iterator[Mutant]:
    """Let each program that others have to reach listen elsewhere."""
    for role, port in stage.served():
        actor = stage.actor(role)
        if actor:
            yield Mutant(
                "on-another-port",
                f"{role} listens on {port + 1}, not on {port}",
                edits.listening(stage.world, actor.container.id, port, number=port + 1),
                stage.reaching(role, port),
                frozenset({role}),
                (role, str(port)),
            )
