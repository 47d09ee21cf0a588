"""The grades as tables: ours, and those of learning platforms with nothing of theirs lost."""

import csv
import io
from pathlib import Path

import pytest

from grader.batch.standing import standing
from grader.batch.tables import Merged, canvas, grades_csv, moodle, safe
from grader.errors import UsageError
from tests.batch.books import filled
from tests.batch.hosts import EXERCISE, RIGHT, WRONG, grade

TITLE = "Flask behind Nginx"
CANVAS = (
    "Student,ID,SIS User ID,SIS Login ID,Section,Flask behind Nginx (4711),Essay (12),Final Score\r\n"
    '"    Points Possible",,,,,20.0,10,(read only)\r\n'
    '"Lovelace, Ada",101,s1,s1@example.org,A,,"9,5",50\r\n'
    '"Hopper, Grace",102,s2,s2@example.org,B,3,8,60\r\n'
    "=cmd(),103,x9,x9@example.org,B,7,8,70\r\n"
    "Nobody Reached,104,s3,s3@example.org,B,5,8,70\r\n"
)
MOODLE = (
    "\ufeffIdentifier,Full name,Email address,Status,Grade,Maximum Grade,Grade can be changed,Feedback comments\n"
    "Participant 1,Ada,S1@EXAMPLE.ORG,Submitted,,50.00,Yes,\n"
    "Participant 2,Grace,s2@example.org,Submitted,,50.00,Yes,written by hand\n"
    "Participant 3,Nobody,s3@example.org,-,12.00,50.00,Yes,\n"
    "Participant 4,Stranger,x@example.org,-,1.00,50.00,Yes,\n"
)


def merged(folder: Path, text: str, kind: str) -> Merged:
    path = folder / "export.csv"
    path.write_text(text, encoding="utf-8", newline="")
    with filled(folder / "out", {"s1": RIGHT, "s2": WRONG, "s3": None, "s4": WRONG}) as book:
        grades = standing(book)
    return moodle(path, grades) if kind == "moodle" else canvas(path, grades, {EXERCISE: TITLE}, {})


