"""The process around a command: signals, streams, and the one exit."""

from __future__ import annotations

import gc
import os
import signal
import sys
from pathlib import Path

import click

from grader.cli.codes import BUG, INTERRUPTED, PASSED, USAGE
from grader.cli.commands import grade
from grader.errors import GradeError


def main() -> None:
    """Run the command and end the process with its exit code."""
    # A run ends in about a second: collecting garbage and looking for plug-ins of pydantic's are time lost.
    gc.disable()
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    # Threads here wait for engines; one that has its answer goes on at once, even while another imports something.
    sys.setswitchinterval(0.0005)
    _heed_signals()
    _have_streams()
    if "_GRADE_COMPLETE" in os.environ:  # a shell asks what the tab key should offer
        from grader.cli.completing import prepare

        prepare(grade)
    try:
        code = grade.main(prog_name="grade", standalone_mode=False) or PASSED
    except click.exceptions.Exit as end:
        code = end.exit_code
    except (click.Abort, KeyboardInterrupt):
        # Click has turned a KeyboardInterrupt within a command into an Abort.
        click.echo("grade: interrupted", err=True)
        code = INTERRUPTED
    except click.UsageError as fault:
        fault.show()
        code = USAGE
    except GradeError as fault:
        _complain(fault)
        code = fault.exit_code
    except Exception as bug:  # noqa: BLE001 - the last resort: a bug of ours, which must not look like a verdict
        code = _confess(bug)
    # What is left is in memory that the system takes back: without this, Python looks through all of it at its end.
    gc.freeze()
    sys.exit(code)


def _heed_signals() -> None:
    """Let a polite wish that we end clean up as ctrl-C does, unless the caller shields us from it, as nohup does."""
    for name in ("SIGTERM", "SIGHUP"):  # Windows has no SIGHUP
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, signal.default_int_handler)


def _have_streams() -> None:
    """Give Python something to write to where the caller has closed standard output or errors."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115 - open until we end


def _complain(fault: GradeError) -> None:
    click.echo(f"grade: {fault.message}", err=True)
    if fault.remedy:
        click.echo(f"  try: {fault.remedy}", err=True)


def _confess(bug: Exception) -> int:
    click.echo(f"grade: this is a bug of grade, not of your build: {type(bug).__name__}: {bug}", err=True)
    if os.environ.get("GRADE_DEBUG"):
        import traceback

        traceback.print_exception(bug)
    else:
        click.echo("  try: run it again with GRADE_DEBUG=1 and report what it prints", err=True)
    return BUG
