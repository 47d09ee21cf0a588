"""What can be told against a rubric without an engine: each rule a function, all of them in one list."""

from collections.abc import Callable, Iterator
from pathlib import Path

from grader.course import Course
from grader.models.verification import Finding
from grader.rubric.load import load
from grader.verify.rules import asked, earned, negative, passable, twice, versus, words
from grader.verify.subject import Subject

Rule = Callable[[Subject], Iterator[Finding]]

RULES: tuple[Rule, ...] = (
    earned.on_an_empty_engine,
    earned.by_stopped_containers,
    earned.with_the_starter,
    passable.unpassable,
    versus.contradictory,
    twice.implied,
    negative.uncontrolled,
    asked.brief_and_picture,
    asked.quotations,
    asked.roles,
    words.first_hints,
    words.missing_rungs,
    words.total,
    words.lesson,
)


def lint(course: Course, exercise: str) -> list[Finding]:
    """Return what is to be said against the exercise's rubric, in the order of the file; RubricError if it is none."""
    path = course.rubric(exercise)
    return findings(path, course.root / "exercises" / exercise)


def findings(path: Path, folder: Path) -> list[Finding]:
    """Return what is to be said against a rubric whose brief is in `folder`."""
    loaded = load(path)
    subject = Subject(loaded, path.read_text(encoding="utf-8"), folder)
    return sorted({finding for rule in RULES for finding in rule(subject)})
