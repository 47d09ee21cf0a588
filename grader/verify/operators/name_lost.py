"""A container has lost a name by which others look for it."""

from collections.abc import Iterator

from grader.verify import edits
from grader.verify.mutant import Mutant, Stage


def mutants(stage: Stage) -> Iterator[Mutant]:
    """Take each name that has to resolve from its container."""
    for wanted in sorted(stage.wants.names, key=lambda each: (each.name, each.source)):
        actor = stage.actor(wanted.target)
        if actor is None:
            continue
        yield Mutant(
            "name-lost",
            f"{wanted.target} has lost the name {wanted.name}",
            edits.nameless(stage.world, actor.container, wanted.name),
            stage.naming(wanted),
            frozenset({wanted.source, wanted.target}),
            (wanted.name,),
        )
