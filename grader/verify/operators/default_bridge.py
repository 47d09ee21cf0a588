"""A container stays on the default bridge, as it does when nobody says a word about networks."""

from collections.abc import Iterator

from grader.verify import edits
from grader.verify.mutant import Mutant, Stage

_BRIDGE = "bridge"


def mutants(stage: Stage) -> Iterator[Mutant]:
    """Put each role on the default bridge in place of all its networks."""
    for actor in stage.actors:
        asked = sorted(stage.wants.networks_of(actor.role) - {_BRIDGE})
        if not asked or actor.container.network_mode.startswith(("host", "none", "container:")):
            continue
        nowhere = edits.container(stage.world, actor.container.id, endpoints=())
        yield Mutant(
            "default-bridge",
            f"{actor.role} is on the default bridge only",
            edits.joined(nowhere, actor.host, actor.container.id, _BRIDGE),
            stage.attaching(actor.role),
            frozenset({actor.role}),
            (actor.role,),
        )
