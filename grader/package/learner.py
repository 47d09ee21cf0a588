"""What learners may have of a course: briefs, pictures, starters and rubrics, and no solution."""

from collections.abc import Sequence
from pathlib import Path

from grader.course import Course
from grader.package.archive import kind, opened
from grader.package.contents import course_files
from grader.rubric.load import load


def write(course: Course, exercises: Sequence[str], target: Path) -> list[str]:
    """Write a course of these exercises that learners can unpack and grade themselves with; return its files."""
    kind(target)
    files: dict[str, Path] = {}
    for exercise in exercises:
        load(course.rubric(exercise))
        files |= dict(course_files(course, exercise))
    with opened(target) as archive:
        for name, file in sorted(files.items()):
            archive.add(name, file)
    return sorted(files)
