"""Evidence files that were handed in are judged in place of hosts."""

import json
import shutil
from pathlib import Path

from tests.batch.hosts import EXERCISE, RIGHT, WRONG, grade, table

ROSTER = "learners:\n  - {id: s1}\n  - {id: s2}\n  - {id: s3}\n  - {id: s4}\n"


def handed_in(folder: Path, *args: str) -> tuple[int, str, dict[str, dict[str, str]]]:
    roster = folder / "class.yaml"
    roster.write_text(ROSTER)
    done = grade("batch", roster, EXERCISE, "--out", folder / "out", "--from", folder / "in", *args)
    return done.returncode, done.stderr, table(folder / "out")


def test_files_are_matched_by_name_and_strangers_are_listed(tmp_path: Path) -> None:
    box = tmp_path / "in"
    box.mkdir()
    shutil.copy(RIGHT, box / f"s1-{EXERCISE}.json")
    shutil.copy(WRONG, box / "s2.json")
    (box / "s3.json").write_text('{"schema": "grade/evid')
    shutil.copy(WRONG, box / "who.json")
    code, told, rows = handed_in(tmp_path)
    assert code == 3
    assert f"note: {box / 'who.json'} is the evidence of nobody in the roster" in told
    assert {learner: row["score"] for learner, row in rows.items()} == {"s1": "100", "s2": "84", "s3": "", "s4": ""}
    assert "damaged or cut short" in rows["s3"]["reason"]
    assert rows["s4"]["reason"] == "no evidence was handed in"
    assert "Traceback" not in told


def test_files_are_found_wherever_they_lie_and_a_second_one_is_told(tmp_path: Path) -> None:
    box = tmp_path / "in"
    (box / "late").mkdir(parents=True)
    shutil.copy(RIGHT, box / f"s1-{EXERCISE}.json")
    shutil.copy(WRONG, box / "s1.json")
    shutil.copy(WRONG, box / "late" / "S2.JSON")
    shutil.copy(WRONG, box / "s3.json.txt")
    _, told, rows = handed_in(tmp_path)
    assert {learner: row["score"] for learner, row in rows.items()} == {"s1": "100", "s2": "84", "s3": "", "s4": ""}
    assert f"note: {box / 's1.json'} is a second file of s1: {box / f's1-{EXERCISE}.json'} was taken" in told
    assert f"note: {box / 's3.json.txt'} is no .json file, and is not read" in told


def test_files_of_those_who_are_not_meant_today_are_nobodys_less(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    for learner in ("s1", "s2", "s3", "s4"):
        shutil.copy(RIGHT, tmp_path / "in" / f"{learner}.json")
    assert "nobody" not in handed_in(tmp_path, "--only", "s2")[1]
    handed_in(tmp_path, "--resume")
    assert "nobody" not in handed_in(tmp_path, "--resume")[1]


def test_evidence_without_the_word_of_the_day_is_refused(tmp_path: Path) -> None:
    box = tmp_path / "in"
    box.mkdir()
    for learner, word in (("s1", "plum"), ("s2", "pear"), ("s3", "")):
        raw = json.loads(RIGHT.read_text())
        (box / f"{learner}.json").write_text(json.dumps({**raw, "nonce": word}))
    _, _, rows = handed_in(tmp_path, "--nonce", "plum")
    assert [rows[learner]["status"] for learner in ("s1", "s2", "s3")] == ["graded", "ungraded", "ungraded"]
    assert "it holds the word 'pear'" in rows["s2"]["reason"]
    assert "it holds no word of the instructor's" in rows["s3"]["reason"]


def test_evidence_of_another_exercise_is_refused(tmp_path: Path) -> None:
    box = tmp_path / "in"
    box.mkdir()
    shutil.copy(sorted(RIGHT.parent.glob("dns-*.json"))[0], box / "s1.json")
    _, _, rows = handed_in(tmp_path)
    assert rows["s1"]["reason"] == "it was taken for dns"


def test_a_file_of_another_exercise_is_not_called_nobodys(tmp_path: Path) -> None:
    box = tmp_path / "in"
    box.mkdir()
    shutil.copy(sorted(RIGHT.parent.glob("dns-*.json"))[0], box / "s1-dns.json")
    shutil.copy(RIGHT, box / f"s1-{EXERCISE}.json")
    _, told, rows = handed_in(tmp_path)
    assert rows["s1"]["score"] == "100"
    assert f"note: {box / 's1-dns.json'} was taken for dns, which is not graded now" in told
    assert "nobody" not in told


def test_a_file_under_any_name_may_say_itself_whose_it_is(tmp_path: Path) -> None:
    box = tmp_path / "in"
    box.mkdir()
    raw = json.loads(RIGHT.read_text())
    for name, learner in (("upload-1", "S1"), ("upload-2", "nobody"), ("s3", "s4")):
        (box / f"{name}.json").write_text(json.dumps({**raw, "learner": learner}))
    _, told, rows = handed_in(tmp_path)
    assert [rows[learner]["status"] for learner in ("s1", "s2", "s3", "s4")] == ["graded", "ungraded"] * 2
    assert "upload-2.json is the evidence of nobody" in told
    assert "upload-1.json" not in told


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    roster = tmp_path / "class.yaml"
    roster.write_text(ROSTER)
    done = grade("batch", roster, EXERCISE, "--out", tmp_path / "out", "--from", tmp_path / "gone")
    assert (done.returncode, "No such file" in done.stderr) == (2, True)


def test_roles_of_the_roster_are_kept_with_the_evidence_for_a_later_regrade(tmp_path: Path) -> None:
    box = tmp_path / "in"
    box.mkdir()
    shutil.copy(RIGHT, box / "s1.json")
    shutil.copy(RIGHT, box / "s2.json")
    roster = tmp_path / "class.yaml"
    roster.write_text("learners:\n  - {id: s1, roles: {mongo: front}}\n  - {id: s2, roles: {mongo: mongod}}\n")
    grade("batch", roster, EXERCISE, "--out", tmp_path / "out", "--from", box)
    before = table(tmp_path / "out")
    assert float(before["s1"]["score"]) < 100
    assert "the roster has mongod play mongo, and the file holds no container called mongod" in before["s2"]["reason"]
    done = grade("regrade", "--gradebook", tmp_path / "out", "--accept")
    assert (done.returncode, done.stdout) == (0, "0 grades changed\n"), done.stderr
