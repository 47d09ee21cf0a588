"""What a Python program calls, and the command line itself: `from grader import grade, regrade, load_rubric`.

    from grader import grade, regrade

    graded = grade("flask-nginx-mongo")
    print(graded.report.percent, [fault.cause for fault in graded.report.causes])

    regrade("flask-nginx-mongo", "me.json").report

What can go wrong and is foreseen is a `GradeError` of grader/errors.py. While a check is in error, the `percent` and
the `passed` of a report are None.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

from grader import pipeline, store
from grader.course import find_course
from grader.models.evidence import Evidence
from grader.models.report import Report
from grader.observe import Settings
from grader.rubric.load import load
from grader.rubric.model import Loaded

__all__ = ["Evidence", "Graded", "Loaded", "Report", "Settings", "grade", "load_rubric", "regrade"]

_DEFAULT = Settings()


class Graded(NamedTuple):
    """What was observed, and the verdict on it."""

    evidence: Evidence
    report: Report


def load_rubric(exercise: str | Path, course: str | Path | None = None) -> Loaded:
    """Return the rubric of an exercise of the course, or the one in a file if it is a Path; RubricError if unsound.

    The course is a folder; without one, it is that of the folder we are in, or the built-in.
    """
    if isinstance(exercise, Path):
        return load(exercise)
    return load(find_course(None if course is None else str(course)).rubric(exercise))


def grade(
    rubric: Loaded | str | Path,
    settings: Settings = _DEFAULT,
    *,
    say: Callable[[str], None] = lambda _: None,
    meanwhile: Callable[[], object] = lambda: None,
) -> Graded:
    """Observe live engines and judge them; EngineError where that is impossible.

    `settings` say which engines, who plays which role, and how long to wait, in seconds. `say` is told what it waits
    for; `meanwhile` is run in a thread while the probes wait.
    """
    loaded = _loaded(rubric)
    return Graded(*pipeline.grade(loaded, _exercise(loaded), settings, say, meanwhile))


def regrade(
    rubric: Loaded | str | Path, evidence: Evidence | str | Path, roles: Mapping[str, str] | None = None
) -> Graded:
    """Judge evidence again, or what a file of `grade snapshot` holds, without an engine; EvidenceError if it is none.

    `roles` name the containers that play roles, over what was said when the evidence was taken.
    """
    loaded = _loaded(rubric)
    seen = evidence if isinstance(evidence, Evidence) else store.load(Path(evidence))
    return Graded(seen, pipeline.regrade(loaded, _exercise(loaded), seen, roles or {}))


def _loaded(rubric: Loaded | str | Path) -> Loaded:
    return rubric if isinstance(rubric, Loaded) else load_rubric(rubric)


def _exercise(loaded: Loaded) -> str:
    return Path(loaded.path).stem
