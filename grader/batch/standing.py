"""Where everybody stands: the attempt that counts, with what persons decided laid over it."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from grader.batch.gradebook import Attempt, Gradebook, Override
from grader.batch.records import Policy, Verdict, percent, plain
from grader.batch.roster import Learner
from grader.models.report import TAKEN_BACK, CheckResult, Report

_NOT_YET = "not graded yet"


@dataclass(frozen=True, slots=True)
class Grade:
    """A learner's grade in one exercise; without a score where it is `ungraded`."""

    learner: Learner
    exercise: str
    score: Decimal | None
    max_score: Decimal | None
    percent: Decimal | None
    passed: bool | None
    graded_at: str
    reason: str
    fault: str
    remedy: str
    checks: Sequence[Mapping[str, Any]]
    overridden: tuple[str, ...]
    attempt: int | None
    attempts: int
    rubric: str = ""
    """The digest of the rubric that the verdict is by."""

    @property
    def status(self) -> str:
        """The word for it: graded or ungraded."""
        return "ungraded" if self.score is None else "graded"

    @property
    def told(self) -> str:
        """The grade in words."""
        if self.score is None or self.max_score is None:
            return "ungraded"
        return f"{plain(self.score)} of {plain(self.max_score)}"


def standing(book: Gradebook) -> list[Grade]:
    """Return everybody's grade in every exercise that was wanted of them, in the roster's order."""
    made: dict[tuple[str, str], list[Attempt]] = defaultdict(list)
    for attempt in book.attempts():
        made[attempt.learner, attempt.exercise].append(attempt)
    decided = decisions(book)
    wanted, policy = book.wanted(), book.policy
    keys = ((learner, exercise) for learner in book.learners() for exercise in book.exercises())
    return [
        grade_of(learner, exercise, made[learner.id, exercise], decided[learner.id, exercise], policy)
        for learner, exercise in keys
        if (learner.id, exercise) in wanted
    ]


def decisions(book: Gradebook) -> Mapping[tuple[str, str], list[Override]]:
    """Return by learner and exercise what persons decided, nothing for all others."""
    found: dict[tuple[str, str], list[Override]] = defaultdict(list)
    for each in book.overrides():
        found[each.learner, each.exercise].append(each)
    return found


def told_faults(grades: Iterable[Grade]) -> str:
    """Return how many are ungraded because of what, the commonest first: `12 unreachable, 3 login`."""
    return counted(grade.fault for grade in grades if grade.score is None)


def counted(faults: Iterable[str]) -> str:
    """Return how often each kind of fault was met, the commonest first."""
    return ", ".join(f"{number} {fault}" for fault, number in Counter(faults).most_common())


def grade_of(
    learner: Learner, exercise: str, attempts: Sequence[Attempt], overrides: Sequence[Override], policy: Policy
) -> Grade:
    """Return the grade that follows from the attempts."""
    settled = [(attempt, laid_over(attempt.verdict, overrides)) for attempt in attempts]
    complete = [(attempt, found) for attempt, found in settled if found and found.complete]
    if not complete:
        last = attempts[-1] if attempts else None
        verdict = settled[-1][1] if settled else None
        return Grade(
            learner,
            exercise,
            score=None,
            max_score=verdict.max_score if verdict else None,
            percent=None,
            passed=None,
            graded_at="",
            reason=last.reason if last else _NOT_YET,
            fault=last.fault if last else "waiting",
            remedy=last.remedy if last else "grade batch with --resume",
            checks=verdict.checks if verdict else (),
            overridden=tuple(each.check for each in overrides),
            attempt=last.id if last else None,
            attempts=len(attempts),
            rubric=last.verdict.rubric if last and last.verdict else "",
        )
    attempt, held = _counting(complete, policy)
    share = percent(held.score, held.max_score)
    return Grade(
        learner,
        exercise,
        score=held.score,
        max_score=held.max_score,
        percent=share,
        passed=share >= held.pass_mark,
        graded_at=attempt.finished_at,
        reason="",
        fault="",
        remedy="",
        checks=held.checks,
        overridden=tuple(each.check for each in overrides),
        attempt=attempt.id,
        attempts=len(attempts),
        rubric=attempt.verdict.rubric if attempt.verdict else "",
    )


@dataclass(frozen=True, slots=True)
class Held:
    """A verdict with the overrides laid over it."""

    checks: Sequence[Mapping[str, Any]]
    complete: bool
    score: Decimal
    max_score: Decimal
    pass_mark: Decimal


def laid_over(verdict: Verdict | None, overrides: Iterable[Override]) -> Held | None:
    """Return a verdict with what persons decided, None where there is none."""
    if verdict is None:
        return None
    given = {each.check: each for each in overrides}
    checks = [_overridden(check, given[check["id"]]) if check["id"] in given else check for check in verdict.checks]
    return Held(
        checks,
        complete=not any(check["status"] == "error" and check["max_score"] for check in checks),
        score=sum((Decimal(str(check["score"])) for check in checks), Decimal(0)),
        max_score=verdict.max_score,
        pass_mark=verdict.pass_mark,
    )


def decided(report: Report, overrides: Iterable[Override]) -> Report:
    """Return a report with the points of persons laid over it."""
    given = {each.check: each for each in overrides}
    checks = tuple(
        CheckResult.model_validate(_overridden(check.model_dump(mode="json", by_alias=True), given[check.id]))
        if check.id in given
        else check
        for check in report.checks
    )
    complete = not any(check.status == "error" and check.max_score for check in checks)
    score = sum((check.score for check in checks), Decimal(0))
    share = percent(score, report.max_score) if complete else None
    figures = {
        "complete": complete,
        "score": score,
        "percent": None if share is None else float(share),
        "passed": None if share is None else share >= report.pass_mark,
    }
    return report.model_copy(update={"checks": checks, **figures})


def _overridden(check: Mapping[str, Any], override: Override) -> Mapping[str, Any]:
    """Return a check with a person's points, of which there are no more than it is worth by now.

    What the rubric has taken back counts alike for all, whatever was decided before.
    """
    if str(check["actual"]).startswith(TAKEN_BACK):
        return check
    most = Decimal(str(check["max_score"]))
    points = min(override.points, most)
    told = {"status": "passed" if points == most else "failed", "score": float(points)}
    return {**check, **told, "actual": f"decided by hand: {override.note}", "cause": None}


def _counting(complete: Sequence[tuple[Attempt, Held]], policy: Policy) -> tuple[Attempt, Held]:
    """Return the attempt that counts; of equally good ones the earliest."""
    if policy == "first":
        return complete[0]
    if policy == "last":
        return complete[-1]
    return max(complete, key=lambda pair: percent(pair[1].score, pair[1].max_score))
