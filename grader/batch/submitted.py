"""Evidence files that learners handed in, in place of hosts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader import store
from grader.batch.records import Outcome, Task, judged
from grader.batch.worker import failed, html_of, rubric_of
from grader.errors import GradeError, UsageError
from grader.pipeline import regrade

if TYPE_CHECKING:
    import threading
    from collections.abc import Iterable
    from pathlib import Path

    from grader.models.evidence import Evidence


def files_in(folder: Path) -> list[Path]:
    """Return the evidence files in a folder; UsageError where it cannot be looked into."""
    try:
        return sorted(path for path in folder.iterdir() if path.suffix == ".json" and path.is_file())
    except OSError as fault:
        raise UsageError(f"--from {folder}: {fault.strerror}", "name the folder with the evidence files") from fault


def matched(
    files: Iterable[Path], learners: Iterable[str], exercises: Iterable[str]
) -> tuple[dict[tuple[str, str], Path], list[Path]]:
    """Return the file of each learner and exercise, and the files that are nobody's.

    A file is called ID-EXERCISE.json, or ID.json where one exercise is graded.
    """
    wanted = list(dict.fromkeys(exercises))
    names = {f"{learner}-{exercise}": (learner, exercise) for learner in learners for exercise in wanted}
    if len(wanted) == 1:
        names |= {learner: (learner, wanted[0]) for learner, _ in names.values()}
    found: dict[tuple[str, str], Path] = {}
    strangers = []
    for file in files:
        key = names.get(file.stem)
        if key is None or key in found:
            strangers.append(file)
        else:
            found[key] = file
    return found, strangers


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
            roles = {role: name for role, name in task.roles.items() if role in loaded.rubric.roles}
            report = regrade(loaded, task.exercise, evidence, roles)
        except GradeError as fault:
            return failed(task, "unusable", fault.message, fault.remedy)
        except Exception as bug:  # noqa: BLE001 - a file that nobody foresaw must cost one grade, not the whole class
            return failed(task, "bug", f"this is a bug of grade: {type(bug).__name__}: {bug}")
        return judged(task, evidence, report, html_of(report))


def _unfit(evidence: Evidence, task: Task) -> Outcome | None:
    if evidence.exercise != task.exercise:
        return failed(
            task, "other-exercise", f"it was taken for {evidence.exercise}", "hand in the file of this exercise"
        )
    if task.nonce and evidence.nonce != task.nonce:
        told = f"it holds the word {evidence.nonce!r}" if evidence.nonce else "it holds no word of the instructor's"
        return failed(task, "nonce", f"{told}, not the one that was asked for", "grade snapshot --nonce WORD")
    owner = getattr(evidence, "learner", None)
    if owner and owner != task.learner:
        return failed(task, "other-learner", f"it says that it is {owner}'s", "look at who handed in what")
    return None
