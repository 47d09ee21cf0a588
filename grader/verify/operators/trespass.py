"""A container joins a network that it should keep away from."""

from collections.abc import Iterator

from grader.checks.attached import AttachedCheck
from grader.verify import edits
from grader.verify.mutant import Mutant, Stage


def mutants(stage: Stage) -> Iterator[Mutant]:
    """Connect each role to each network that a check forbids it."""
    for check in stage.of_kind(AttachedCheck):
        actor = stage.actor(check.role)
        if actor is None:
            continue
        for network in check.without:
            yield Mutant(
                "trespass",
                f"{check.role} is on {network} as well",
                edits.joined(stage.world, actor.host, actor.container.id, stage.called(network, actor.host)),
                frozenset({check.id}),
                stage.residents(network) | {check.role},
                (check.role, network),
            )
