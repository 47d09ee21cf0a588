"""A learner's own results: the last and the best of each exercise, kept in one file of theirs and sent nowhere."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from pydantic import AwareDatetime, Field, ValidationError

from grader import state
from grader.models.base import Frozen
from grader.models.report import Report

_FILE = "results.json"
_SCHEMA = "grade/results/v1"
_PATIENCE = 2.0
"""Seconds to wait for another grade that writes at the same moment."""


class Result(Frozen):
    """One verdict; `percent` is None where not everything could be graded."""

    percent: float | None = Field(ge=0, le=100)
    passed: bool | None
    at: AwareDatetime


class Standing(Frozen):
    """How a learner stands in one exercise, which its title tells from another course's of the same name."""

    exercise: str
    title: str
    last: Result
    best: Result | None = None
    """Of those that were graded completely; of two that are as good, the earlier one."""


def place() -> Path:
    """Return the file, which need not exist."""
    return state.folder() / _FILE


def shown_place() -> str:
    """Return the file as people write it, with `~` for the home folder."""
    path, home = place(), Path.home()
    return f"~/{path.relative_to(home).as_posix()}" if path.is_relative_to(home) else str(path)


def standings() -> dict[tuple[str, str], Standing]:
    """Return what is kept, by name and title of the exercise; what is damaged counts as nothing."""
    held = state.read(_FILE)
    entries = held.get("exercises") if held.get("schema") == _SCHEMA else None
    found = (_standing(entry) for entry in entries) if isinstance(entries, list) else ()
    return {(each.exercise, each.title): each for each in found if each}


def record(report: Report) -> bool:
    """Keep a live verdict and return whether that was possible; a grade never fails for it."""
    result = Result(percent=report.percent, passed=report.passed, at=report.started_at)
    with _alone() as alone:
        if not alone or _is_newer():
            return False
        known = standings()
        key = (report.exercise, report.title)
        known[key] = _after(known.get(key), report, result)
        entries = [each.model_dump(mode="json") for each in known.values()]
        return state.write(_FILE, {"schema": _SCHEMA, "exercises": entries})


def _after(before: Standing | None, report: Report, result: Result) -> Standing:
    best = _better(before.best if before else None, result)
    last = before.last if before and before.last.at > result.at else result
    return Standing(exercise=report.exercise, title=report.title, last=last, best=best)


def _better(before: Result | None, now: Result) -> Result | None:
    if now.percent is None:
        return before
    return now if before is None or before.percent is None or now.percent > before.percent else before


def _standing(entry: object) -> Standing | None:
    try:
        return Standing.model_validate(entry)
    except ValidationError:
        return None


def _is_newer() -> bool:
    """Return whether a later version of grade has written the file: its results are not ours to drop."""
    schema = state.read(_FILE).get("schema")
    return isinstance(schema, str) and schema.startswith("grade/results/") and schema != _SCHEMA


@contextmanager
def _alone() -> Iterator[bool]:
    """Keep other grades from the file; yields False where that cannot be had."""
    from filelock import FileLock, Timeout

    lock = FileLock(place().with_suffix(".lock"), timeout=_PATIENCE)
    try:
        place().parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock.acquire()
    except (OSError, Timeout, NotImplementedError):  # filelock's word for a file system without locks
        yield False
        return
    try:
        yield True
    finally:
        lock.release()


def in_words(moment: datetime) -> str:
    """Return a moment as the learner's own clock shows it."""
    return moment.astimezone().strftime("%Y-%m-%d %H:%M")
