"""`grade ci` on courses of one's own: what it finds, and that it points at the line that is wrong."""

import json
import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from junitparser import Failure, JUnitXml, Skipped
from markdown_it import MarkdownIt

from tests.ci.courses import NAME, annotated, course, git, grade, line_of
from tests.test_cli import needs_full

RUBRIC = f"rubrics/{NAME}.yaml"
BRIEF = f"exercises/{NAME}/brief.md"


def test_a_new_course_passes(tmp_path: Path) -> None:
    done = grade("ci", "--no-live", cwd=course(tmp_path))
    assert (done.returncode, done.stderr) == (0, "")
    assert "first-steps  holds" in done.stdout
    assert "Nothing was built: --no-live" in done.stdout
    assert done.stdout.endswith("The course holds: 0 to mend.\n")


def _replaced(file: str, old: str, new: str) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        text = (folder / file).read_text()
        assert old in text
        (folder / file).write_text(text.replace(old, new, 1))

    return change


def _removed(file: str) -> Callable[[Path], None]:
    return lambda folder: (folder / file).unlink()


def _stray(folder: Path) -> None:
    (folder / "exercises" / "forgotten").mkdir()


def _other_suffix(folder: Path) -> None:
    shutil.copy(folder / RUBRIC, folder / "rubrics" / "other.yml")


BROKEN: dict[str, tuple[Callable[[Path], None], str, str, str]] = {
    "an unknown key": (_replaced(RUBRIC, "driver: bridge", "drivr: bridge"), RUBRIC, "drivr", "rubric"),
    "an unknown kind": (_replaced(RUBRIC, "kind: attached", "kind: atached"), RUBRIC, "atached", "rubric"),
    "no YAML": (_replaced(RUBRIC, "roles:", "roles: ["), RUBRIC, "checks:", "rubric"),
    "a mark that nobody asks for": (
        _replaced(BRIEF, "nginx is on `first-steps-net`", "nginx is where it should be"),
        RUBRIC,
        "brief: nginx is on first-steps-net",
        "unasked",
    ),
    "a brief that is missing": (_removed(BRIEF), RUBRIC, "title:", "brief"),
    "a picture that is missing": (_removed(f"exercises/{NAME}/target.svg"), RUBRIC, "title:", "picture"),
    "a dead link": (
        _replaced(BRIEF, "Run it as often", "See [this](../other/brief.md)\nand run it as often"),
        BRIEF,
        "[this]",
        "link",
    ),
    "a dead picture on the second line of a paragraph": (
        _replaced(BRIEF, "Run it as often", "Look:\n![more](more.png) Run it as often"),
        BRIEF,
        "more.png",
        "link",
    ),
    "a folder that belongs to nothing": (_stray, "exercises/forgotten", "", "stray"),
    "a rubric that is not read": (_other_suffix, "rubrics/other.yml", "", "stray"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_change_is_annotated_at_its_line(case: str, tmp_path: Path) -> None:
    change, file, text, rule = BROKEN[case]
    change(course(tmp_path))
    code, found = annotated(tmp_path, "--no-live")
    line = line_of(tmp_path / file, text) if text else 1
    assert code == 1
    assert ("error", file, line, rule) in [each[:4] for each in found], found


def test_one_broken_rubric_leaves_the_others_checked(tmp_path: Path) -> None:
    course(tmp_path, NAME, "second")
    _replaced(RUBRIC, "version: 1", "version: 7")(tmp_path)
    _removed("exercises/second/brief.md")(tmp_path)
    code, found = annotated(tmp_path, "--no-live")
    assert (code, {each.file for each in found if each.kind == "error"}) == (1, {RUBRIC, "rubrics/second.yaml"})


def test_remarks_are_warnings_and_fail_nothing(tmp_path: Path) -> None:
    shutil.rmtree(course(tmp_path) / "reference_solution")
    (tmp_path / "rubrics" / "rubric.schema.json").write_text("{}")
    code, found = annotated(tmp_path, "--no-live")
    assert (code, {(each.kind, each.rule) for each in found}) == (0, {("warning", "unsolved"), ("warning", "schema")})


def test_a_course_below_the_repository_is_annotated_from_its_top(tmp_path: Path) -> None:
    (tmp_path / "labs").mkdir()
    _removed(BRIEF)(course(tmp_path / "labs"))
    _, found = annotated(tmp_path, "--no-live", "--course", "labs")
    assert {each.file for each in found} == {f"labs/{RUBRIC}"}


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such names")
def test_names_cannot_end_an_annotation_or_begin_another(tmp_path: Path) -> None:
    (course(tmp_path) / "exercises" / "a,line=9::x\n::error::y").mkdir()
    code, found = annotated(tmp_path, "--no-live")
    assert (code, [(each.line, each.rule) for each in found]) == (1, [(1, "stray")])


def test_every_format_tells_the_same(tmp_path: Path) -> None:
    _removed(BRIEF)(course(tmp_path, NAME, "second"))
    names = ("found.json", "found.md", "found.xml", "found.txt")
    done = grade("ci", "--no-live", *(word for name in names for word in ("--output", name)), cwd=tmp_path)
    problems = json.loads((tmp_path / "found.json").read_text())["problems"]
    assert [each["path"] for each in problems] == [RUBRIC] * len(problems)
    (suite,) = JUnitXml.fromfile(str(tmp_path / "found.xml"))
    failed = {case.name: any(isinstance(each, Failure) for each in case.result) for case in suite}
    assert failed == {NAME: True, "second": False, "the course": False}
    items = [each for each in MarkdownIt().parse((tmp_path / "found.md").read_text()) if each.type == "list_item_open"]
    assert len(items) == len(problems)
    assert (tmp_path / "found.txt").read_text() == done.stdout
    assert f"{RUBRIC}:{line_of(tmp_path / RUBRIC, 'title:')}:1: error: brief: there is no brief" in done.stdout


@pytest.fixture
def history(tmp_path: Path) -> Path:
    """Return a course of two exercises, committed."""
    course(tmp_path, NAME, "second")
    git(tmp_path, "init", "--initial-branch", "main")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "--message", "begun")
    return tmp_path


def looked_at(folder: Path, ref: str) -> tuple[list[str], list[str]]:
    """Return which exercises were looked at, and which were left out."""
    done = grade("ci", "--no-live", "--changed-since", ref, "--format", "json", cwd=folder)
    content = json.loads(done.stdout)
    return [each["exercise"] for each in content["exercises"]], content["left_out"]


def test_what_has_not_changed_is_left_out(history: Path) -> None:
    assert looked_at(history, "main") == ([], [NAME, "second"])
    with (history / BRIEF).open("a") as file:
        file.write("\nMore.\n")
    assert looked_at(history, "main") == ([NAME], ["second"])
    git(history, "switch", "--create", "work")
    git(history, "commit", "--all", "--message", "more")
    assert looked_at(history, "main") == ([NAME], ["second"])
    (history / "reference_solution" / "second" / "other").mkdir()
    (history / "reference_solution" / "second" / "other" / "build.sh").write_text("true\n")
    assert looked_at(history, "main") == ([NAME, "second"], [])


def test_what_changed_on_the_other_branch_does_not_count(history: Path) -> None:
    git(history, "switch", "--create", "work")
    git(history, "switch", "main")
    with (history / "exercises" / "second" / "brief.md").open("a") as file:
        file.write("\nMore.\n")
    git(history, "commit", "--all", "--message", "meanwhile")
    git(history, "switch", "work")
    assert looked_at(history, "main") == ([], [NAME, "second"])


def test_what_was_left_out_is_skipped_in_junit_and_said(history: Path) -> None:
    done = grade("ci", "--no-live", "--changed-since", "main", "--output", "found.xml", cwd=history)
    (suite,) = JUnitXml.fromfile(str(history / "found.xml"))
    skipped = [case.name for case in suite if any(isinstance(each, Skipped) for each in case.result)]
    assert skipped == [NAME, "second"]
    assert (suite.tests, suite.skipped) == (3, 2)
    assert "unchanged since main: first-steps, second" in done.stdout


def test_a_file_that_is_moved_has_changed_both_exercises(history: Path) -> None:
    git(history, "mv", f"exercises/{NAME}/target.svg", "exercises/second/other.svg")
    assert looked_at(history, "main") == ([NAME, "second"], [])


def _shallow(folder: Path) -> str:
    git(folder, "switch", "--create", "work")
    git(folder, "commit", "--allow-empty", "--message", "more")
    git(folder, "clone", "--depth", "1", folder.as_uri(), "clone")
    return str(folder / "clone")


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (["--changed-since", "nothing"], "fetch the whole history"),
        (["--changed-since", "--output=x"], "that is no commit"),
        (["--output", "found.doc"], "tells no format"),
        (["--output", "gone/found.md"], "make the folder"),
        (["--output", "a.md", "--output", "markdown:b"], "asks twice for markdown"),
        (["--output", "json:-"], "names no file"),
        (["--format", "json", "--format", "markdown"], "--format is given 2 times"),
        (["--course", "nowhere"], "is no course"),
    ],
    ids=str,
)
def test_what_cannot_work_is_one_clear_error(history: Path, args: list[str], told: str) -> None:
    done = grade("ci", "--no-live", *args, cwd=history)
    assert (done.returncode, done.stdout) == (2, "")
    assert told in done.stderr
    assert "Traceback" not in done.stderr


