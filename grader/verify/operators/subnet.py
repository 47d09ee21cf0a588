"""A network has another pool of addresses."""

from collections.abc import Iterator

from grader.checks.network import NetworkCheck
from grader.verify import edits
from grader.verify.mutant import Mutant, Stage


def mutants(stage: Stage) -> Iterator[Mutant]:
    """Move each network whose subnet is judged."""
    for check in stage.of_kind(NetworkCheck):
        if check.subnet is None:
            continue
        yield Mutant(
            "subnet",
            f"{check.network} has another subnet",
            edits.moved(stage.world, stage.called(check.network), "10.214.9.0/24"),
            frozenset({check.id}),
            stage.residents(check.network),
            (check.network, "10.214.9.0/24"),
        )
