"""Bad rubrics of each kind, every one caught at its line with its own message, and good ones left alone."""

import re
import shutil
from pathlib import Path

import pytest

from grader.course import Course, builtin
from grader.models.verification import Finding
from grader.verify.lint import lint

HERE = Path(__file__).parent
BAD = sorted((HERE / "bad").glob("*.yaml"))
_MARK = re.compile(r" # (?=[a-z-]+: )")


def course_with(rubric: Path, folder: Path) -> Course:
    """Return a course of one exercise, with a brief and a picture of its own or those that all share."""
    (folder / "rubrics").mkdir(parents=True)
    shutil.copy(rubric, folder / "rubrics")
    own = HERE / "bad" / rubric.stem
    exercise = folder / "exercises" / rubric.stem
    if own.is_dir():
        shutil.copytree(own, exercise)
    else:
        exercise.mkdir(parents=True)
        for name in ("brief.md", "target.svg"):
            shutil.copy(HERE / "bad" / name, exercise)
    return Course(folder)


def expected(rubric: Path) -> list[tuple[int, str]]:
    """Return the lines of a fixture with the beginnings of what is to be said of them."""
    lines = enumerate(rubric.read_text(encoding="utf-8").splitlines(), start=1)
    return sorted((number, said.strip()) for number, line in lines for said in _MARK.split(line)[1:])


def said_of(found: list[Finding]) -> list[tuple[int, str]]:
    return sorted((each.line, f"{each.rule}: {each.text}") for each in found)


@pytest.mark.parametrize("rubric", BAD, ids=lambda path: path.stem)
def test_a_bad_rubric_is_caught_at_its_line_with_its_own_message(rubric: Path, tmp_path: Path) -> None:
    found = said_of(lint(course_with(rubric, tmp_path), rubric.stem))
    wanted = expected(rubric)
    assert wanted
    assert [line for line, _ in found] == [line for line, _ in wanted], found
    pairs = zip(found, wanted, strict=True)
    assert [(said, begins) for (_, said), (_, begins) in pairs if not said.startswith(begins)] == []


def test_a_good_rubric_is_left_alone(tmp_path: Path) -> None:
    assert lint(course_with(HERE / "good.yaml", tmp_path), "good") == []


@pytest.mark.parametrize("exercise", builtin().names)
def test_our_own_rubrics_are_good(exercise: str) -> None:
    assert [finding.told(exercise) for finding in lint(builtin(), exercise)] == []


def test_only_an_odd_sum_and_a_lesson_untold_are_mere_remarks(tmp_path: Path) -> None:
    remarks = set()
    for rubric in BAD:
        found = lint(course_with(rubric, tmp_path / rubric.stem), rubric.stem)
        remarks |= {finding.rule for finding in found if finding.remark}
        assert all(finding.remedy for finding in found)
    assert remarks == {"total", "teaches"}


def test_a_finding_is_told_as_compilers_tell_theirs() -> None:
    finding = Finding(3, 5, "vacuous", "it earns 1", "demand more")
    assert finding.told("rubrics/lab.yaml") == "rubrics/lab.yaml:3:5: vacuous: it earns 1; demand more"
