"""Evidence files that learners handed in, in place of hosts."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from grader import store
from grader.batch.judge import html_of, rubric_of
from grader.batch.records import Outcome, Task, judged
from grader.batch.worker import failed
from grader.errors import EvidenceError, GradeError, UsageError, meant
from grader.models.snapshot import is_called
from grader.pipeline import regrade

if TYPE_CHECKING:
    import threading
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from grader.batch.roster import Learner
    from grader.models.evidence import Evidence
    from grader.rubric.model import Loaded


Key = tuple[str, str]
Files = dict[Key, Path]


@dataclass(frozen=True, slots=True)
class HandedIn:
    """What lies in a folder: the file of each learner and exercise, and what is wrong with the others, in words."""

    files: Files
    notes: tuple[str, ...]


def handed_in(folder: Path, learners: Iterable[Learner], exercises: Collection[str]) -> HandedIn:
    """Return what learners have handed in; UsageError where the folder cannot be looked into.

    A file is called ID-EXERCISE.json, or ID.json where one exercise is graded; or else it says itself whose it is.
    """
    people, found, notes = list(learners), dict[Key, Path](), list[str]()
    named = _names(people, exercises)
    for file in sorted(_files_in(folder), key=lambda file: _sureness(file, named)):
        if file.suffix.lower() != ".json":
            notes.append(f"{file} is no .json file, and is not read")
            continue
        key, odd = named.get(file.stem.casefold()), ""
        if key is None:
            key, odd = _signed(file, people, exercises)
        if key is None:
            notes.append(f"{file} {odd}")
        elif key in found:
            notes.append(f"{file} is a second file of {key[0]}: {found[key]} was taken")
        else:
            found[key] = file
    return HandedIn(found, tuple(notes))


def _files_in(folder: Path) -> list[Path]:
    try:
        next(folder.iterdir(), None)  # a search within would find nothing in a folder that is none
        return [path for path in sorted(folder.rglob("*")) if path.is_file() and not path.name.startswith(".")]
    except OSError as fault:
        raise UsageError(f"--from {folder}: {fault.strerror}", "name the folder with the evidence files") from fault


def _names(people: Sequence[Learner], exercises: Collection[str]) -> dict[str, Key]:
    """Return the names that files may have, in small letters, since ids differ in more than their case."""
    keys = [(each.id, exercise) for each in people for exercise in exercises]
    short = {learner.casefold(): (learner, exercise) for learner, exercise in keys} if len(exercises) == 1 else {}
    return short | {f"{learner}-{exercise}".casefold(): (learner, exercise) for learner, exercise in keys}


def _sureness(file: Path, named: Mapping[str, Key]) -> tuple[int, Path]:
    """Return the order in which files are taken: by their full name, by a short one, by what they say themselves."""
    key = named.get(file.stem.casefold())
    if key is None:
        return 2, file
    return int(file.stem.casefold() == key[0].casefold()), file


def _signed(file: Path, people: Iterable[Learner], exercises: Collection[str]) -> tuple[Key | None, str]:
    """Return whose evidence it is by its own words, where they mean exactly one learner; else what is odd about it."""
    nobody = "is the evidence of nobody in the roster"
    try:
        evidence = store.load(file)
    except GradeError:
        return None, nobody
    if evidence.exercise not in exercises:
        return None, f"was taken for {evidence.exercise}, which is not graded now"
    word = (evidence.learner or "").casefold()
    meant = [
        each.id for each in people if word and word in {each.id.casefold(), each.email.casefold(), each.name.casefold()}
    ]
    return ((meant[0], evidence.exercise), "") if len(meant) == 1 else (None, nobody)


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