def test_a_shallow_clone_is_told_to_fetch_more(history: Path) -> None:
    done = grade("ci", "--no-live", "--changed-since", "origin/main", cwd=Path(_shallow(history)))
    assert done.returncode == 2
    assert "fetch-depth: 0" in done.stderr


def test_where_there_is_no_course_the_built_in_one_is_not_taken(tmp_path: Path) -> None:
    done = grade("ci", "--no-live", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert "belongs to no course" in done.stderr
    (tmp_path / "rubrics").mkdir()
    done = grade("ci", "--no-live", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert "has no exercises" in done.stderr


def test_without_git_nothing_can_have_changed(tmp_path: Path) -> None:
    done = grade("ci", "--no-live", "--changed-since", "main", cwd=course(tmp_path))
    assert done.returncode == 2
    assert "not a git repository" in done.stderr.lower()
    assert "fetch" not in done.stderr
    assert "run it in a clone" in done.stderr


def test_a_clone_of_somebody_else_is_told_how_to_trust_it(history: Path) -> None:
    theirs = {"GIT_TEST_ASSUME_DIFFERENT_OWNER": "1", "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    done = grade("ci", "--no-live", "--changed-since", "main", cwd=history, more=theirs)
    assert (done.returncode, done.stdout) == (2, "")
    assert "dubious ownership" in done.stderr
    assert "safe.directory" in done.stderr
    assert "fetch" not in done.stderr


@needs_full
def test_a_file_that_cannot_be_written_loses_neither_the_others_nor_what_is_printed(history: Path) -> None:
    done = grade("ci", "--no-live", "--output", "json:/dev/full", "--output", "found.md", cwd=history)
    assert done.returncode == 2
    assert "/dev/full" in done.stderr
    assert "second" in done.stdout
    assert "second" in (history / "found.md").read_text()
