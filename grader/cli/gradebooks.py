"""The commands for a gradebook: its tables, points by hand, its history, and a corrected rubric."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from grader.cli.codes import INCOMPLETE, PASSED
from grader.cli.commands import grade, loaded_rubric
from grader.cli.options import NearChoice
from grader.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from grader.batch.gradebook import Gradebook
    from grader.batch.integrity import Flag
    from grader.batch.records import Policy
    from grader.batch.standing import Grade
    from grader.batch.tables import Merged
    from grader.rubric.model import Loaded

POLICIES = ("best", "last", "first")
_MOST_FLAGS, _MOST_NAMES = 5, 8
FOLDER = click.Path(path_type=Path, file_okay=False)
course_option = click.option(
    "--course", metavar="DIR", help="The course folder; by default the one we are in, or the built-in."
)
_book = click.option("--gradebook", "folder", metavar="DIR", type=FOLDER, required=True, help="The folder of a batch.")
policy_option = click.option(
    "--attempts", "policy", type=NearChoice(POLICIES), help="Which attempt counts: best until you say otherwise."
)


def merging(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that fill grades into the exports of learning platforms."""
    options = (
        click.option("--canvas", metavar="FILE", type=click.Path(path_type=Path), help="Canvas's export to fill in."),
        click.option("--moodle", metavar="FILE", type=click.Path(path_type=Path), help="Moodle's sheet to fill in."),
        click.option(
            "--column", "columns", metavar="EXERCISE=NAME", multiple=True, help="What an export calls a column."
        ),
    )
    for option in reversed(options):
        function = option(function)
    return function


def close(
    book: Gradebook,
    folder: Path,
    rubrics: dict[str, Loaded],
    canvas: Path | None,
    moodle: Path | None,
    columns: tuple[str, ...],
    changed: Sequence[tuple[str, str]] = (),
) -> list[Grade]:
    """Write what follows from a gradebook, fill in the exports, and return the grades."""
    from grader.batch.integrity import flags
    from grader.batch.output import save_class

    titles = {name: loaded.rubric.title for name, loaded in rubrics.items()}
    grades = save_class(folder, book, titles, changed)
    _point_out(flags(book))
    _merge(folder, [each for each in grades if each.exercise in rubrics], titles, canvas, moodle, columns)
    return grades


def check_exports(
    rubrics: dict[str, Loaded], canvas: Path | None, moodle: Path | None, columns: tuple[str, ...]
) -> None:
    """Raise UsageError for exports that could not be filled in, before anybody is graded."""
    _filled([], {name: loaded.rubric.title for name, loaded in rubrics.items()}, canvas, moodle, columns)


def _point_out(found: Sequence[Flag]) -> None:
    """Say what learners share who should not; the page about the class has all of it."""
    for flag in found[:_MOST_FLAGS]:
        who, exercises = _shortened(flag.learners), ", ".join(flag.exercises)
        click.echo(f"note: {who} show {flag.what} ({exercises}): look at them", err=True)
    if len(found) > _MOST_FLAGS:
        click.echo(f"note: and {len(found) - _MOST_FLAGS} more like these, on the page about the class", err=True)


def _filled(
    grades: Sequence[Grade],
    titles: dict[str, str],
    canvas: Path | None,
    moodle: Path | None,
    columns: tuple[str, ...],
) -> dict[str, Merged]:
    """Return the exports with these grades filled in, by the names of their files."""
    from grader.batch import tables

    pairs = dict(word.partition("=")[::2] for word in columns)
    theirs = {name: pairs[name] for name in tables.MOODLE_COLUMNS if moodle and name in pairs}
    for exercise, name in pairs.items():
        if not name or exercise not in (*titles, *theirs):
            told = f"--column {exercise}={name}: write it as EXERCISE=NAME"
            raise UsageError(told, f"the exercises are {', '.join(titles)}")
    made = {}
    if canvas:
        made["canvas.csv"] = tables.canvas(canvas, grades, titles, pairs)
    if moodle:
        if len(titles) > 1:
            raise UsageError(
                f"a worksheet of Moodle holds one grade, and these are {len(titles)} exercises", "name one of them"
            )
        made["moodle.csv"] = tables.moodle(moodle, grades, theirs)
    return made


def _shortened(learners: Sequence[str]) -> str:
    more = len(learners) - _MOST_NAMES
    return ", ".join(learners[:_MOST_NAMES]) + (f" and {more} more" if more > 0 else "")


def _merge(
    folder: Path,
    grades: list[Grade],
    titles: dict[str, str],
    canvas: Path | None,
    moodle: Path | None,
    columns: tuple[str, ...],
) -> None:
    from grader.files import write_whole

    for name, merged in _filled(grades, titles, canvas, moodle, columns).items():
        write_whole(folder / name, merged.text)
        click.echo(f"{folder / name} is the export with the grades filled in", err=True)
        if merged.missing:
            click.echo(f"note: it has no line for {', '.join(merged.missing)}", err=True)
        if merged.held:
            click.echo(f"note: excused or locked there, and left alone: {', '.join(merged.held)}", err=True)
        if merged.strangers:
            click.echo(f"note: these of its lines are nobody's: {', '.join(merged.strangers)}", err=True)


def summed_up(folder: Path, grades: Sequence[Grade]) -> int:
    """Say how many were graded, and return the exit code."""
    from grader.batch.standing import told_faults

    open_ones = [each for each in grades if each.score is None]
    why = f" ({told_faults(open_ones)})" if open_ones else ""
    counts = f"{len(grades) - len(open_ones)} graded, {len(open_ones)} ungraded{why}"
    click.echo(f"{counts}; {folder / 'cohort.html'} shows them")
    return INCOMPLETE if open_ones else PASSED


