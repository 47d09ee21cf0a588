"""The stages of checking a course, in reading order: rubrics, each exercise, what lies beside them, links."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from grader import __version__
from grader.ci.links import dead_links
from grader.ci.problems import told, unreadable
from grader.ci.strays import strays, unsolved
from grader.course import Course
from grader.errors import RubricError
from grader.models.ci import CourseCheck, Problem
from grader.rubric.load import load
from grader.rubric.model import Loaded
from grader.verify.builds import Bench
from grader.verify.prove import Exercise, prove

if TYPE_CHECKING:
    from grader.models.verification import Verification


def check_course(
    course: Course,
    names: Sequence[str],
    place: Callable[[Loaded], Bench | None],
    say: Callable[[str], None],
    *,
    live: bool,
    changed_since: str | None = None,
) -> CourseCheck:
    """Return whether these exercises of a course hold, and what lies around them; `place` gives each its engines."""
    problems: list[Problem] = []
    exercises: list[Verification] = []
    broken: list[str] = []
    for name in names:
        try:
            loaded = load(course.rubric(name))
        except RubricError as fault:
            problems += unreadable(name, fault)
            broken.append(name)
            continue
        found = prove(Exercise(course, name, loaded), place(loaded), {}, partial(_say, say, name))
        problems += [*told(found, loaded), *unsolved(course, name)]
        exercises.append(found)
    problems += [*strays(course), *dead_links(course.root)]
    return CourseCheck(
        tool_version=__version__,
        live=live,
        changed_since=changed_since,
        left_out=tuple(name for name in course.names if name not in names),
        broken=tuple(broken),
        exercises=tuple(exercises),
        problems=tuple(sorted(problems, key=lambda each: (each.path, each.line, each.column, each.remark))),
    )


def _say(say: Callable[[str], None], name: str, text: str) -> None:
    say(f"{name}: {text}")
