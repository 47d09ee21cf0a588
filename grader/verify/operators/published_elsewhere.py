"""A port is published under another number."""

from collections.abc import Iterator

from grader.checks.publishes import PublishesCheck
from grader.verify import edits
from grader.verify.mutant import Mutant, Stage


def mutants(stage: Stage) -> Iterator[Mutant]:
    """Move each port of the host whose number is judged."""
    for check in stage.of_kind(PublishesCheck):
        actor = stage.actor(check.role)
        if actor is None or check.host_port is None:
            continue
        moved = tuple(
            each.model_copy(update={"host_port": check.host_port + 1}) if each.port == check.port else each
            for each in actor.container.published
        )
        yield Mutant(
            "published-elsewhere",
            f"port {check.port} of {check.role} is published as {check.host_port + 1}",
            edits.container(stage.world, actor.container.id, published=moved, requested=moved),
            frozenset({check.id}),
            frozenset({check.role}),
            (check.role, str(check.host_port + 1)),
        )
