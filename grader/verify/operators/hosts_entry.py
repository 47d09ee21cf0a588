"""A line in a hosts file stands in for Docker's DNS."""

from collections.abc import Iterator

from grader.verify import edits
from grader.verify.mutant import Mutant, Stage


def mutants(stage: Stage) -> Iterator[Mutant]:
    """Take each name away, and write it into the hosts file of whoever asks for it."""
    for wanted in sorted(stage.wants.names, key=lambda each: (each.name, each.source)):
        source, target = stage.actor(wanted.source), stage.actor(wanted.target)
        if source is None or target is None or not target.addresses:
            continue
        near = [a for e in target.endpoints if e.network in source.networks for a in e.addresses]
        entry = f"{wanted.name}:{(near or [*target.addresses])[0]}"
        world = edits.nameless(stage.world, target.container, wanted.name)
        yield Mutant(
            "hosts-entry",
            f"{wanted.source} has {wanted.name} in its hosts file only",
            edits.container(world, source.container.id, extra_hosts=(*source.container.extra_hosts, entry)),
            stage.naming(wanted),
            frozenset({wanted.source, wanted.target}),
            (wanted.name,),
        )