@grade.command()
@_book
@click.argument("exercises", nargs=-1, metavar="[EXERCISE]...")
@policy_option
@merging
@course_option
def grades(
    folder: Path,
    exercises: tuple[str, ...],
    policy: Policy | None,
    canvas: Path | None,
    moodle: Path | None,
    columns: tuple[str, ...],
    course: str | None,
) -> int:
    """Write grades.csv and the page about the class anew, and fill in the exports of Canvas and Moodle."""
    from grader.batch.deciding import choose_attempts
    from grader.batch.gradebook import Gradebook

    with Gradebook(folder) as book:
        if policy:
            choose_attempts(book, policy)
        names = exercises or book.exercises()
        rubrics = {name: loaded_rubric(course, name) for name in names}
        everything = close(book, folder, rubrics, None, None, (), [*book.wanted()] if policy else [])
        chosen = [each for each in everything if each.exercise in names]
        _merge(folder, chosen, {name: each.rubric.title for name, each in rubrics.items()}, canvas, moodle, columns)
    return summed_up(folder, chosen)


@grade.command()
@_book
@click.argument("learner")
@click.argument("check")
@click.argument("points")
@click.option("--note", required=True, help="Why: it is kept with the grade.")
@click.option("--exercise", help="The exercise, where the gradebook has several.")
def override(folder: Path, learner: str, check: str, points: str, note: str, exercise: str | None) -> int:
    """Give LEARNER these POINTS for a CHECK, whatever is regraded later."""
    from grader.batch.deciding import decide
    from grader.batch.gradebook import Gradebook

    with Gradebook(folder) as book:
        told = decide(book, learner, check, points, note, exercise)
        _rewritten(book, folder, [(learner, name) for name in book.exercises()])
    click.echo(told)
    return PASSED


@grade.command()
@_book
@click.argument("learner")
def history(folder: Path, learner: str) -> int:
    """Tell all that happened to LEARNER's grades, the oldest first."""
    from grader.batch.deciding import known_learner
    from grader.batch.gradebook import Gradebook

    with Gradebook(folder) as book:
        known_learner(book, learner)
        for each in book.history(learner):
            old = f"{each.old} -> " if each.old else ""
            rubrics = " -> ".join(digest[:12] for digest in (each.old_rubric, each.new_rubric) if digest)
            marks = "  ".join(word for word in (each.note, f"rubric {rubrics}" if rubrics else "") if word)
            click.echo(
                f"{each.made_at}  {each.exercise}  {each.what}: {old}{each.new}" + (f"  ({marks})" if marks else "")
            )
    return PASSED


def _rewritten(book: Gradebook, folder: Path, changed: Sequence[tuple[str, str]]) -> None:
    from grader.batch.output import save_class

    save_class(folder, book, book.titles(), changed)


def regrade_class(
    folder: Path, exercises: Sequence[str], course: str | None, *, accept: bool, never_lower: bool
) -> int:
    """Judge the evidence of a gradebook by the rubrics of the course, and tell who gains or loses what."""
    from grader.batch.gradebook import Gradebook
    from grader.batch.regrading import weighed

    with Gradebook(folder) as book:
        rubrics = {name: loaded_rubric(course, name) for name in exercises or book.exercises()}
        found = weighed(book, rubrics, never_lower=never_lower)
        for shift in found.shifts:
            click.echo(_shift_line(shift.before, shift.after))
            for check, old, new in shift.checks:
                click.echo(f"    {check}: {old} -> {new}{shift.told(check)}")
        for name, number in found.unseen.items():
            if number:
                click.echo(f"note: {name}: {number} of the files do not answer all that the rubric asks", err=True)
        for told in found.failed:
            click.echo(f"note: {told}", err=True)
        for kept in found.spared:
            click.echo(f"{kept.learner.id}  {kept.exercise}: would lose marks, and keeps {kept.told}")
        if accept:
            _accepted(book, folder, found, rubrics)
    number = len(found.shifts)
    click.echo(f"{number} {'grade' if number == 1 else 'grades'} " + _what_became(number, accept=accept))
    return PASSED


def _what_became(number: int, *, accept: bool) -> str:
    if accept:
        return "changed"
    return "would change; --accept lets them" if number else "would change"


def _shift_line(before: Grade, after: Grade) -> str:
    gain = ""
    if before.score is not None and after.score is not None:
        gain = f" ({(after.score - before.score).normalize():+f})"
    passed = {(False, True): ", passes now", (True, False): ", no longer passes"}
    told = passed.get((bool(before.passed), bool(after.passed)), "")
    return f"{after.learner.id}  {after.exercise}: {before.told} -> {after.told}{gain}{told}"


def _accepted(book: Gradebook, folder: Path, found: Any, rubrics: dict[str, Loaded]) -> None:
    from grader.batch.output import drop_reports
    from grader.batch.setup import text_of

    changed = [(each.learner, each.exercise) for each in book.attempts() if each.id in found.verdicts]
    for name, loaded in rubrics.items():
        book.keep_rubric(name, loaded, text_of(loaded))
    old = {each.id: each.verdict.rubric for each in book.attempts() if each.verdict}
    drop_reports(folder, changed)
    book.replace_verdicts(found.verdicts, found.changes(rubrics, old))
    _rewritten(book, folder, changed)
