"""A program listens on loopback only."""

from collections.abc import Iterator

from grader.verify import edits
from grader.verify.mutant import Mutant, Stage


def mutants(stage: Stage) -> Iterator[Mutant]:
    """Let each program that others have to reach listen on 127.0.0.1."""
    for role, port in stage.served():
        actor = stage.actor(role)
        if actor:
            yield Mutant(
                "on-loopback",
                f"{role} listens on 127.0.0.1:{port} only",
                edits.listening(stage.world, actor.container.id, port, address="127.0.0.1"),
                stage.reaching(role, port, from_afar=True),
                frozenset({role}),
                (role, "127.0.0.1"),
            )
