"""A network has a name that is nearly right."""

from collections.abc import Iterator

from grader.checks.network import NetworkCheck
from grader.verify import edits
from grader.verify.mutant import Mutant, Stage


def mutants(stage: Stage) -> Iterator[Mutant]:
    """Put a prefix before the name of each network that is judged, as Compose does."""
    for check in stage.of_kind(NetworkCheck):
        name = f"lab_{check.network}"
        yield Mutant(
            "renamed-network",
            f"{check.network} is called {name}",
            edits.network(stage.world, stage.called(check.network), name=name),
            frozenset({check.id}),
            frozenset(),
            (name, check.network),
        )
