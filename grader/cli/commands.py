"""The commands: each imports what it needs when it runs, so that `--help` answers at once."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader import __version__
from grader.cli.codes import BELOW, INCOMPLETE, PASSED
from grader.cli.options import ExerciseOrCommand, NearChoice, common, live, reporting
from grader.errors import UsageError, meant

if TYPE_CHECKING:
    from collections.abc import Callable

    from grader.cli.options import Look
    from grader.models.evidence import Evidence
    from grader.models.report import Report
    from grader.observe import Settings
    from grader.rubric.model import Loaded


@click.group(
    cls=ExerciseOrCommand,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Exit codes: 0 passed; 1 below the pass mark; 2 usage, rubric or output file; "
    "3 not graded completely; 70 a bug of grade; 130 interrupted.",
)
@click.version_option(__version__, prog_name="grade")
@click.pass_context
def grade(ctx: click.Context) -> None:
    """Grade Docker networking labs on a live engine: grade EXERCISE."""
    if ctx.invoked_subcommand is None:
        ctx.invoke(grade.commands["list"])


@grade.command()
@click.argument("exercise")
@live
@common
@reporting
def run(
    exercise: str,
    look: Look,
    course: str | None,
    roles: tuple[str, ...],
    style: str,
    outputs: tuple[str, ...],
    quiet: bool,
) -> int:
    """Grade EXERCISE on a live engine (the same as: grade EXERCISE)."""
    loaded = loaded_rubric(course, exercise)
    sinks = _sinks(style, outputs, quiet)
    settings = run_settings(loaded, look, roles, learner_of=exercise)
    from grader import grade as grade_live

    told = (lambda _: None) if quiet else say
    report = grade_live(loaded, settings, say=told, meanwhile=lambda: _warm(style)).report
    sinks(report)
    keep(report, quiet=quiet)
    return _exit_code(report)


@grade.command()
@click.argument("exercise", required=False)
@click.argument("file", type=click.Path(path_type=Path), required=False)
@click.option("--gradebook", metavar="DIR", type=click.Path(path_type=Path), help="Judge a class again, not a FILE.")
@click.option("--accept", is_flag=True, help="With --gradebook: let the new grades hold.")
@click.option("--never-lower", is_flag=True, help="With --gradebook: nobody loses marks.")
@common
@reporting
def regrade(
    exercise: str | None,
    file: Path | None,
    gradebook: Path | None,
    accept: bool,
    never_lower: bool,
    course: str | None,
    roles: tuple[str, ...],
    style: str,
    outputs: tuple[str, ...],
    quiet: bool,
) -> int:
    """Judge the evidence in FILE again, without an engine."""
    if gradebook:
        from grader.cli.gradebooks import regrade_class

        if file or roles or outputs:
            raise UsageError("--gradebook judges a whole class", "grade regrade [EXERCISE] --gradebook DIR")
        chosen = (exercise,) if exercise else ()
        return regrade_class(gradebook, chosen, course, accept=accept, never_lower=never_lower)
    if accept or never_lower:
        raise UsageError("--accept and --never-lower belong to --gradebook", "grade regrade --gradebook DIR")
    if exercise is None or file is None:
        raise UsageError("EXERCISE and FILE are missing", "grade regrade EXERCISE FILE, or --gradebook DIR")
    loaded = loaded_rubric(course, exercise)
    sinks = _sinks(style, outputs, quiet)
    _, report = judged_evidence(loaded, exercise, file, roles)
    sinks(report)
    return _exit_code(report)


@grade.command()
@click.argument("what", type=NearChoice(["rubric", "report", "evidence"]))
@click.option("--markdown", is_flag=True, help="Print the language of rubrics in words instead.")
def schema(what: str, markdown: bool) -> None:
    """Print the JSON Schema of rubrics, of the JSON report or of evidence."""
    if markdown and what != "rubric":
        raise UsageError("--markdown describes rubrics only", "grade schema rubric --markdown")
    if markdown:
        from grader.reporters.language import language

        click.echo(language(), nl=False)
    elif what == "rubric":
        from grader.rubric.schema import rubric_schema_text

        click.echo(rubric_schema_text(), nl=False)
    else:
        from grader.reporters.schema import evidence_schema_text, report_schema_text

        click.echo(report_schema_text() if what == "report" else evidence_schema_text(), nl=False)


def judged_evidence(loaded: Loaded, exercise: str, file: Path, roles: tuple[str, ...]) -> tuple[Evidence, Report]:
    """Return the evidence in a file with the verdict on it, having said what it cannot tell."""
    from grader import regrade as judge_again
    from grader import store
    from grader.plan import unasked

    wishes = _roles(loaded, roles)
    evidence = store.load(file)
    _check_held(file, evidence, wishes)
    if missing := unasked(loaded.rubric, evidence):
        click.echo(f"note: this rubric asks {missing} questions that {file} does not answer", err=True)
    if evidence.learner:
        click.echo(f"note: {file} names {evidence.learner!a} as its learner", err=True)
    if evidence.exercise != exercise:
        click.echo(f"note: {file} was taken for {evidence.exercise}", err=True)
    return judge_again(loaded, evidence, wishes)


def loaded_rubric(course: str | None, exercise: str) -> Loaded:
    """Return the rubric of an exercise, or raise RubricError."""
    from grader import load_rubric

    return load_rubric(exercise, course)


def run_settings(loaded: Loaded, look: Look, roles: tuple[str, ...], learner_of: str | None = None) -> Settings:
    """Return what the words of the command line mean for a live run.

    `learner_of` names the exercise whose learner runs it, so that the hints that were asked for are told.
    """
    from grader.cli.hosts import named_hosts
    from grader.hinting import asked
    from grader.observe import Settings

    hosts = named_hosts(loaded.rubric.hosts, look.engines)
    hints = asked(learner_of, (check.id for check in loaded.rubric.checks)) if learner_of else {}
    return Settings(hosts=hosts, roles=_roles(loaded, roles), settle=look.settle, timeout=look.timeout, hints=hints)


def _roles(loaded: Loaded, wishes: tuple[str, ...]) -> dict[str, str]:
    found: dict[str, str] = {}
    for wish in wishes:
        role, equals, name = wish.partition("=")
        if not (equals and role and name):
            raise UsageError(f"--role {wish}: write it as ROLE=CONTAINER", "for example --role flask=web")
        if role not in loaded.rubric.roles:
            raise UsageError(
                f"--role {wish}: there is no role {role}",
                meant(role, loaded.rubric.roles, f"the roles are {', '.join(loaded.rubric.roles)}"),
            )
        if found.setdefault(role, name) != name:
            raise UsageError(f"--role {role} is given twice", "name one container for a role")
    for name in found.values():
        if len(played := [role for role, other in found.items() if other == name]) > 1:
            raise UsageError(f"--role gives {name} to {' and '.join(played)}", "a container plays one role")
    return found


def _check_held(file: Path, evidence: Evidence, wishes: dict[str, str]) -> None:
    """Raise UsageError when a role is to be played by a container that the evidence does not hold."""
    from grader.models.snapshot import is_called

    held = [each for host in evidence.hosts.values() for each in host.snapshot.containers]
    names = [each.name for each in held]
    for role, wish in wishes.items():
        if not any(is_called(each, wish) for each in held):
            raise UsageError(
                f"--role {role}={wish}: {file} holds no container called {wish}",
                meant(wish, names, f"it holds {', '.join(names) or 'none'}"),
            )


def keep(report: Report, *, quiet: bool = False) -> None:
    """Keep a live verdict among the learner's results; that this may be impossible is only worth a note."""
    from grader import results

    if not results.record(report) and not quiet:
        click.echo(f"note: this result could not be kept in {results.shown_place()}", err=True)


def _exit_code(report: Report) -> int:
    if not report.complete:
        return INCOMPLETE
    return PASSED if report.passed else BELOW


def say(text: str) -> None:
    """Tell somebody who watches what takes so long."""
    if sys.stderr.isatty():
        click.echo(f"{text} …", err=True)


def _warm(style: str) -> None:
    """Import what prints and what keeps the result, while the probes wait for answers."""
    from grader.reporters import FORMATS

    import_module("grader.results")
    import_module("filelock")
    if style in FORMATS:
        import_module(FORMATS[style].module)


def _sinks(style: str, outputs: tuple[str, ...], quiet: bool) -> Callable[[Report], None]:
    """Return what writes the report everywhere, having checked before the work that it knows the formats."""
    from grader.reporters import plan_outputs

    return plan_outputs(style, outputs, quiet=quiet)
