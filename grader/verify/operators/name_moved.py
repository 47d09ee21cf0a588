"""A name leads to another container."""

from collections.abc import Iterator

from grader.verify import edits
from grader.verify.mutant import Mutant, Stage


def mutants(stage: Stage) -> Iterator[Mutant]:
    """Give each name that has to resolve to a stranger on the same network."""
    for wanted in sorted(stage.wants.names, key=lambda each: (each.name, each.source)):
        source, target = stage.actor(wanted.source), stage.actor(wanted.target)
        if source is None or target is None:
            continue
        shared = [each.name for each in stage.scene.shared_networks(source, target) if each.name != "bridge"]
        if not shared:
            continue
        world = edits.nameless(stage.world, target.container, wanted.name)
        yield Mutant(
            "name-moved",
            f"{wanted.name} is a stranger's name",
            edits.bystander(world, source.host, "decoy", shared[0], (wanted.name,)),
            stage.naming(wanted),
            frozenset({wanted.source, wanted.target}),
            (wanted.name, "decoy"),
        )