def cells(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


def test_canvas_gets_scores_on_its_own_scale_and_keeps_the_rest(tmp_path: Path) -> None:
    done = merged(tmp_path, CANVAS, "canvas")
    before, after = cells(CANVAS), cells(done.text)
    assert [row[5] for row in after[2:]] == ["20", "16.8", "7", "5"]
    assert [row[:5] + row[6:] for row in after] == [row[:5] + row[6:] for row in before]
    assert (done.missing, done.strangers) == (("s4",), ("=cmd()",))
    assert done.text.count("\r\n") == CANVAS.count("\r\n")


def test_nobody_gets_the_grade_of_a_namesake_or_of_whom_canvas_gave_the_same_number(tmp_path: Path) -> None:
    """s4 is known by no number, so by a name or by Canvas's own ID they might be anybody."""
    more = '"s1",s2,777,other@example.org,A,1,8,60\r\nAda,s4,778,more@example.org,A,2,8,60\r\n'
    done = merged(tmp_path, CANVAS + more, "canvas")
    assert [row[5] for row in cells(done.text)[2:]] == ["20", "16.8", "7", "5", "1", "2"]
    assert done.strangers == ("=cmd()", "s1", "Ada")


@pytest.mark.parametrize(("login", "first"), [("", "20"), ("s1@example.org", "")])
def test_of_two_lines_that_claim_one_learner_another_column_decides_or_none(
    login: str, first: str, tmp_path: Path
) -> None:
    more = f'"Lovelace, A.",109,s1,{login},A,4,8,60\r\n'
    done = merged(tmp_path, CANVAS + more, "canvas")
    assert [row[5] for row in cells(done.text)[2:]] == [first, "16.8", "7", "5", "4"]
    assert ("Lovelace, Ada" in done.strangers) == (not first)


def test_an_excused_cell_stays(tmp_path: Path) -> None:
    done = merged(tmp_path, CANVAS.replace("B,3,8,60", "B,EX,8,60"), "canvas")
    assert [row[5] for row in cells(done.text)[2:]] == ["20", "EX", "7", "5"]
    assert done.held == ("s2",)


def test_canvas_as_it_comes_with_its_rows_about_columns_and_its_test_student(tmp_path: Path) -> None:
    head, points, *people = CANVAS.splitlines(keepends=True)
    posting = ",,,,,Manual Posting,,(read only)\r\n"
    nobody = '"Student, Test",999,,f00ba4,A,,,\r\n'
    merging = people[0].replace(",A,", ',"A and B",')
    done = merged(tmp_path, "".join([head, posting, points, merging, *people[1:], nobody]), "canvas")
    rows = cells(done.text)
    assert rows[1] == cells(posting)[0]
    assert [row[5] for row in rows[2:]] == ["20.0", "20", "16.8", "7", "5", ""]
    assert done.strangers == ("=cmd()", "Student, Test")


def test_two_columns_of_the_very_same_name_are_asked_about(tmp_path: Path) -> None:
    twice = CANVAS.replace("Essay (12)", TITLE).replace(f"{TITLE} (4711)", TITLE)
    with pytest.raises(UsageError, match="which is flask-nginx-mongo"):
        merged(tmp_path, twice, "canvas")


def test_two_assignments_of_one_name_are_asked_about(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"4711\) and Flask behind Nginx \(12\): which is flask-nginx-mongo"):
        merged(tmp_path, CANVAS.replace("Essay (12)", "Flask behind Nginx (12)"), "canvas")


def test_moodle_gets_grades_and_comments(tmp_path: Path) -> None:
    done = merged(tmp_path, MOODLE, "moodle")
    rows = cells(done.text)
    assert [row[4] for row in rows[1:]] == ["50", "42", "12.00", "1.00"]
    assert [row[7] for row in rows[1:]] == ["Everything that was asked for is there.", "written by hand", "", ""]
    assert done.text.startswith("\ufeffIdentifier")
    assert done.strangers == ("Participant 4",)


def test_a_moodle_grade_that_is_locked_stays(tmp_path: Path) -> None:
    done = merged(tmp_path, MOODLE.replace("Submitted,,50.00,Yes,\n", "Submitted,,50.00,No,\n"), "moodle")
    assert cells(done.text)[1][4] == ""
    assert done.held == ("s1",)


def test_a_worksheet_in_another_language_is_filled_in_once_its_columns_are_named(tmp_path: Path) -> None:
    called = {"Maximum Grade": "Höchstwert", "Email address": "E-Mail-Adresse", "Grade": "Bewertung"}
    text = MOODLE.replace("Grade can be changed", "Änderbar")
    for english, german in called.items():
        text = text.replace(english, german)
    path = tmp_path / "export.csv"
    path.write_text(text, encoding="utf-8", newline="")
    filled(tmp_path / "out", {"s1": RIGHT, "s2": WRONG}).__exit__(None, None, None)
    words = ("grades", "--gradebook", tmp_path / "out", "--moodle", path)
    done = grade(*words)
    assert (done.returncode, "--column Grade=NAME" in done.stderr) == (2, True), done.stderr
    done = grade(*words, "--column", "Grade=Bewertung", "--column", "Email address=E-Mail-Adress")
    assert (done.returncode, "no column called E-Mail-Adress" in done.stderr) == (2, True), done.stderr
    done = grade(*words, *(word for pair in called.items() for word in ("--column", "=".join(pair))))
    assert done.returncode == 0, done.stderr
    rows = cells((tmp_path / "out" / "moodle.csv").read_text(encoding="utf-8"))
    assert (rows[0], [row[4] for row in rows[1:3]]) == (cells(text)[0], ["50", "42"])


def test_a_worksheet_that_tells_of_nobody_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no column that tells whose line is whose: Email address"):
        merged(tmp_path, "Grade\n5\n", "moodle")


def test_semicolons_stay_semicolons(tmp_path: Path) -> None:
    done = merged(tmp_path, MOODLE.replace(",", ";"), "moodle")
    assert done.text.splitlines()[1].startswith("Participant 1;Ada;S1@EXAMPLE.ORG;Submitted;50;50.00;Yes;")


def test_a_column_that_is_not_there_is_asked_for(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        merged(tmp_path, CANVAS.replace("Flask behind Nginx", "Lab 1"), "canvas")
    assert f"--column {EXERCISE}=NAME" in caught.value.remedy


def test_the_column_may_be_named(tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    path.write_text(CANVAS, encoding="utf-8", newline="")
    with filled(tmp_path / "out", {"s1": RIGHT}) as book:
        done = canvas(path, standing(book), {}, {EXERCISE: "Essay"})
    assert cells(done.text)[2][6] == "10"


@pytest.mark.parametrize(
    ("text", "words"), [("a,b\n1,2\n", "no column called Student"), ("", "no column"), ('Student\n"x', "no CSV")]
)
def test_an_export_that_is_none_is_told(text: str, words: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=words):
        merged(tmp_path, text, "canvas")


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1"])
def test_a_spreadsheet_is_given_no_formula(cell: str, tmp_path: Path) -> None:
    assert not safe(cell).startswith(("=", "+", "-", "@", "\t", "\r"))
    with filled(tmp_path, {"s1": RIGHT}, names={"s1": cell}) as book:
        (row,) = list(csv.DictReader(io.StringIO(grades_csv(standing(book)), newline="")))
    assert row["name"] == safe(cell)


def test_the_end_tells_how_many_are_ungraded_because_of_what(tmp_path: Path) -> None:
    filled(tmp_path, {"a": RIGHT, "b": None, "c": None}).__exit__(None, None, None)
    done = grade("grades", "--gradebook", tmp_path)
    assert done.returncode == 3
    assert done.stdout == f"1 graded, 2 ungraded (2 unreachable); {tmp_path / 'cohort.html'} shows them\n"
