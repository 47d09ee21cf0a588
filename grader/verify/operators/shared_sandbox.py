"""A container lives in the sandbox of another that it should be kept from."""

from collections.abc import Iterator

from grader.checks.unreachable import UnreachableCheck
from grader.verify import edits
from grader.verify.mutant import Mutant, Stage


def mutants(stage: Stage) -> Iterator[Mutant]:
    """Put the source of each `unreachable` into the sandbox of its target."""
    for check in stage.of_kind(UnreachableCheck):
        one, other = stage.actor(check.source), stage.actor(check.target)
        if one is None or other is None or one.host != other.host or one.on_host or other.on_host:
            continue
        # A guest that began before its host did would be left with loopback alone.
        lodging = {"network_mode": f"container:{other.container.id}", "started_at": other.container.started_at}
        yield Mutant(
            "shared-sandbox",
            f"{check.source} lives in the sandbox of {check.target}",
            edits.container(stage.world, one.container.id, endpoints=(), published=(), **lodging),
            frozenset({check.id}),
            frozenset({check.source, check.target}),
            (check.source,),
        )
