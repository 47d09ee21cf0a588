"""Every mutant of a build, judged: which checks saw it, which should have, and what the report said first."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from grader.evaluate import evaluate, scene_of
from grader.models.evidence import Evidence
from grader.models.report import Report
from grader.rubric.model import Loaded
from grader.verify.mutant import Mutant, Stage
from grader.verify.operators import mutants
from grader.verify.recover import recovered, seen


@dataclass(frozen=True)
class Trial:
    """One mutant and what the rubric made of it."""

    mutant: Mutant
    lost: Mapping[str, Decimal]
    """Points by check, as far as any were lost."""
    first_cause: str | None
    collateral: frozenset[str]
    """Checks that lost marks though the fault concerns none of the roles that they stand on."""

    @property
    def seen(self) -> bool:
        """Whether the fault costs marks where it should: at each check of its own, or anywhere if it has none."""
        return self.mutant.own.issubset(self.lost) and bool(self.lost)

    @property
    def named(self) -> bool:
        """Whether the first cause names the fault."""
        cause = (self.first_cause or "").lower()
        return all(word.lower() in cause for word in self.mutant.names)


@dataclass(frozen=True)
class Trials:
    """All trials on one correct build."""

    loaded: Loaded
    baseline: Report
    trials: tuple[Trial, ...]

    @property
    def told(self) -> bool:
        """Whether the world tells of the build itself as the engine did: only then do its faults tell anything."""
        return self.baseline.score == self.baseline.max_score

    @property
    def survivors(self) -> list[Trial]:
        """The faults that were not seen, but for those that the rubric declares equivalent."""
        excused = self.loaded.rubric.equivalents
        return [trial for trial in self.trials if not trial.seen and trial.mutant.name not in excused]

    @property
    def unproven(self) -> list[str]:
        """The scoring checks that no mutant fails."""
        failed = {check for trial in self.trials for check in trial.lost}
        return [check.id for check in self.loaded.rubric.checks if check.points and check.id not in failed]

    @property
    def collateral(self) -> list[Trial]:
        """The faults that cost marks of checks which they do not concern."""
        return [trial for trial in self.trials if trial.collateral]

    @cached_property
    def named_share(self) -> float:
        """The share of the faults seen whose first cause names them."""
        found = [trial for trial in self.trials if trial.seen]
        return sum(trial.named for trial in found) / len(found) if found else 1.0


def tried(loaded: Loaded, evidence: Evidence) -> Trials:
    """Return the trials of every fault on the build that the evidence shows."""
    world = recovered(loaded, evidence)
    start = seen(loaded, evidence, world)
    baseline = evaluate(loaded, start)
    stage = Stage(loaded.rubric, world, scene_of(loaded, start))
    return Trials(loaded, baseline, tuple(_tried(stage, loaded, start, baseline, each) for each in mutants(stage)))


def _tried(stage: Stage, loaded: Loaded, evidence: Evidence, baseline: Report, mutant: Mutant) -> Trial:
    report = evaluate(loaded, seen(loaded, evidence, mutant.world))
    before = {check.id: check.score for check in baseline.checks}
    lost = {check.id: before[check.id] - check.score for check in report.checks if check.score < before[check.id]}
    first = report.causes[0].cause if report.causes else None
    return Trial(mutant, lost, first, frozenset(_beside(stage, mutant, lost)))


def _beside(stage: Stage, mutant: Mutant, lost: Mapping[str, Decimal]) -> Iterator[str]:
    touched = mutant.touched.union(*(stage.neighbours(role) for role in mutant.touched))
    for check in stage.rubric.checks:
        if check.id in lost and check.id not in mutant.own | mutant.may and not check.stands_on(stage.wants) & touched:
            yield check.id
