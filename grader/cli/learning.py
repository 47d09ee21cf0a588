"""The commands that a learner begins with: the exercises, the brief of one, and its starter."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.cli.commands import grade
from grader.errors import UsageError

if TYPE_CHECKING:
    from grader.course import Course
    from grader.rubric.model import Rubric

_course = click.option(
    "--course", metavar="DIR", help="The course folder; by default the one we are in, or the built-in."
)


@grade.command("list")
@_course
def exercises(course: str | None = None) -> None:
    """List the exercises of the course, what each teaches, and your last and best result."""
    from grader import results
    from grader.catalogue import catalogue
    from grader.course import find_course
    from grader.reporters.terminal.catalogue import show_catalogue, told

    entries = catalogue(find_course(course))
    if sys.stdout.isatty():
        show_catalogue(entries)
    else:
        for each in entries:
            result = f"  ({told(each.standing)})" if each.standing else ""
            click.echo(f"{each.name}  {each.fault or each.title}{result}")
    if any(each.standing for each in entries):
        click.echo(f"\nYour results are kept in {results.shown_place()}, and sent nowhere.", err=True)
    click.echo("\ngrade EXERCISE grades one on the engine at hand; grade --help tells the rest.", err=True)


@grade.command()
@click.argument("exercise")
@_course
def show(exercise: str, course: str | None) -> None:
    """Show the brief of EXERCISE, the picture of what to build, and what to do next."""
    from grader.course import find_course
    from grader.reporters.terminal.brief import plain_brief, show_brief
    from grader.rubric.load import load
    from grader.topology import wanted

    found = find_course(course)
    rubric = load(found.rubric(exercise)).rubric
    brief, target, steps = _brief(found, exercise, rubric), wanted(rubric), _steps(found, exercise, rubric)
    if sys.stdout.isatty():
        show_brief(brief, target, steps)
    else:
        click.echo(plain_brief(brief, target, steps), nl=False)


@grade.command()
@click.argument("exercise")
@click.argument("folder", metavar="[DIR]", type=click.Path(path_type=Path), default=Path())
@_course
def start(exercise: str, folder: Path, course: str | None) -> None:
    """Copy what EXERCISE gives you to begin with, here or into DIR; nothing is overwritten."""
    from grader.course import find_course
    from grader.rubric.load import load
    from grader.starting import copy_starter, starter

    found = find_course(course)
    rubric = load(found.rubric(exercise)).rubric
    if not starter(found, exercise):
        click.echo(f"{exercise} gives you nothing to begin with: the docker command is all you need.")
    else:
        made = copy_starter(found, exercise, folder)
        click.echo(f"Copied for you: {', '.join(str(path) for path in made)}")
    for command, purpose in _steps(found, exercise, rubric, started=True):
        click.echo(f"  {command}  {purpose}", err=True)


def _brief(course: Course, exercise: str, rubric: Rubric) -> str:
    """Return the brief that learners read; what the rubric asks for, where a course has none."""
    file = course.root / "exercises" / exercise / "brief.md"
    try:
        return file.read_text(encoding="utf-8")
    except FileNotFoundError:
        asked = dict.fromkeys(check.brief.strip() or check.title for check in rubric.checks)
        return "\n".join([f"# {rubric.title}", "", *(f"- {each}" for each in asked)])
    except (OSError, UnicodeDecodeError) as fault:
        raise UsageError(f"{file} cannot be read: {fault}", "check its permissions, and that it is UTF-8") from fault


def _steps(course: Course, exercise: str, rubric: Rubric, *, started: bool = False) -> list[tuple[str, str]]:
    """Return the commands that lead on from here, each with what it does."""
    from grader.starting import starter

    hosts = "".join(f" --host {name}=CONTEXT" for name in rubric.hosts) if len(rubric.hosts) > 1 else ""
    found = []
    if started:
        found.append((f"grade show {exercise}", "says what to build"))
    elif starter(course, exercise):
        found.append((f"grade start {exercise}", "copies what you begin with"))
    if "watch" in grade.commands:
        found.append((f"grade watch {exercise}{hosts}", "shows, while you build, what is right already"))
    return [*found, (f"grade {exercise}{hosts}", "says how you are doing, and what to mend")]
