"""The grades as CSV: our own table, and the exports of Canvas and Moodle with the grades filled in."""

import csv
import io
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from pathlib import Path

from grader.batch.records import plain
from grader.batch.roster import Learner
from grader.batch.standing import Grade
from grader.errors import UsageError
from grader.rubric.suggest import hint, listed

COLUMNS = (
    "id", "name", "section", "exercise", "status", "score", "max_score", "percent", "passed", "graded_at", "reason",
)  # fmt: skip
_FORMULA = ("=", "+", "-", "@")
_CANVAS_SURE = ("SIS User ID", "SIS Login ID")
"""Canvas's own ID is nobody's number elsewhere; it is taken for one only where there is no other."""
_MOODLE_PEOPLE = ("Email address", "ID number", "Username", "Identifier", "Full name")
MOODLE_COLUMNS = ("Grade", "Maximum Grade", "Feedback comments", "Grade can be changed", *_MOODLE_PEOPLE)
"""The columns of Moodle's worksheet that mean something here."""
_CENT = Decimal("0.01")
_EXCUSED = "EX"


def grades_csv(grades: Iterable[Grade]) -> str:
    """Return the table of grades, one line for each learner and exercise."""
    rows = [
        (
            grade.learner.id,
            safe(grade.learner.name),
            safe(grade.learner.section),
            grade.exercise,
            grade.status,
            _number(grade.score),
            _number(grade.max_score),
            _number(grade.percent),
            "" if grade.passed is None else str(grade.passed).lower(),
            grade.graded_at,
            safe(grade.reason),
        )
        for grade in grades
    ]
    return _written([COLUMNS, *rows], ",", "\n")


def safe(cell: str) -> str:
    """Return a text on one line that no spreadsheet takes for a formula."""
    line = "".join(letter if letter.isprintable() else " " for letter in cell).strip()
    return f"'{line}" if line.startswith(_FORMULA) else line


@dataclass(frozen=True, slots=True)
class Merged:
    """An export with grades in it, who of the class is not in it, and which of its lines are nobody's."""

    text: str
    missing: tuple[str, ...]
    strangers: tuple[str, ...]
    held: tuple[str, ...] = ()
    """Whose cells the platform keeps as they are: excused there, or locked."""


@dataclass(slots=True)
class _Export:
    """A file of a learning platform, as it was written."""

    path: Path
    head: list[str]
    rows: list[list[str]]
    delimiter: str
    newline: str
    mark: str
    called: Mapping[str, str]
    """What the platform calls its own columns there, where it is another word."""

    def column(self, name: str) -> int | None:
        """Return where a column is, None where it is not."""
        word = self.called.get(name, name)
        return self.head.index(word) if word in self.head else None

    def text(self) -> str:
        """Return the file with what was changed."""
        return self.mark + _written([self.head, *self.rows], self.delimiter, self.newline)


def canvas(path: Path, grades: Sequence[Grade], titles: Mapping[str, str], columns: Mapping[str, str]) -> Merged:
    """Return an export of Canvas's gradebook with the scores filled in; an ungraded learner's cells stay as they are.

    `titles` are those of the exercises that are meant. An assignment's column is the one that `columns` names, or that
    has the exercise's name or title.
    """
    export = _read(path, "Student", "the gradebook's export of Canvas", {})
    possible = next((row for row in export.rows if row and row[0].strip() == "Points Possible"), None)
    exercises = dict.fromkeys([*titles, *(grade.exercise for grade in grades)])
    places = {each: _assignment(export, each, titles, columns) for each in exercises}

    def fill(row: list[str], grade: Grade) -> bool:
        place = places[grade.exercise]
        if row[place].strip().upper() == _EXCUSED:
            return False
        row[place] = _number(_scaled(grade, possible[place] if possible else ""))
        return True

    people = [row for row in export.rows if row is not possible and row and row[0].strip()]
    sure = [place for key in _CANVAS_SURE if (place := export.column(key)) is not None]
    is_told = any(row[place].strip() for row in people for place in sure)
    return _merged(export, people, (*_CANVAS_SURE, *(() if is_told else ("ID",)), "Student"), grades, fill)


def moodle(path: Path, grades: Sequence[Grade], called: Mapping[str, str] | None = None) -> Merged:
    """Return a grading worksheet of Moodle with grades and comments filled in.

    Moodle writes the heads in the language of whoever downloads it; `called` has those that are not the English ones.
    """
    told = "the grading worksheet of Moodle; for one in another language say --column Grade=NAME"
    export = _read(path, "Grade", told, called or {})
    if lacking := next((name for name in export.called.values() if name not in export.head), None):
        remedy = hint(lacking, export.head, f"it has {listed(export.head)}")
        raise UsageError(f"{path} has no column called {lacking}", remedy)
    grade_at, most_at = export.column("Grade") or 0, export.column("Maximum Grade")
    comment_at, fixed_at = export.column("Feedback comments"), export.column("Grade can be changed")

    def fill(row: list[str], grade: Grade) -> bool:
        if fixed_at is not None and row[fixed_at].strip().lower() == "no":
            return False
        row[grade_at] = _number(_scaled(grade, row[most_at] if most_at is not None else ""))
        if comment_at is not None and not row[comment_at].strip():
            row[comment_at] = safe(_comment(grade))
        return True

    return _merged(export, export.rows, _MOODLE_PEOPLE, grades, fill)


