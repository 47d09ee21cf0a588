"""A third network joins two containers that should be apart."""

from collections.abc import Iterator

from grader.checks.unreachable import UnreachableCheck
from grader.verify import edits
from grader.verify.mutant import Mutant, Stage


def mutants(stage: Stage) -> Iterator[Mutant]:
    """Join the two ends of each `unreachable` by a network of their own."""
    for check in stage.of_kind(UnreachableCheck):
        one, other = stage.actor(check.source), stage.actor(check.target)
        if one is None or other is None or one.host != other.host:
            continue
        world = edits.network_added(stage.world, one.host, "shortcut")
        for actor in (one, other):
            world = edits.joined(world, actor.host, actor.container.id, "shortcut")
        touched = frozenset({check.source, check.target})
        name = f"{check.source} and {check.target} share a third network"
        yield Mutant("shortcut", name, world, frozenset({check.id}), touched, ("shortcut",))
