"""A network has another driver."""

from collections.abc import Iterator

from grader.checks.network import NetworkCheck
from grader.verify import edits
from grader.verify.mutant import Mutant, Stage


def mutants(stage: Stage) -> Iterator[Mutant]:
    """Change the driver of each network whose driver is judged."""
    for check in stage.of_kind(NetworkCheck):
        if check.driver is None:
            continue
        other = "macvlan" if check.driver != "macvlan" else "bridge"
        yield Mutant(
            "driver",
            f"{check.network} has the driver {other}",
            edits.network(stage.world, stage.called(check.network), driver=other),
            frozenset({check.id}),
            stage.residents(check.network),
            (check.network, other),
        )
