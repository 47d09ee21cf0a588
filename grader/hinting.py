"""The next hint: for which check, which rung of its ladder, and how far the learner has climbed before."""

from collections.abc import Iterable, Mapping

from grader import state
from grader.errors import UsageError
from grader.models.hint import Rung
from grader.models.report import CheckResult, Report

FILE = "hints.json"
"""By exercise, check and state: how many hints of that ladder were shown."""
_ANY = "any"
"""What stands for the state of a failure that has none."""


def asked(exercise: str, checks: Iterable[str]) -> dict[str, int]:
    """Return for each of some checks how far up its ladder the learner has climbed, whatever the state was then."""
    climbed = _shown(exercise)
    return {check: max(climbed[check].values()) for check in checks if climbed.get(check)}


def subject(report: Report, wanted: str | None) -> CheckResult | None:
    """Return the check to give a hint for: the one that was asked for, or one of the dearest fault; None if none fails.

    What waits for another check is mended there.
    """
    checks = {check.id: check for check in report.checks}
    result = checks[wanted] if wanted else _dearest(report)
    while result and result.status == "skipped" and result.waits_for:
        result = checks[result.waits_for[0]]
    return result


def _dearest(report: Report) -> CheckResult | None:
    if not report.causes:
        return next((check for check in report.checks if check.status == "error"), None)
    first = report.causes[0]
    return next((check for check in first.checks if check.hints), first.checks[0])


def rung(exercise: str, check: CheckResult, chosen: int | None) -> tuple[Rung, bool]:
    """Return the next rung of the check's ladder, or the chosen one, and whether that could be remembered."""
    most = len(check.hints)
    if chosen and chosen > most:
        there = f"there {'is' if most == 1 else 'are'} {most or 'none'}"
        raise UsageError(f"--rung {chosen}: {there} for {check.id} as it is now", "leave it out for the next one")
    if not most:
        return Rung(exercise=exercise, check=check, place=0, text=None), True
    word = check.state or _ANY
    before = _shown(exercise).get(check.id, {}).get(word, 0)
    place = chosen or min(before + 1, most)
    kept = place <= before or _remember(exercise, check.id, word, place)
    return Rung(exercise=exercise, check=check, place=place, text=check.hints[place - 1]), kept


def _shown(exercise: str) -> dict[str, dict[str, int]]:
    """Return what is remembered of an exercise, without what is no count."""
    checks = _inner(state.read(FILE), exercise)
    return {check: _counts(_inner(checks, check)) for check in checks}


def _inner(held: Mapping[str, object], key: str) -> dict[str, object]:
    found = held.get(key)
    return found if isinstance(found, dict) else {}


def _counts(held: Mapping[str, object]) -> dict[str, int]:
    return {word: count for word, count in held.items() if isinstance(count, int) and count > 0}


def _remember(exercise: str, check: str, word: str, place: int) -> bool:
    held = state.read(FILE)
    checks = _inner(held, exercise)
    return state.write(FILE, {**held, exercise: {**checks, check: {**_inner(checks, check), word: place}}})
