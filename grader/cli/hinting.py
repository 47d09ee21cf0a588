"""The command that helps on: one hint at a time."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.cli.codes import INCOMPLETE, PASSED
from grader.cli.commands import grade, judged_evidence, loaded_rubric, run_settings, say
from grader.cli.options import common, live

if TYPE_CHECKING:
    from grader.cli.options import Look


@grade.command()
@click.argument("exercise")
@click.argument("check", required=False)
@click.option("--rung", "chosen", type=click.IntRange(1), metavar="N", help="Show this hint, not the next.")
@click.option("--evidence", "file", type=click.Path(path_type=Path), help="Look at saved evidence, not a live engine.")
@live
@common
def hint(
    exercise: str,
    check: str | None,
    chosen: int | None,
    file: Path | None,
    look: Look,
    course: str | None,
    roles: tuple[str, ...],
) -> int:
    """Give the next hint for a CHECK of EXERCISE, or for the dearest fault; it costs no marks."""
    from grader.explain import check_called
    from grader.hinting import rung, subject
    from grader.pipeline import grade as grade_live

    loaded = loaded_rubric(course, exercise)
    if check:
        check_called(loaded, check)
    if file:
        _, report = judged_evidence(loaded, exercise, file, roles)
    else:
        _, report = grade_live(loaded, exercise, run_settings(loaded, look, roles), say)
    from grader.reporters.terminal.hint import show_hint, show_no_hint

    found = subject(report, check)
    if found is None or found.status != "failed":
        show_no_hint(found)
        return INCOMPLETE if found and found.status == "error" else PASSED
    next_one, kept = rung(exercise, found, chosen)
    show_hint(next_one)
    if not kept:
        _cannot_remember(next_one.place)
    return PASSED


def _cannot_remember(place: int) -> None:
    from grader.hinting import FILE
    from grader.state import folder

    click.echo(f"note: {folder() / FILE} cannot be written, so --rung {place + 1} gives the next one", err=True)
