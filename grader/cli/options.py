"""The shape of the command line: how a word becomes a command, and the options that commands share."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any

import click

from grader.cli.codes import PASSED
from grader.errors import OutputError

if TYPE_CHECKING:
    from collections.abc import Callable


class ExerciseOrCommand(click.Group):
    """A group in which a word that is no command is an exercise: `grade E` means `grade run E`."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Put `run` before an exercise's name."""
        known = self.get_command(ctx, args[0]) is not None
        return super().resolve_command(ctx, args if known or args[0].startswith("-") else ["run", *args])

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; output that nobody takes is told apart from a verdict, which click would not do."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            # Whoever read our output has had enough; Python must not complain again while it ends.
            _drop_stdout()
            return PASSED
        except OSError as fault:
            if fault.filename is not None:
                raise
            _drop_stdout()
            raise OutputError(
                f"cannot write to standard output: {fault.strerror}", "--output FILE writes a report to a file"
            ) from fault


def _drop_stdout() -> None:
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def common(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options of every command that judges."""
    options = (
        click.option(
            "--course",
            metavar="DIR",
            help="The course folder; by default the one we are in, or the built-in.",
        ),
        click.option("--role", "roles", metavar="R=NAME", multiple=True, help="Say which container plays a role."),
    )
    for option in reversed(options):
        function = option(function)
    return function


def live(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options of every command that looks at an engine."""
    options = (
        click.option(
            "--host",
            "engines",
            metavar="[NAME=]HOST",
            multiple=True,
            help="The engine: a context, unix://, npipe:// or tcp://. NAME= where there are several.",
        ),
        click.option(
            "--settle",
            type=click.FloatRange(0, 600),
            default=5.0,
            show_default=True,
            metavar="SECONDS",
            help="How long to wait for containers that are still starting.",
        ),
        click.option(
            "--timeout",
            type=click.FloatRange(0.1, 600),
            default=10.0,
            show_default=True,
            metavar="SECONDS",
            help="How long to wait for an answer of the engine.",
        ),
    )
    for option in reversed(options):
        function = option(function)
    return function


def reporting(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options of every command that prints a report."""
    options = (
        click.option(
            "--format", "style", metavar="FORMAT", default="terminal", help="What to print: terminal or json."
        ),
        click.option(
            "--output",
            "outputs",
            metavar="[FORMAT:]FILE",
            multiple=True,
            help="Write the report to a file too.",
        ),
        click.option("--quiet", "-q", is_flag=True, help="Print no report; the exit code tells."),
    )
    for option in reversed(options):
        function = option(function)
    return function
