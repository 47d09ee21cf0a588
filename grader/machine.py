"""The side of the set-up that is on this machine: Python, the terminal, the course, and what is remembered."""

from __future__ import annotations

import os
import platform
import shutil
import sys
from typing import TYPE_CHECKING

from grader import __version__, state
from grader.course import find_course
from grader.errors import GradeError, RubricError
from grader.models.diagnosis import Symptom, fail, ok, warn
from grader.rubric.load import load

if TYPE_CHECKING:
    from collections.abc import Iterator

_NARROW = 80


def examine(course: str | None) -> Iterator[Symptom]:
    """Yield how it stands with each of them."""
    yield ok(
        "grade", f"{__version__}, on Python {platform.python_version()} ({platform.system()} {platform.machine()})"
    )
    yield _terminal()
    yield from _course(course)
    yield _memory()
    yield _command()


def _terminal() -> Symptom:
    encoding, columns = (sys.stdout.encoding or "ascii").upper(), shutil.get_terminal_size().columns
    told = f"{columns} columns, {encoding}"
    if not encoding.startswith("UTF"):
        return warn("terminal", f"{told}: reports are drawn in ASCII", "export LC_ALL=C.UTF-8 for lines and signs")
    if columns < _NARROW:
        return warn("terminal", told, f"make it {_NARROW} columns wide for pictures")
    return ok("terminal", told)


def _course(chosen: str | None) -> Iterator[Symptom]:
    try:
        found = find_course(chosen)
    except GradeError as fault:
        yield fail("course", fault.message, fault.remedy)
        return
    sound = 0
    for name in found.names:
        try:
            load(found.rubric(name))
            sound += 1
        except RubricError as fault:
            yield warn("course", f"{name} cannot be graded: {fault.message.splitlines()[0]}", fault.remedy or "mend it")
    exercises = f"{sound} exercise{'s' * (sound != 1)} in {found.root}"
    yield ok("course", exercises) if sound else fail("course", exercises, "--course DIR names another course")


def _memory() -> Symptom:
    folder = state.folder()
    # A folder that we may not even look for counts as none.
    there = next(path for path in (folder, *folder.parents) if os.access(path, os.F_OK))
    if there.is_dir() and os.access(there, os.W_OK):
        return ok("memory", f"results and hints are kept in {folder}")
    told = f"results and hints are not remembered: {there} cannot be written to"
    return warn("memory", told, "set XDG_STATE_HOME to a folder of yours")


def _command() -> Symptom:
    if found := shutil.which("docker"):
        return ok("docker", f"the command is {found}")
    return warn(
        "docker", "there is no docker command; grade needs none, you do", "https://docs.docker.com/engine/install/"
    )
