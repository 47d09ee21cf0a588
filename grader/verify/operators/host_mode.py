"""A container uses the host's network."""

from collections.abc import Iterator

from grader.verify import edits
from grader.verify.mutant import Mutant, Stage


def mutants(stage: Stage) -> Iterator[Mutant]:
    """Put each role that belongs on a network into the host's own stack."""
    for actor in stage.actors:
        if not actor.endpoints or actor.container.shares_sandbox_with:
            continue
        yield Mutant(
            "host-mode",
            f"{actor.role} uses the host's network",
            edits.container(stage.world, actor.container.id, network_mode="host", endpoints=(), published=()),
            stage.attaching(actor.role),
            frozenset({actor.role}),
            ("--network host",),
        )
