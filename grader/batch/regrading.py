"""A corrected rubric over all evidence that is kept: what would change, before anything does."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from grader import store
from grader.batch.gradebook import Attempt, Change, Gradebook
from grader.batch.records import NOT_OBSERVED, Verdict, now, percent, unseen_in, verdict_of
from grader.batch.standing import Grade, Held, decisions, grade_of, laid_over, standing
from grader.errors import GradeError
from grader.models.report import TAKEN_BACK
from grader.pipeline import regrade
from grader.plan import unasked
from grader.rubric.model import Loaded


@dataclass(frozen=True, slots=True)
class Shift:
    """What a regrade does to one learner's grade."""

    before: Grade
    after: Grade

    @property
    def checks(self) -> list[tuple[str, str, str]]:
        """The checks whose points change, each with those before and after."""
        old = {check["id"]: f"{check['score']:g}" for check in self.before.checks}
        new = {check["id"]: f"{check['score']:g}" for check in self.after.checks}
        both = dict.fromkeys([*old, *new])
        return [(id_, old.get(id_, "-"), new.get(id_, "-")) for id_ in both if old.get(id_) != new.get(id_)]

    def told(self, check: str) -> str:
        """Return why points change that a person gave, nothing where nobody has."""
        if check not in self.after.overridden:
            return ""
        actual = next((str(each["actual"]) for each in self.after.checks if each["id"] == check), "")
        why = "taken back for all" if actual.startswith(TAKEN_BACK) else "no more than it is worth now"
        return f" (decided by hand before; {why})"


@dataclass(frozen=True, slots=True)
class Regrade:
    """New verdicts that hold nowhere yet."""

    verdicts: Mapping[int, Verdict]
    shifts: tuple[Shift, ...]
    spared: tuple[Grade, ...]
    """Who would have lost marks and does not, by `--never-lower`."""
    unseen: Mapping[str, int]
    """By exercise, in how much of the evidence there are questions that the rubric would ask and nobody answered."""
    failed: tuple[str, ...]
    """Evidence that can no longer be judged, and why."""

    def changes(self, rubrics: Mapping[str, Loaded], old_rubrics: Mapping[int, str]) -> Iterator[Change]:
        """Return the entries of the history."""
        for shift in self.shifts:
            exercise, attempt = shift.after.exercise, shift.after.attempt or 0
            yield Change(
                now().isoformat(),
                shift.after.learner.id,
                exercise,
                "regrade",
                shift.before.told,
                shift.after.told,
                old_rubrics.get(attempt, ""),
                rubrics[exercise].sha256,
                ", ".join(f"{check} {old} -> {new}" for check, old, new in shift.checks),
            )


def weighed(book: Gradebook, rubrics: Mapping[str, Loaded], *, never_lower: bool) -> Regrade:
    """Return what these rubrics would make of the evidence in a gradebook."""
    attempts = [each for each in book.attempts() if each.exercise in rubrics]
    verdicts: dict[int, Verdict] = {}
    unseen: dict[str, int] = dict.fromkeys(rubrics, 0)
    broken: list[str] = []
    spared: set[int] = set()
    decided = decisions(book)
    for attempt in attempts:
        loaded = rubrics[attempt.exercise]
        try:
            text = book.evidence(attempt.id)
            if text is None:
                continue
            evidence = store.parsed(f"{attempt.learner}-{attempt.exercise}", text)
            report = regrade(loaded, attempt.exercise, evidence, {})
        except GradeError as fault:
            broken.append(f"{attempt.learner}, {attempt.exercise}: {fault.message}")
            continue
        unseen[attempt.exercise] += bool(unasked(loaded.rubric, evidence))
        verdict = verdict_of(report)
        own = decided[attempt.learner, attempt.exercise]
        if never_lower and _lower(laid_over(verdict, own), laid_over(attempt.verdict, own)):
            spared.add(attempt.id)
        elif attempt.verdict is None or _differs(verdict, attempt.verdict):
            verdicts[attempt.id] = verdict
    before = {(grade.learner.id, grade.exercise): grade for grade in standing(book)}
    shifts = tuple(_shifts(before.values(), attempts, verdicts, book))
    if never_lower and (worse := {_key(shift.before) for shift in shifts if _is_worse(shift)}):
        # Each attempt may have gained, and yet another one counts now: the last of them, say.
        spared |= {each.id for each in attempts if (each.learner, each.exercise) in worse}
        verdicts = {id_: verdict for id_, verdict in verdicts.items() if id_ not in spared}
        shifts = tuple(shift for shift in shifts if _key(shift.before) not in worse)
    kept = tuple(grade for grade in before.values() if grade.attempt in spared)
    return Regrade(verdicts, shifts, kept, unseen, tuple(broken))


def _shifts(
    before: Iterable[Grade],
    attempts: Iterable[Attempt],
    verdicts: Mapping[int, Verdict],
    book: Gradebook,
) -> Iterator[Shift]:
    decided = decisions(book)
    renewed = [_renewed(attempt, verdicts) for attempt in attempts]
    for old in before:
        key = _key(old)
        own = [attempt for attempt in renewed if (attempt.learner, attempt.exercise) == key]
        if not own:
            continue
        shift = Shift(old, grade_of(old.learner, old.exercise, own, decided[key], book.policy))
        if _figures(old) != _figures(shift.after) or shift.checks:
            yield shift


def _key(grade: Grade) -> tuple[str, str]:
    return grade.learner.id, grade.exercise


def _is_worse(shift: Shift) -> bool:
    old, new = shift.before, shift.after
    if old.percent is None:
        return False
    return new.percent is None or new.percent < old.percent or (bool(old.passed) and not new.passed)


def _figures(grade: Grade) -> tuple[object, ...]:
    return grade.score, grade.max_score, grade.passed


def _renewed(attempt: Attempt, verdicts: Mapping[int, Verdict]) -> Attempt:
    verdict = verdicts.get(attempt.id)
    if verdict is None:
        return attempt
    reason = unseen_in(verdict)
    return replace(attempt, verdict=verdict, fault=NOT_OBSERVED if reason else "", reason=reason, remedy="")


def _differs(new: Verdict, old: Verdict) -> bool:
    return new.rubric != old.rubric or json.dumps(new.checks) != json.dumps(old.checks)


def _lower(new: Held | None, old: Held | None) -> bool:
    if new is None or old is None or not old.complete:
        return False
    share, before = percent(new.score, new.max_score), percent(old.score, old.max_score)
    return not new.complete or share < before or (share < new.pass_mark and before >= old.pass_mark)
