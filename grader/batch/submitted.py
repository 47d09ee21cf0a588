"""Evidence files that learners handed in, in place of hosts."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from grader import store
from grader.batch.records import Outcome, Task, judged
from grader.batch.worker import failed, html_of, rubric_of
from grader.errors import EvidenceError, GradeError, UsageError, meant
from grader.models.snapshot import is_called
from grader.pipeline import regrade

if TYPE_CHECKING:
    import threading
    from collections.abc import Collection, Iterable

    from grader.batch.roster import Learner
    from grader.models.evidence import Evidence
    from grader.rubric.model import Loaded


def files_in(folder: Path) -> list[Path]:
    """Return the evidence files in a folder; UsageError where it cannot be looked into."""
    try:
        return sorted(path for path in folder.iterdir() if path.suffix == ".json" and path.is_file())
    except OSError as fault:
        raise UsageError(f"--from {folder}: {fault.strerror}", "name the folder with the evidence files") from fault


Files = dict[tuple[str, str], Path]


def matched(files: Iterable[Path], learners: Iterable[Learner], exercises: Collection[str]) -> tuple[Files, list[Path]]:
    """Return the file of each learner and exercise, and the files that are nobody's.

    A file is called ID-EXERCISE.json, or ID.json where one exercise is graded; or else it says itself whose it is.
    """
    people = list(learners)
    by_name = {f"{each.id}-{exercise}": (each.id, exercise) for each in people for exercise in exercises}
    if len(exercises) == 1:
        by_name |= {each.id: (each.id, exercise) for each in people for exercise in exercises}
    found: Files = {}
    rest = []
    for file in files:
        key = by_name.get(file.stem)
        if key is None or key in found:
            rest.append(file)
        else:
            found[key] = file
    strangers = []
    for file in rest:
        key = _signed(file, people, exercises) if file.stem not in by_name else None
        if key is None or key in found:
            strangers.append(file)
        else:
            found[key] = file
    return found, strangers


def _signed(file: Path, people: Iterable[Learner], exercises: Collection[str]) -> tuple[str, str] | None:
    """Return whose evidence it is by its own words, where they mean exactly one learner."""
    try:
        evidence = store.load(file)
    except GradeError:
        return None
    word = (evidence.learner or "").casefold()
    meant = [
        each.id for each in people if word and word in {each.id.casefold(), each.email.casefold(), each.name.casefold()}
    ]
    return (meant[0], evidence.exercise) if len(meant) == 1 and evidence.exercise in exercises else None


class Submissions:
    """The work of a crew that judges files."""

    def __init__(self, files: dict[tuple[str, str], Path]) -> None:
        self._files = files

    def work(self, task: Task, stopping: threading.Event | None = None) -> Outcome:  # noqa: ARG002 - a crew's work
        """Return what became of a learner's file."""
        file = self._files.get(task.key)
        if file is None:
            return failed(task, "no-file", "no evidence was handed in", f"{task.learner}-{task.exercise}.json")
        try:
            evidence = store.load(file)
            if fault := _unfit(evidence, task):
                return fault
            loaded = rubric_of(task.rubric, task.rubric_path)
            evidence = _with_roles(evidence, task, loaded)
            report = regrade(loaded, task.exercise, evidence, {})
        except GradeError as fault:
            return failed(task, "unusable", fault.message, fault.remedy)
        except Exception as bug:  # noqa: BLE001 - a file that nobody foresaw must cost one grade, not the whole class
            return failed(task, "bug", f"this is a bug of grade: {type(bug).__name__}: {bug}")
        return judged(task, evidence, report, html_of(report))


def _with_roles(evidence: Evidence, task: Task, loaded: Loaded) -> Evidence:
    """Return the evidence with the roles that the roster gives, as it is kept and judged again later."""
    roles = {role: name for role, name in task.roles.items() if role in loaded.rubric.roles}
    held = [each for host in evidence.hosts.values() for each in host.snapshot.containers]
    for role, name in roles.items():
        if not any(is_called(each, name) for each in held):
            names = [each.name for each in held]
            raise EvidenceError(
                f"the roster has {name} play {role}, and the file holds no container called {name}",
                meant(name, names, f"it holds {', '.join(names) or 'none'}"),
            )
    return evidence.model_copy(update={"roles": {**evidence.roles, **roles}})


def _unfit(evidence: Evidence, task: Task) -> Outcome | None:
    if evidence.exercise != task.exercise:
        return failed(
            task, "other-exercise", f"it was taken for {evidence.exercise}", "hand in the file of this exercise"
        )
    if task.nonce and evidence.nonce != task.nonce:
        told = f"it holds the word {evidence.nonce!r}" if evidence.nonce else "it holds no word of the instructor's"
        return failed(task, "nonce", f"{told}, not the one that was asked for", "grade snapshot --nonce WORD")
    return None
