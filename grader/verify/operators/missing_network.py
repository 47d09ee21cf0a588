"""A network was never made."""

from collections.abc import Iterator

from grader.checks.network import NetworkCheck
from grader.verify import edits
from grader.verify.mutant import Mutant, Stage


def mutants(stage: Stage) -> Iterator[Mutant]:
    """Take away each network that is judged, and all endpoints on it."""
    for check in stage.of_kind(NetworkCheck):
        yield Mutant(
            "missing-network",
            f"{check.network} does not exist",
            edits.network_gone(stage.world, stage.called(check.network)),
            frozenset({check.id}),
            stage.residents(check.network),
            (check.network, "does not exist"),
        )
