"""One fault an operator, made for real on a running build and undone, to see that the world tells what engines do."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass

from grader.checks.http import HttpCheck
from grader.evaluate import evaluate, scene_of
from grader.host.alter import Altered
from grader.judging.world import Inside, World
from grader.models.evidence import Evidence
from grader.models.probe import Listener
from grader.models.report import Report
from grader.pipeline import grade
from grader.rubric.model import Loaded
from grader.verify.builds import Bench
from grader.verify.mutant import Mutant, Stage
from grader.verify.operators import mutants
from grader.verify.recover import recovered, seen


@dataclass(frozen=True)
class Rehearsal:
    """A fault that was made on a real engine; `differences` is where its report is another than the world's."""

    mutant: Mutant
    differences: tuple[str, ...]


def rehearsed(
    there: Bench, loaded: Loaded, exercise: str, evidence: Evidence, say: Callable[[str], None]
) -> Iterator[Rehearsal]:
    """Yield how the first fault of each operator went on the build on the bench, which stands again afterwards."""
    world = recovered(loaded, evidence)
    start = seen(loaded, evidence, world)
    stage = Stage(loaded.rubric, world, scene_of(loaded, start))
    (host,) = world.snapshots
    with closing(there.connections[host].client()) as client:
        build = Altered(client)
        build.remember(world.snapshots[host])
        for mutant in _one_of_each(stage):
            say(f"rehearsing: {mutant.name}")
            expected = evaluate(loaded, seen(loaded, evidence, mutant.world))
            build.change(world.snapshots[host], mutant.world.snapshots[host], _elsewhere(world, mutant.world))
            for identity in _dependents(mutant.world):
                build.restart(identity)
            _, report = grade(loaded, exercise, there.settings)
            yield Rehearsal(mutant, tuple(_differences(loaded, expected, report)))
            again = dict.fromkeys(_elsewhere(world, mutant.world), ())
            build.change(mutant.world.snapshots[host], world.snapshots[host], again)
            for identity in _dependents(world):
                build.restart(identity)


def _one_of_each(stage: Stage) -> Iterator[Mutant]:
    """Yield the first fault of each operator that can be made on a running build."""
    done: set[str] = set()
    for mutant in mutants(stage):
        if mutant.operator not in done:
            done.add(mutant.operator)
            yield mutant


def _elsewhere(before: World, after: World) -> Mapping[str, tuple[Listener, ...]]:
    """Return the programs that listen otherwise in the one world than in the other."""
    return {
        identity: inside.listens
        for identity, inside in after.insides.items()
        if inside.listens and inside.listens != before.insides.get(identity, Inside()).listens
    }


def _dependents(world: World) -> Iterator[str]:
    """Yield the containers whose programs look names up, as far as they would find them."""
    for host in world.snapshots:
        for container in world.containers(host):
            needs = world.inside(container.id).needs
            if container.state == "running" and needs and world.works(host, container.id):
                yield container.id


def _differences(loaded: Loaded, expected: Report, report: Report) -> Iterator[str]:
    wanted = {check.id: check for check in expected.checks}
    pages = {check.id for check in loaded.rubric.checks if isinstance(check, HttpCheck)}
    for check in report.checks:
        other = wanted[check.id]
        # A program that remembers what it looked up serves its page after a name is gone, until it starts again.
        remembered = check.id in pages and check.status == "passed"
        if (check.status, check.score) != (other.status, other.score) and not remembered:
            yield (
                f"{check.id}: {check.status} with {check.score} on the engine ({check.cause or check.actual}), "
                f"{other.status} with {other.score} in the world ({other.cause or other.actual})"
            )
