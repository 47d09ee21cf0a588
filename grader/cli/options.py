"""The shape of the command line: how a word becomes a command, and the options that commands share."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from difflib import get_close_matches
from functools import wraps
from typing import TYPE_CHECKING, Any

import click

from grader.cli.codes import PASSED
from grader.errors import OutputError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from click.shell_completion import CompletionItem


class NearChoice(click.Choice[str]):
    """A choice that says which of its words was probably meant."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the word, or raise click's complaint with the nearest one."""
        try:
            return super().convert(value, param, ctx)
        except click.BadParameter as fault:
            if near := get_close_matches(str(value).lower(), self.choices, n=1):
                self.fail(f"{fault.message} Did you mean {near[0]}?", param, ctx)
            raise


class ExerciseOrCommand(click.Group):
    """A group in which a word that is no command is an exercise: `grade E` means `grade run E`."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Say where an option belongs that stands before its exercise."""
        try:
            return super().parse_args(ctx, args)
        except click.NoSuchOption as fault:
            if any(fault.option_name in parameter.opts for parameter in self.commands["run"].params):
                option = fault.option_name
                raise UsageError(f"{option} stands before the exercise", f"grade EXERCISE {option} …") from fault
            raise

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Put `run` before an exercise's name."""
        word = args[0]
        if ctx.resilient_parsing:  # a shell wants to complete what follows, right or wrong
            known = self.get_command(ctx, word) is not None or word.startswith("-")
            return super().resolve_command(ctx, args if known else ["run", *args])
        if self.get_command(ctx, word) is not None or word.startswith("-"):
            return super().resolve_command(ctx, args)
        if near := self.nearest(word):
            from grader.course import find_course

            if word not in find_course(_course_among(args)).names:
                raise UsageError(f"there is no command and no exercise called {word}", f"did you mean grade {near}?")
        return super().resolve_command(ctx, ["run", *args])

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Offer exercises beside the commands, because their names stand for grading them."""
        from grader.cli.completing import offered_exercises

        return [*super().shell_complete(ctx, incomplete), *offered_exercises(ctx, incomplete)]

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands by what they are for."""
        del ctx
        from grader.cli.contents import SECTIONS

        widest = max(map(len, self.commands))
        for title, rows in SECTIONS.items():
            with formatter.section(title):
                formatter.write_dl([(name.ljust(widest), told) for name, told in rows.items()])

    def nearest(self, word: str) -> str | None:
        """Return the command that was probably meant."""
        return next(iter(get_close_matches(word.lower(), self.commands, n=1, cutoff=0.7)), None)

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


def _course_among(args: Sequence[str]) -> str | None:
    """Return what `--course` says in arguments that were not parsed yet."""
    both = zip(args, (*args[1:], ""), strict=True)
    return next((word.partition("=")[2] or after for word, after in both if word.split("=")[0] == "--course"), None)


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


@dataclass(frozen=True, slots=True)
class Look:
    """Which engines are looked at and how patiently, as the command line says it; times in seconds."""

    engines: tuple[str, ...]
    settle: float
    timeout: float


settle_option = click.option(
    "--settle",
    type=click.FloatRange(0, 600),
    default=5.0,
    show_default=True,
    metavar="SECONDS",
    help="How long to wait for containers that are still starting.",
)
timeout_option = click.option(
    "--timeout",
    type=click.FloatRange(0.1, 600),
    default=10.0,
    show_default=True,
    metavar="SECONDS",
    help="How long to wait for an answer of the engine.",
)


def live(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options of every command that judges what an engine shows; it is given them as a `look`."""

    @wraps(function)
    def gathered(*args: Any, engines: tuple[str, ...], settle: float, timeout: float, **others: Any) -> Any:
        return function(*args, look=Look(engines, settle, timeout), **others)

    options = (
        click.option(
            "--host",
            "engines",
            metavar="[NAME=]HOST",
            multiple=True,
            help="The engine: a context, unix://, npipe://, tcp:// or ssh://. NAME= where there are several.",
        ),
        settle_option,
        timeout_option,
    )
    for option in reversed(options):
        gathered = option(gathered)
    return gathered


def in_turn(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options of every command that looks at engines one by one and judges nothing."""
    hosts = click.option(
        "--host",
        "hosts",
        metavar="[NAME=]HOST",
        multiple=True,
        help="The engine: a context, unix://, npipe://, tcp:// or ssh://; several are looked at in turn.",
    )
    return hosts(timeout_option(function))


def _one_format(context: click.Context, option: click.Parameter, words: tuple[str, ...]) -> str:
    """Return the format to print; UsageError where several are asked for, of which click would take the last."""
    del context, option
    if len(words) > 1:
        raise UsageError(
            f"--format is given {len(words)} times: {', '.join(words)}",
            "one is printed: name that; --output writes files",
        )
    return words[0] if words else "terminal"


def printed_as(*formats: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Return the option that chooses what to print, of a command with formats of its own; the first is the default."""
    return click.option(
        "--format",
        "style",
        type=NearChoice(formats),
        multiple=True,
        callback=_one_format,
        help=f"What to print: {formats[0]} if you do not say.",
    )


def reporting(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options of every command that prints a report."""
    options = (
        click.option(
            "--format",
            "style",
            metavar="FORMAT",
            multiple=True,
            callback=_one_format,
            help="What to print: terminal, html, svg, mermaid, json, markdown, junit, csv, github, gradescope or "
            "classroom50.",
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
