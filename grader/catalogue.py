"""The exercises of a course as a learner meets them: in the order of the lessons, with one's own results."""

from dataclasses import dataclass

from grader import results
from grader.course import Course
from grader.errors import RubricError
from grader.results import Standing
from grader.rubric.load import load

_UNPLACED = 1000
"""Behind every lesson that a rubric can name."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One exercise; `fault` says why it cannot be graded, in place of a title."""

    name: str
    title: str = ""
    teaches: str = ""
    lesson: int = _UNPLACED
    standing: Standing | None = None
    fault: str = ""

    @property
    def passed(self) -> bool:
        """Whether the learner has passed it at some time."""
        return bool(self.standing and self.standing.best and self.standing.best.passed)


def catalogue(course: Course) -> list[Entry]:
    """Return the exercises of a course, those without a lesson's number last."""
    known = results.standings()
    return sorted((_entry(course, name, known) for name in course.names), key=lambda each: (each.lesson, each.name))


def _entry(course: Course, name: str, known: dict[tuple[str, str], Standing]) -> Entry:
    try:
        rubric = load(course.rubric(name)).rubric
    except RubricError as fault:
        return Entry(name, fault=f"cannot be graded: {fault.message.splitlines()[0]}")
    return Entry(
        name,
        title=rubric.title,
        teaches=rubric.teaches or "",
        lesson=rubric.lesson or _UNPLACED,
        standing=known.get((name, rubric.title)),
    )
