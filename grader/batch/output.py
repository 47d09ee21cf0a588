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
from grader.errors import GradebookError, GradeError, OutputError
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
    if outcome.html is not None:
        save_report(folder, outcome.learner, outcome.exercise, outcome.html)
    if outcome.evidence is not None:  # the last, so that whoever finds it finds its report, too
        write_whole(folder / EVIDENCE / f"{outcome.learner}-{outcome.exercise}.json", unpacked(outcome.evidence) + "\n")


def save_report(folder: Path, learner: str, exercise: str, html: str) -> None:
    """Write a learner's report."""
    write_whole(folder / REPORTS / f"{learner}-{exercise}.html", html)


def drop_reports(folder: Path, places: Iterable[tuple[str, str]]) -> None:
    """Remove reports that a change is about to overtake: if all ends before it is through, they are absent, not wrong.

    `save_class` writes them anew.
    """
    for learner, exercise in places:
        (folder / REPORTS / f"{learner}-{exercise}.html").unlink(missing_ok=True)


def save_class(
    folder: Path, book: Gradebook, titles: Mapping[str, str], changed: Collection[tuple[str, str]] = ()
) -> list[Grade]:
    """Write grades.csv and cohort.html, and return the grades in them.

    The files of a learner are those of the attempt that counts: they are written anew for whoever is `changed`, for
    whom persons have decided, or whose files are gone or another attempt's.
    """
    grades = standing(book)
    for grade in grades:
        if (grade.learner.id, grade.exercise) in changed or grade.overridden or not _is_current(folder, book, grade):
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


def _is_current(folder: Path, book: Gradebook, grade: Grade) -> bool:
    """Return whether a learner's files are there, and of the attempt that counts."""
    place = f"{grade.learner.id}-{grade.exercise}"
    text = _kept(book, grade)
    try:
        found = (folder / EVIDENCE / f"{place}.json").read_text(encoding="utf-8")
    except (OSError, ValueError):
        return False
    return text is None or (found == text + "\n" and (folder / REPORTS / f"{place}.html").exists())


def _kept(book: Gradebook, grade: Grade) -> str | None:
    """Return the evidence that counts; None where there is none, or it is damaged and no file can be made of it."""
    try:
        return None if grade.attempt is None else book.evidence(grade.attempt)
    except GradebookError:
        return None


def _renew(folder: Path, book: Gradebook, grade: Grade) -> None:
    """Write a learner's evidence and report from what the gradebook holds, with what persons decided."""
    text = _kept(book, grade)
    if text is None or not grade.rubric:
        return
    place = f"{grade.learner.id}-{grade.exercise}"
    if html := _report_of(book, grade, text):
        save_report(folder, grade.learner.id, grade.exercise, html)
    write_whole(folder / EVIDENCE / f"{place}.json", text + "\n")


def _report_of(book: Gradebook, grade: Grade, text: str) -> str | None:
    """Return the page; None where an older version took the evidence, whose report stays as it was."""
    try:
        evidence = store.parsed(f"{grade.learner.id}-{grade.exercise}", text)
        report = regrade(rubric_of(*book.rubric(grade.rubric)), grade.exercise, evidence, {})
    except GradeError:
        return None
    own = [each for each in book.overrides() if (each.learner, each.exercise) == (grade.learner.id, grade.exercise)]
    return html_of(decided(report, own))


def _exercises(grades: Iterable[Grade]) -> list[str]:
    return list(dict.fromkeys(grade.exercise for grade in grades))
