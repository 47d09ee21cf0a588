"""The commands that explain: one check of one's build, and the kinds of check that rubrics are made of."""

from __future__ import annotations

from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.cli.commands import grade, judged_evidence, loaded_rubric, run_settings, say
from grader.cli.options import common, live
from grader.errors import UsageError

if TYPE_CHECKING:
    from grader.cli.options import Look


@grade.command()
@click.argument("exercise")
@click.argument("check")
@click.option("--evidence", "file", type=click.Path(path_type=Path), help="Explain saved evidence, not a live engine.")
@live
@common
def explain(
    exercise: str,
    check: str,
    file: Path | None,
    look: Look,
    course: str | None,
    roles: tuple[str, ...],
) -> None:
    """Explain one CHECK of EXERCISE: what was seen, the idea behind it, and how to see it by hand."""
    from grader import grade as grade_live
    from grader.explain import check_called
    from grader.explain import explain as explained

    loaded = loaded_rubric(course, exercise)
    check_called(loaded, check)
    if file:
        evidence, report = judged_evidence(loaded, exercise, file, roles)
    else:
        evidence, report = grade_live(loaded, run_settings(loaded, look, roles), say=say)
    from grader.reporters.terminal.explanation import show_explanation

    show_explanation(explained(loaded, evidence, report, check))


@grade.command()
@click.argument("kind", required=False)
@click.option("--markdown", is_flag=True, help="Print the whole reference.")
def checks(kind: str | None, markdown: bool) -> None:
    """Describe the kinds of check that a rubric may use, or one KIND in full."""
    from grader.checks import kinds
    from grader.reporters.reference import chapter, reference, summary

    if kind is None:
        click.echo(reference() if markdown else summary(), nl=False)
        return
    if kind not in kinds():
        near = get_close_matches(kind, kinds(), n=1)
        remedy = f"did you mean {near[0]}?" if near else f"there are: {', '.join(kinds())}"
        raise UsageError(f"there is no kind of check called {kind}", remedy)
    click.echo(chapter(kind), nl=False)
