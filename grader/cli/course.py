"""The command that checks a whole course: grade ci."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.cli.codes import BELOW, PASSED
from grader.cli.commands import grade, say
from grader.cli.options import live, printed_as
from grader.cli.proving import benches
from grader.errors import OutputError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from grader.cli.options import Look
    from grader.course import Course
    from grader.models.ci import CourseCheck

_SUFFIXES = {".json": "json", ".md": "markdown", ".xml": "junit", ".txt": "terminal"}


@grade.command()
@click.option("--course", metavar="DIR", help="The course folder; by default the one we are in.")
@click.option("--changed-since", "ref", metavar="REF", help="Leave out exercises that have not changed since REF.")
@click.option("--no-live", "offline", is_flag=True, help="Build nothing, where no engine can run; the result says so.")
@printed_as("terminal", "json", "markdown", "junit")
@click.option("--output", "outputs", metavar="[FORMAT:]FILE", multiple=True, help="Write it to a file too.")
@live
def ci(
    course: str | None,
    ref: str | None,
    offline: bool,
    style: str,
    outputs: tuple[str, ...],
    look: Look,
) -> int:
    """Check a whole course: rubrics, briefs, pictures, links, solutions, and every fault that should be seen.

    In GitHub Actions each problem becomes an annotation at its line.
    """
    from grader.ci.changed import changed_exercises
    from grader.ci.check import check_course
    from grader.course import own_course

    places = _places(outputs)
    found = own_course(course)
    names = changed_exercises(found.root, found.names, ref) if ref else found.names
    with benches(found, look, offline=offline) as place:
        done = check_course(found, names, place, say, live=not offline, changed_since=ref)
    _tell(done, found, style, places)
    return PASSED if done.holds else BELOW


def _places(outputs: Sequence[str]) -> dict[Path, str]:
    """Return the format of each file; UsageError for what cannot work, before anything is built."""
    from grader.files import check_writable

    found: dict[Path, str] = {}
    for word in outputs:
        prefix, colon, rest = word.partition(":")
        named = colon and prefix in _SUFFIXES.values()
        path, name = (Path(rest), prefix) if named else (Path(word), _SUFFIXES.get(Path(word).suffix.lower()))
        if path.name in ("", "-"):
            raise UsageError(f"{word!r} names no file", f"for standard output say --format {name or 'FORMAT'}")
        if name is None:
            ways = ", ".join(f"{each}:FILE (FILE{suffix})" for suffix, each in _SUFFIXES.items())
            raise UsageError(f"{word!r} tells no format that is known", f"say one of {ways}")
        if path in found or name in found.values():
            raise UsageError(f"--output asks twice for {path if path in found else name}", "ask for each once")
        check_writable(path)
        found[path] = name
    return found


def _tell(done: CourseCheck, course: Course, style: str, places: dict[Path, str]) -> None:
    from grader.files import write_whole
    from grader.reporters import ci as reporters

    prefix = _prefix(course)
    texts: dict[str, Callable[[], str]] = {
        "terminal": lambda: reporters.plain(done, prefix),
        "json": lambda: reporters.json_text(done),
        "markdown": lambda: reporters.markdown(done),
        "junit": lambda: reporters.junit(done),
    }
    if os.environ.get("GITHUB_ACTIONS") == "true":
        click.echo(reporters.annotations(done, prefix), nl=False, err=True)
    faults = []
    for path, name in places.items():
        try:
            write_whole(path, texts[name]())
        except OutputError as fault:  # the other files and the screen still get what was found
            faults.append(fault)
    sys.stdout.write(texts[style]())
    if faults:
        raise faults[0]


def _prefix(course: Course) -> str:
    """Return the way from the repository, or from where we are, to the course."""
    start = os.environ.get("GITHUB_WORKSPACE") or Path.cwd()
    try:
        way = os.path.relpath(course.root.resolve(), start)
    except ValueError:  # on another drive of Windows
        way = str(course.root)
    return "" if way == "." else f"{Path(way).as_posix()}/"
