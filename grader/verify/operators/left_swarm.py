"""An engine is in no swarm."""

from collections.abc import Iterator

from grader.checks.network import NetworkCheck
from grader.checks.swarm import SwarmCheck
from grader.verify import edits
from grader.verify.mutant import Mutant, Stage


def mutants(stage: Stage) -> Iterator[Mutant]:
    """Take each engine out of its swarm that has to be in one."""
    for check in stage.of_kind(SwarmCheck):
        host = check.host or stage.scene.first_host
        roles = frozenset(actor.role for actor in stage.actors)
        yield Mutant(
            "left-swarm",
            f"the engine {host} has left the swarm",
            edits.out_of_swarm(stage.world, host),
            frozenset({check.id}),
            roles,
            (host, "swarm"),
            may=stage.checks(lambda check: isinstance(check, SwarmCheck | NetworkCheck)),
        )
