"""The command that grades again on every event of the engine, and how it ends."""

from __future__ import annotations

import gc
import os
import signal
import sys
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Protocol

import click

from grader.cli.codes import BELOW, INCOMPLETE, INTERRUPTED, PASSED
from grader.cli.commands import grade, loaded_rubric, run_settings
from grader.cli.options import common, live

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.models.watching import View
    from grader.watch.loop import Watch


class _Shows(Protocol):
    """A screen, or whatever stands in for it."""

    def show(self, view: View) -> None: ...
    def pulse(self) -> bool: ...
    def leave(self) -> None: ...


@grade.command()
@click.argument("exercise")
@click.option("--until-passed", is_flag=True, help="End with exit code 0 as soon as it is passed.")
@click.option("--quiet", "-q", is_flag=True, help="Show nothing; the exit code tells.")
@live
@common
def watch(
    exercise: str,
    until_passed: bool,
    quiet: bool,
    engines: tuple[str, ...],
    settle: float,
    timeout: float,
    course: str | None,
    roles: tuple[str, ...],
) -> int:
    """Grade EXERCISE again and again while you build, until ctrl-C.

    The exit code is that of the last verdict: 0 passed, 1 below the pass mark, 3 not graded completely or the engine
    is gone; 130 if it was interrupted before the first verdict.
    """
    loaded = loaded_rubric(course, exercise)
    settings = run_settings(loaded, engines, roles, settle, timeout)
    from grader.watch.loop import Watch

    gc.enable()  # it lives for hours, unlike the other commands
    shows = _shows(quiet=quiet)
    watching = Watch(loaded, exercise, settings, shows.show, shows.pulse)
    _run(watching, shows, until_passed=until_passed)
    if not quiet:
        _farewell(watching)
    return _exit_code(watching)


def _run(watching: Watch, shows: _Shows, *, until_passed: bool) -> None:
    """Watch to the end; whatever ends it, the terminal is given back first, and then the sidecars are taken away."""
    try:
        try:
            watching.run(until_passed=until_passed)
        finally:
            with _undisturbed():
                shows.leave()
            watching.close()
    except KeyboardInterrupt:
        pass
    except BrokenPipeError:
        _drop_stdout()
    except OSError as fault:
        if fault.filename is not None:
            raise
        _drop_stdout()  # the terminal is gone


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Let nobody interrupt us while the terminal is given back, which takes no time."""
    numbers = [number for name in ("SIGINT", "SIGTERM", "SIGHUP") if (number := getattr(signal, name, None))]
    before = [(number, signal.signal(number, signal.SIG_IGN)) for number in numbers]
    try:
        yield
    finally:
        for number, handler in before:
            signal.signal(number, handler)


def _farewell(watching: Watch) -> None:
    """Leave the last verdict on the normal screen, the whole report once it is passed."""
    seen = watching.view.seen
    if seen is None or not sys.stdout.isatty():
        return
    from grader.reporters.terminal import closing, show

    with suppress(OSError):
        if watching.passed:
            show(seen.report)
        else:
            closing.show(seen.report)


def _exit_code(watching: Watch) -> int:
    seen = watching.view.seen
    if seen is None:
        return INTERRUPTED
    if not seen.report.complete or watching.view.trouble:
        return INCOMPLETE
    return PASSED if seen.report.passed else BELOW


def _shows(*, quiet: bool) -> _Shows:
    if quiet:
        return _Nothing()
    # What a terminal is, FORCE_COLOR does not decide.
    if sys.stdout.isatty() and os.environ.get("TERM", "dumb" if os.name == "posix" else "") not in ("dumb", "unknown"):
        from grader.reporters.terminal.watching.display import Display

        return Display()
    from grader.reporters.terminal.watching.lines import Lines

    return Lines()


class _Nothing:
    def show(self, view: View) -> None:
        """Show nothing."""

    def pulse(self) -> bool:
        return False

    def leave(self) -> None:
        """Nothing was taken."""


def _drop_stdout() -> None:
    """Write nothing more where nobody reads."""
    with suppress(OSError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
