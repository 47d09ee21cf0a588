"""A port is no longer published."""

from collections.abc import Iterator

from grader.verify import edits
from grader.verify.mutant import Mutant, Stage


def mutants(stage: Stage) -> Iterator[Mutant]:
    """Close each port on the host that the rubric wants open."""
    for role, port in stage.open_ports():
        actor = stage.actor(role)
        owner = stage.scene.owner(actor) if actor else None
        if owner and any(each.port == port for each in owner.published):
            yield Mutant(
                "unpublished",
                f"port {port} of {role} is not published",
                edits.container(
                    stage.world,
                    owner.id,
                    published=tuple(each for each in owner.published if each.port != port),
                    requested=tuple(each for each in owner.requested if each.port != port),
                ),
                stage.opening(role, port),
                frozenset({role}),
                (role, str(port)),
            )
