"""The command that grades again on every event of the engine, and how it ends."""

from __future__ import annotations

import gc
import os
import signal
import sys
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING

import click

from grader.cli.codes import BELOW, INCOMPLETE, INTERRUPTED, PASSED
from grader.cli.commands import grade, keep, loaded_rubric, run_settings
from grader.cli.options import common, live
from grader.cli.wishes import heeded

if TYPE_CHECKING:
    from collections.abc import Callable

    from grader.cli.options import Look
    from grader.models.watching import View
    from grader.reporters.terminal.watching.display import Display
    from grader.watch.loop import Watch


@grade.command()
@click.argument("exercise")
@click.option("--until-passed", is_flag=True, help="End with exit code 0 as soon as the pass mark is reached.")
@click.option("--quiet", "-q", is_flag=True, help="Show nothing; the exit code tells.")
@live
@common
def watch(
    exercise: str,
    until_passed: bool,
    quiet: bool,
    look: Look,
    course: str | None,
    roles: tuple[str, ...],
) -> int:
    """Grade EXERCISE again and again while you build, until ctrl-C.

    The exit code is that of the last verdict: 0 passed, 1 below the pass mark, 3 not graded completely or the engine
    is gone; 130 if it was interrupted before the first verdict.
    """
    loaded = loaded_rubric(course, exercise)
    settings = run_settings(loaded, look, roles, learner_of=exercise)
    from grader.observe import connected
    from grader.watch.loop import Watch

    gc.enable()  # it lives for hours, unlike the other commands
    for connection in connected(settings).values():  # an engine that was never there is told at once
        connection.close()
    screen = None if quiet else _screen()
    show = screen.show if screen else _printed(quiet=quiet)
    watching = Watch(loaded, exercise, settings, show, screen.pulse if screen else lambda: None)
    _run(watching, screen, until_passed=until_passed)
    _keep(watching, quiet=quiet)
    if not quiet:
        _farewell(watching, whole=until_passed and watching.passed)
    return _exit_code(watching)


def _run(watching: Watch, screen: Display | None, *, until_passed: bool) -> None:
    """Watch to the end; whatever ends it, the terminal is given back first, and then the sidecars are taken away."""
    try:
        try:
            with heeded(watching.stop, partial(watching.soon, partial(_step_aside, screen)) if screen else None):
                try:
                    watching.run(until_passed=until_passed)
                finally:
                    if screen:
                        screen.leave()
        finally:
            watching.close()
    except KeyboardInterrupt:
        pass  # somebody is in a hurry: what is left expires
    except OSError as fault:
        if fault.filename is not None:
            raise
        # Whoever read our output has had enough, or the terminal is gone.
        with suppress(OSError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _step_aside(screen: Display) -> None:
    """Give the terminal back until the shell wakes us again."""
    screen.leave()
    os.kill(os.getpid(), signal.SIGSTOP)
    screen.back()


def _farewell(watching: Watch, *, whole: bool) -> None:
    """Leave the last verdict on the normal screen, in a line or with the whole report."""
    seen = watching.view.seen
    if seen is None or not sys.stdout.isatty():
        return
    from grader.reporters.terminal import closing, show

    with suppress(OSError):
        if whole:
            show(seen.report)
        else:
            closing.show(seen.report)


def _keep(watching: Watch, *, quiet: bool) -> None:
    """Keep the best verdict and the last one among the learner's results."""
    seen = watching.view.seen
    if seen and watching.best and watching.best is not seen.report:
        keep(watching.best, quiet=True)
    if seen:
        keep(seen.report, quiet=quiet)


def _exit_code(watching: Watch) -> int:
    seen = watching.view.seen
    if seen is None:
        return INTERRUPTED
    if not seen.report.complete or watching.view.trouble:
        return INCOMPLETE
    return PASSED if seen.report.passed else BELOW


def _screen() -> Display | None:
    """Return the full screen, where there is one; what is a terminal, FORCE_COLOR does not decide."""
    if not sys.stdout.isatty() or os.environ.get("TERM") in ("dumb", "unknown"):
        return None
    from grader.reporters.terminal.watching.display import Display

    return Display()


def _printed(*, quiet: bool) -> Callable[[View], None]:
    if quiet:
        return lambda _: None
    from grader.reporters.terminal.watching.lines import Lines

    return Lines().show
