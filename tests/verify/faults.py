"""Every fault of every operator, tried on every right build of the verdict tables."""

from functools import cache
from typing import NamedTuple

from grader import store
from grader.course import builtin
from grader.identify import identify
from grader.models.evidence import Evidence
from grader.rubric.load import load
from grader.rubric.model import Loaded
from grader.verify.trial import Trial, Trials, tried
from tests.verdicts.table import EVIDENCE, builds


class Figures(NamedTuple):
    """What came of the faults of one exercise, on all its right builds."""

    tried: int
    seen: int
    named: int

    @property
    def share(self) -> float:
        """The share of the faults seen whose first cause names them, in percent."""
        return round(100 * self.named / self.seen, 1)


@cache
def of_exercise(exercise: str) -> tuple[Trials, ...]:
    """Return the trials on each right build of which a world tells as the engine did.

    Where a stranger may take a role, a fault may cost nothing; so builds with others beside them are left out.
    """
    loaded = load(builtin().rubric(exercise))
    right = [build for build in builds() if build.exercise == exercise and build.loses == {}]
    shown = [store.load(EVIDENCE / f"{exercise}-{build.name}.json") for build in right]
    found = [tried(loaded, evidence) for evidence in shown if not _has_strangers(loaded, evidence)]
    return tuple(each for each in found if each.told)


def _has_strangers(loaded: Loaded, evidence: Evidence) -> bool:
    playing = {actor.container.id for match in identify(loaded.rubric, evidence).values() for actor in match.actors}
    there = {container.id for host in evidence.hosts.values() for container in host.snapshot.containers}
    return there != playing


def trials(exercise: str) -> list[Trial]:
    """Return all trials of an exercise."""
    return [trial for each in of_exercise(exercise) for trial in each.trials]


def figures(exercise: str) -> Figures:
    """Return the figures of an exercise."""
    found = trials(exercise)
    seen = [trial for trial in found if trial.seen]
    return Figures(len(found), len(seen), sum(trial.named for trial in seen))