def _merged(
    export: _Export,
    people: Iterable[list[str]],
    keys: Sequence[str],
    grades: Sequence[Grade],
    fill: Callable[[list[str], Grade], bool],
) -> Merged:
    rows = list(people)
    places = [place for key in keys if (place := export.column(key)) is not None]
    if not places:
        remedy = f"--column '{keys[0]}=NAME'; it has {listed(export.head)}"
        raise UsageError(f"{export.path} has no column that tells whose line is whose: {', '.join(keys)}", remedy)
    whose = _whose(rows, places, {grade.learner.id: grade.learner for grade in grades}.values())
    mine = [(row, grade) for at, row in enumerate(rows) for grade in grades if grade.learner.id == whose.get(at)]
    held = [grade.learner.id for row, grade in mine if grade.score is not None and not fill(row, grade)]
    met = set(whose.values())
    everybody = dict.fromkeys(grade.learner.id for grade in grades)
    strangers = tuple(row[0].strip() for at, row in enumerate(rows) if at not in whose)
    return Merged(
        export.text(), tuple(each for each in everybody if each not in met), strangers, tuple(dict.fromkeys(held))
    )


def _whose(rows: Sequence[Sequence[str]], places: Iterable[int], learners: Iterable[Learner]) -> dict[int, str]:
    """Return by its place whose line each one is, as the surest column tells.

    Nobody has two lines: whoever is known by a number is not looked for by name any more, and of two lines that claim
    one learner by the same column neither is believed.
    """
    names = {learner.id: _names(learner) for learner in learners}
    found: dict[int, str] = {}
    for place in places:
        claims: dict[str, list[int]] = {}
        for at in (at for at in range(len(rows)) if at not in found):
            cell = rows[at][place].strip().casefold()
            meant = [each for each, own in names.items() if cell and cell in own]
            if len(meant) == 1 and meant[0] not in found.values():
                claims.setdefault(meant[0], []).append(at)
        found |= {lines[0]: learner for learner, lines in claims.items() if len(lines) == 1}
    return found


def _names(learner: Learner) -> set[str]:
    return {word.casefold() for word in (learner.id, learner.email, learner.name) if word}


def _assignment(export: _Export, exercise: str, titles: Mapping[str, str], columns: Mapping[str, str]) -> int:
    wished = columns.get(exercise)
    for word in (wished,) if wished else (exercise, titles.get(exercise, exercise)):
        alike = [place for place, name in enumerate(export.head) if name == word]
        alike = alike or [place for place, name in enumerate(export.head) if _bare(name) == word.casefold()]
        if len(alike) > 1:
            names = " and ".join(export.head[place] for place in alike)
            raise UsageError(f"{export.path} has {names}: which is {exercise}?", f"--column '{exercise}=NAME (NUMBER)'")
        if alike:
            return alike[0]
    remedy = hint(wished or exercise, export.head, f"it has {listed(export.head)}")
    raise UsageError(f"{export.path} has no column for {exercise}", f"--column {exercise}=NAME; {remedy}")


def _bare(name: str) -> str:
    """Return an assignment's name without the number that Canvas gives it."""
    return re.sub(r"\s*\(\d+\)$", "", name).strip().casefold()


def _scaled(grade: Grade, most: str) -> Decimal | None:
    """Return the score on the platform's own scale."""
    if grade.score is None or not grade.max_score:
        return grade.score
    try:
        limit = Decimal(most.replace(",", ".").strip())
    except InvalidOperation:
        return grade.score
    if not limit.is_finite() or limit <= 0:
        return grade.score
    return (grade.score * limit / grade.max_score).quantize(_CENT, ROUND_HALF_UP)


def _comment(grade: Grade) -> str:
    causes = list(
        dict.fromkeys(check["cause"] for check in grade.checks if check["cause"] and check["status"] == "failed")
    )
    return "; ".join(causes) or "Everything that was asked for is there."


def _read(path: Path, wanted: str, what: str, called: Mapping[str, str]) -> _Export:
    try:
        text = path.read_bytes().decode("utf-8")
    except UnicodeDecodeError as fault:
        raise UsageError(f"{path} is no text in UTF-8", f"name {what}") from fault
    except OSError as fault:
        raise UsageError(f"{path} cannot be read: {fault.strerror}", f"name {what}") from fault
    mark = "\ufeff" if text.startswith("\ufeff") else ""
    first = text.removeprefix(mark).partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    try:
        rows = list(csv.reader(io.StringIO(text.removeprefix(mark), newline=""), delimiter=delimiter, strict=True))
    except csv.Error as fault:
        raise UsageError(f"{path} is no CSV: {fault}", f"name {what}") from fault
    name = called.get(wanted, wanted)
    if not rows or name not in rows[0]:
        raise UsageError(f"{path} has no column called {name}", f"name {what}")
    head = rows[0]
    full = [row + [""] * (len(head) - len(row)) for row in rows[1:]]
    return _Export(path, head, full, delimiter, "\r\n" if "\r\n" in text else "\n", mark, called)


def _written(rows: Iterable[Sequence[str]], delimiter: str, newline: str) -> str:
    file = io.StringIO(newline="")
    csv.writer(file, delimiter=delimiter, lineterminator=newline).writerows(rows)
    return file.getvalue()


def _number(value: Decimal | None) -> str:
    return "" if value is None else plain(value)
