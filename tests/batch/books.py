"""Gradebooks without hosts: learners with evidence that was recorded."""

from collections.abc import Mapping
from pathlib import Path

from grader import store
from grader.batch.gradebook import Gradebook
from grader.batch.judge import html_of
from grader.batch.output import folder_for, save_class, save_outcome
from grader.batch.records import Task, judged
from grader.batch.roster import Learner
from grader.batch.worker import failed
from grader.models.evidence import Evidence
from grader.pipeline import regrade
from grader.rubric.load import load
from tests.batch.hosts import EXERCISE, ROOT

RUBRIC = ROOT / "rubrics" / f"{EXERCISE}.yaml"


def task(learner: str) -> Task:
    return Task(learner, EXERCISE, {}, {}, RUBRIC.read_text(encoding="utf-8"), str(RUBRIC))


def filled(
    folder: Path, shown: Mapping[str, Path | Evidence | None], names: Mapping[str, str] | None = None
) -> Gradebook:
    """Return an open gradebook in which each learner has this evidence, or was not reached."""
    loaded = load(RUBRIC)
    folder_for(folder)
    book = Gradebook(folder, create=True)
    learners = [Learner(id=id_, name=(names or {}).get(id_, ""), email=f"{id_}@example.org") for id_ in shown]
    book.enrol(learners)
    book.keep_rubric(EXERCISE, loaded, RUBRIC.read_text(encoding="utf-8"))
    book.begin([(id_, EXERCISE) for id_ in shown])
    for id_, seen in shown.items():
        if seen is None:
            outcome = failed(task(id_), "unreachable", "nobody answers <there>", "wake the machine")
        else:
            evidence = store.load(seen) if isinstance(seen, Path) else seen
            report = regrade(loaded, EXERCISE, evidence, {})
            outcome = judged(task(id_), evidence, report, html_of(report))
        assert book.record(1, outcome)
        save_outcome(folder, outcome)
    save_class(folder, book, book.titles())
    return book
