"""The command for a class: grade batch."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.cli.codes import INCOMPLETE, PASSED
from grader.cli.commands import grade, loaded_rubric
from grader.cli.gradebooks import FOLDER, check_exports, close, course_option, merging, policy_option, summed_up
from grader.cli.options import settle_option, timeout_option
from grader.cli.submitting import kept_word
from grader.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from grader.batch.crew import Crew
    from grader.batch.gradebook import Gradebook
    from grader.batch.records import Policy, Task
    from grader.batch.roster import Roster
    from grader.rubric.model import Loaded

    Runs = dict[tuple[str, str], int]


@grade.command()
@click.argument("roster", type=click.Path(path_type=Path))
@click.argument("exercises", nargs=-1, required=True, metavar="EXERCISE...")
@click.option("--out", "folder", metavar="DIR", type=FOLDER, required=True, help="Where the gradebook is kept.")
@click.option("--resume", is_flag=True, help="Do what is missing.")
@click.option("--again", is_flag=True, help="Grade everybody once more; earlier attempts are kept.")
@click.option("--check", is_flag=True, help="Connect to every host and grade nothing.")
@click.option("--accept-new", is_flag=True, help="Trust new ssh servers, and write them to DIR/known_hosts.")
@click.option("--only", metavar="ID", multiple=True, help="Only this learner.")
@click.option("--from", "source", metavar="FOLDER", type=FOLDER, help="Judge evidence files that were handed in.")
@click.option("--nonce", default="", metavar="WORD", help="Refuse evidence that does not hold this word.")
@click.option("--at-once", type=click.IntRange(1, 500), default=24, show_default=True, help="How many hosts at once.")
@click.option(
    "--deadline", type=click.FloatRange(1), default=90.0, show_default=True, metavar="SECONDS", help="For each host."
)
@click.option("--deadline-of-all", "whole", type=click.FloatRange(1), metavar="SECONDS", help="For the whole run.")
@click.option("--tries", type=click.IntRange(1, 10), default=3, show_default=True, help="For a host that breaks off.")
@settle_option
@timeout_option
@click.option("--scheduler", metavar="tcp://HOST:PORT", help="Have a Dask cluster do the work.")
@policy_option
@merging
@course_option
def batch(
    roster: Path,
    exercises: tuple[str, ...],
    folder: Path,
    resume: bool,
    again: bool,
    check: bool,
    accept_new: bool,
    only: tuple[str, ...],
    source: Path | None,
    nonce: str,
    at_once: int,
    deadline: float,
    whole: float | None,
    tries: int,
    settle: float,
    timeout: float,
    scheduler: str | None,
    policy: Policy | None,
    canvas: Path | None,
    moodle: Path | None,
    columns: tuple[str, ...],
    course: str | None,
) -> int:
    """Grade EXERCISE... on the host of each learner in ROSTER."""
    import gc

    from grader.batch.deciding import choose_attempts
    from grader.batch.gradebook import Gradebook
    from grader.batch.output import folder_for
    from grader.batch.records import Limits
    from grader.batch.rosterfile import load_roster
    from grader.batch.setup import check_fit, tasks_for

    gc.enable()  # a batch is no run of a second
    if check and source:
        raise UsageError("--check connects to hosts, and --from judges files in their place", "say one of them")
    if scheduler and accept_new:
        raise UsageError(
            "--accept-new writes here, and --scheduler has others connect", "run it once without a scheduler"
        )
    word = kept_word("--nonce", nonce or None) or ""
    everybody = load_roster(roster)
    found = everybody.only(only)
    rubrics = {name: loaded_rubric(course, name) for name in dict.fromkeys(exercises)}
    check_fit(found, rubrics, hosts_needed=source is None)
    check_exports(rubrics, canvas, moodle, columns)
    limits = Limits(timeout, settle, deadline, tries)
    folder_for(folder)
    tasks = tasks_for(found, rubrics, limits, folder, hosts_needed=source is None, accept_new=accept_new, nonce=word)
    if check:
        return _check(tasks, at_once, whole)
    with Gradebook(folder, create=True) as book:
        if policy:
            choose_attempts(book, policy)
        book.enrol(place.learner for place in everybody.places)
        runs = _begun(book, tasks, rubrics, resume=resume, again=again or (bool(only) and not resume))
        todo = [task for task in tasks if task.key in runs]
        try:
            _work(book, folder, runs, todo, _crew(everybody, rubrics, todo, source, scheduler), at_once, whole)
        except KeyboardInterrupt:
            close(book, folder, rubrics, None, None, ())
            left = len(runs.keys() & book.open_ones().keys())
            click.echo(f"{len(runs) - left} of {len(runs)} are kept; --resume does the other {left}", err=True)
            raise
        grades = close(book, folder, rubrics, canvas, moodle, columns)
    wanted = {task.key for task in tasks}
    return summed_up(folder, [each for each in grades if (each.learner.id, each.exercise) in wanted])


def _begun(book: Gradebook, tasks: Sequence[Task], rubrics: dict[str, Loaded], *, resume: bool, again: bool) -> Runs:
    from grader.batch.setup import open_runs, text_of

    for name, loaded in rubrics.items():
        book.keep_rubric(name, loaded, text_of(loaded))
    return open_runs(book, [task.key for task in tasks], resume=resume, again=again)


def _crew(
    roster: Roster, exercises: Collection[str], tasks: Sequence[Task], source: Path | None, scheduler: str | None
) -> Crew:
    from grader.batch.crew import Cluster, Threads
    from grader.batch.processes import Processes, worth
    from grader.batch.worker import work

    if source:
        from grader.batch.submitted import Submissions, handed_in

        found = handed_in(source, (place.learner for place in roster.places), exercises)
        for note in found.notes:
            click.echo(f"note: {note}", err=True)
        return Threads(Submissions(found.files).work)
    if scheduler:
        from grader.batch.runner import served

        return Cluster(scheduler, served)
    number = worth(len(tasks))
    return Processes(number) if number > 1 else Threads(work)


def _work(
    book: Gradebook, folder: Path, runs: Runs, tasks: Sequence[Task], crew: Crew, at_once: int, whole: float | None
) -> None:
    from grader.batch.output import save_outcome
    from grader.batch.progress import Meter
    from grader.batch.runner import run

    with Meter(len(tasks)) as meter:
        for outcome in run(tasks, crew, at_once, meter, whole):
            if book.record(runs[outcome.learner, outcome.exercise], outcome):
                save_outcome(folder, outcome)


def _check(tasks: Sequence[Task], at_once: int, whole: float | None) -> int:
    from dataclasses import replace

    from grader.batch.crew import Threads
    from grader.batch.progress import Meter
    from grader.batch.runner import run
    from grader.batch.standing import counted
    from grader.batch.worker import checked

    once = {task.learner: replace(task, exercise="") for task in tasks}
    with Meter(len(once)) as meter:
        done = list(run(once.values(), Threads(lambda task, _: checked(task)), at_once, meter, whole))
    faults = [outcome.fault for outcome in done if outcome.fault]
    why = f"; {counted(faults)}" if faults else ""
    click.echo(f"{len(done) - len(faults)} of {len(done)} hosts can be graded{why}")
    return INCOMPLETE if faults else PASSED
