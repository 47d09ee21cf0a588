"""The autograder for Gradescope: it judges the evidence that a learner hands in, since it cannot reach an engine."""

import tempfile
from collections.abc import Sequence
from pathlib import Path

from grader.course import Course
from grader.package.archive import kind, opened
from grader.package.contents import course_files
from grader.package.texts import text
from grader.package.wheels import LINUX, collect
from grader.rubric.load import load

PYTHONS = ("3.11", "3.12", "3.13")


def write(course: Course, exercise: str, target: Path, pythons: Sequence[str] = ()) -> None:
    """Write autograder.zip for an exercise, with wheels for these versions of Python on Linux."""
    kind(target, (".zip",))
    load(course.rubric(exercise))
    files = list(course_files(course, exercise))
    with tempfile.TemporaryDirectory() as folder:
        wheels = collect(Path(folder), pythons or PYTHONS, LINUX)
        with opened(target) as archive:
            archive.add("setup.sh", text("setup.sh"))
            archive.add("run_autograder", text("run_autograder").replace("EXERCISE", exercise))
            for name, file in files:
                archive.add(f"course/{name}", file)
            for wheel in wheels:
                archive.add(f"wheels/{wheel.name}", wheel)
