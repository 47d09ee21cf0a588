"""What a batch leaves in its folder beside the gradebook, made anew from it whenever it changes."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from grader.batch import cohort
from grader.batch.gradebook import Gradebook
from grader.batch.integrity import flags
from grader.batch.records import Outcome, now, unpacked
from grader.batch.standing import Grade, standing
from grader.batch.tables import grades_csv
from grader.errors import OutputError
from grader.files import write_whole

REPORTS, EVIDENCE = "reports", "evidence"


def folder_for(path: Path) -> None:
    """Make the folder of a batch; OutputError where that cannot be."""
    try:
        for each in (path, path / REPORTS, path / EVIDENCE):
            each.mkdir(parents=True, exist_ok=True)
    except OSError as fault:
        raise OutputError(f"cannot make the folder {path}: {fault.strerror}", "choose another --out") from fault


def save_outcome(folder: Path, outcome: Outcome) -> None:
    """Write a learner's evidence and report as files of their own."""
    if outcome.evidence is not None:
        write_whole(folder / EVIDENCE / f"{outcome.learner}-{outcome.exercise}.json", unpacked(outcome.evidence) + "\n")
    if outcome.html is not None:
        save_report(folder, outcome.learner, outcome.exercise, outcome.html)


def save_report(folder: Path, learner: str, exercise: str, html: str) -> None:
    """Write a learner's report."""
    write_whole(folder / REPORTS / f"{learner}-{exercise}.html", html)


def save_class(folder: Path, book: Gradebook, titles: Mapping[str, str]) -> list[Grade]:
    """Write grades.csv and cohort.html, and return the grades in them."""
    grades = standing(book)
    write_whole(folder / "grades.csv", grades_csv(grades))
    chapters = [
        cohort.chapter(name, titles.get(name, name), [grade for grade in grades if grade.exercise == name])
        for name in _exercises(grades)
    ]
    there = {path.name for path in (folder / REPORTS).glob("*.html")}

    def link(grade: Grade) -> str | None:
        name = f"{grade.learner.id}-{grade.exercise}.html"
        return f"{REPORTS}/{name}" if name in there else None

    write_whole(folder / "cohort.html", cohort.page(chapters, flags(book), link, now().isoformat()))
    return grades


def _exercises(grades: Iterable[Grade]) -> list[str]:
    return list(dict.fromkeys(grade.exercise for grade in grades))
