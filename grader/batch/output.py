"""What a batch leaves in its folder beside the gradebook, made anew from it whenever it changes."""

from collections.abc import Collection, Iterable, Mapping
from pathlib import Path

from grader import store
from grader.batch import cohort
from grader.batch.gradebook import Gradebook
from grader.batch.integrity import flags
from grader.batch.judge import html_of, rubric_of
from grader.batch.records import Outcome, now, unpacked
from grader.batch.standing import Grade, decided, standing
from grader.batch.tables import grades_csv
from grader.errors import GradeError, OutputError
from grader.files import write_whole
from grader.pipeline import regrade

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


def save_class(
    folder: Path, book: Gradebook, titles: Mapping[str, str], changed: Collection[tuple[str, str]] = ()
) -> list[Grade]:
    """Write grades.csv and cohort.html, and return the grades in them.

    The files of a learner are those of the attempt that counts: they are written anew for whoever is `changed`, whose
    last attempt is not that one, or whose files are gone.
    """
    grades = standing(book)
    for grade in grades:
        place = f"{grade.learner.id}-{grade.exercise}"
        is_there = (folder / REPORTS / f"{place}.html").exists() and (folder / EVIDENCE / f"{place}.json").exists()
        if (grade.learner.id, grade.exercise) in changed or grade.attempt != grade.latest or not is_there:
            _renew(folder, book, grade)
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


def _renew(folder: Path, book: Gradebook, grade: Grade) -> None:
    """Write a learner's evidence and report from what the gradebook holds, with what persons decided."""
    text = book.evidence(grade.attempt) if grade.attempt is not None else None
    if text is None or not grade.rubric:
        return
    place = f"{grade.learner.id}-{grade.exercise}"
    write_whole(folder / EVIDENCE / f"{place}.json", text + "\n")
    try:
        report = regrade(rubric_of(*book.rubric(grade.rubric)), grade.exercise, store.parsed(place, text), {})
    except GradeError:
        return  # an older version wrote it, and the report that it wrote stays
    own = [each for each in book.overrides() if (each.learner, each.exercise) == (grade.learner.id, grade.exercise)]
    if html := html_of(decided(report, own)):
        save_report(folder, grade.learner.id, grade.exercise, html)


def _exercises(grades: Iterable[Grade]) -> list[str]:
    return list(dict.fromkeys(grade.exercise for grade in grades))
