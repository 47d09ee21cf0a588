"""The command that proves rubrics: grade verify."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.cli.codes import BELOW, PASSED
from grader.cli.commands import grade, loaded_rubric, run_settings, say
from grader.cli.options import live, printed_as
from grader.errors import OutputError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from grader.cli.options import Look
    from grader.course import Course
    from grader.models.evidence import Evidence
    from grader.models.verification import Verification
    from grader.rubric.model import Loaded
    from grader.verify.builds import Bench


@grade.command()
@click.argument("exercises", nargs=-1, metavar="[EXERCISE]...")
@click.option("--no-live", "offline", is_flag=True, help="Build nothing: judge the text, and faults on saved evidence.")
@click.option("--rehearse", is_flag=True, help="Make one fault of each operator for real, and undo it.")
@click.option(
    "--evidence",
    "files",
    type=click.Path(path_type=Path),
    multiple=True,
    help="Evidence of a right build, on which faults are tried too.",
)
@click.option("--course", metavar="DIR", help="The course folder; by default the one we are in, or the built-in.")
@printed_as("terminal", "json", "html")
@click.option("--output", "target", type=click.Path(path_type=Path), help="Write it to a file instead.")
@live
def verify(
    exercises: tuple[str, ...],
    offline: bool,
    rehearse: bool,
    files: tuple[Path, ...],
    course: str | None,
    style: str,
    target: Path | None,
    look: Look,
) -> int:
    """Prove that rubrics hold: on their text, on nothing, on right builds, and on every fault that they should see."""
    from grader.course import find_course
    from grader.files import check_writable
    from grader.verify.prove import all_hold

    found = find_course(course)
    if target:
        if str(target) == "-":
            raise UsageError("'-' names no file", f"for standard output say --format {style} alone")
        check_writable(target)
    if files and len(exercises) != 1:
        raise UsageError("--evidence belongs to one exercise", "name that exercise")
    saved = _saved(files)
    with benches(found, look, offline=offline) as place:
        done = [_proven(found, course, name, place, saved, rehearse=rehearse) for name in exercises or found.names]
    _print(done, style, target)
    return PASSED if all_hold(done) else BELOW


@contextmanager
def benches(course: Course, look: Look, *, offline: bool) -> Iterator[Callable[[Loaded], Bench | None]]:
    """Give what finds the engines to build an exercise on: the course's own, those that were named, or none."""
    from grader.observe import Settings
    from grader.verify.builds import bench
    from grader.verify.private import PrivateEngines

    with PrivateEngines(course, _note) as private:

        def place(loaded: Loaded) -> Bench | None:
            lent = None if offline or look.engines else private.of(loaded.rubric.hosts)
            if lent:
                return bench(Settings(hosts=lent.hosts, settle=look.settle, timeout=look.timeout), lent.environment)
            return None if offline else bench(run_settings(loaded, look, ()))

        yield place


def _proven(
    course: Course,
    chosen: str | None,
    name: str,
    place: Callable[[Loaded], Bench | None],
    saved: dict[str, Evidence],
    *,
    rehearse: bool,
) -> Verification:
    from grader.verify.prove import Exercise, prove

    loaded = loaded_rubric(chosen, name)
    exercise = Exercise(course, name, loaded)
    return prove(exercise, place(loaded), saved, lambda text: say(f"{name}: {text}"), rehearse=rehearse)


def _note(text: str) -> None:
    click.echo(f"note: {text}", err=True)


def _saved(files: tuple[Path, ...]) -> dict[str, Evidence]:
    from grader import store

    return {file.stem: store.load(file) for file in files}


def _print(found: list[Verification], style: str, target: Path | None) -> None:
    from grader.reporters import verification as reporters

    if style == "terminal" and target is None:
        reporters.show(found)
        return
    text = {"json": reporters.json_text, "html": reporters.page, "terminal": _plain}[style](found)
    if target is None:
        sys.stdout.write(text)
        return
    from grader.files import write_whole

    try:
        write_whole(target, text)
    except OutputError:
        sys.stdout.write(text)  # so that what took minutes is not lost with the file
        raise


def _plain(found: list[Verification]) -> str:
    from io import StringIO

    from rich.console import Console

    from grader.reporters.verification import show

    file = StringIO()
    show(found, Console(file=file, width=100, color_system=None, force_terminal=False, _environ={}))
    return file.getvalue()
