"""The rubrics of all exercises: a hundred points, each asked for, each with a ladder of hints."""

import re
from pathlib import Path

import pytest

from grader.judging.ladders import OTHERWISE, ladder
from grader.judging.states import TELLING
from grader.rubric.load import load
from grader.rubric.model import Rubric
from grader.rubric.quotes import unquoted

ROOT = Path(__file__).parents[2]
NAMES = sorted(path.stem for path in (ROOT / "rubrics").glob("*.yaml"))
_LONGEST_TITLE = 48
"""What leaves room for id and points in 80 columns."""


def rubric(name: str) -> Rubric:
    """Return the rubric of an exercise."""
    return load(ROOT / "rubrics" / f"{name}.yaml").rubric


@pytest.mark.parametrize("name", NAMES)
def test_it_is_worth_a_hundred_points(name: str) -> None:
    assert sum(check.points for check in rubric(name).checks) == 100
    assert rubric(name).pass_mark == 80


@pytest.mark.parametrize("name", NAMES)
def test_the_brief_asks_for_every_mark_in_a_sentence_of_its_own(name: str) -> None:
    brief = (ROOT / "exercises" / name / "brief.md").read_text(encoding="utf-8")
    assert unquoted(rubric(name), brief) == []
    quotes = [check.brief for check in rubric(name).checks]
    assert len(set(quotes)) == len(quotes)


@pytest.mark.parametrize("name", NAMES)
def test_hints_are_ladders_up_to_a_command(name: str) -> None:
    for check in rubric(name).checks:
        for state in {*check.may_be_in(), OTHERWISE} - TELLING:
            rungs = ladder(check.hints, state)
            assert 2 <= len(rungs) <= 4, (check.id, state)
            assert not re.search(r"docker |--\w", rungs[0]), (check.id, state)
            assert re.search(r"docker \w", rungs[-1]), (check.id, state)
            assert len(set(rungs)) == len(rungs), (check.id, state)


@pytest.mark.parametrize("name", NAMES)
def test_titles_are_short(name: str) -> None:
    for check in rubric(name).checks:
        assert check.title, check.id
        assert len(check.title) <= _LONGEST_TITLE, check.id


@pytest.mark.parametrize("name", NAMES)
def test_the_picture_tells_its_story_in_words_too(name: str) -> None:
    picture = (ROOT / "exercises" / name / "target.svg").read_text(encoding="utf-8")
    for word in ("<title", "<desc", 'role="img"', "prefers-color-scheme: dark"):
        assert word in picture
    assert "](target.svg)" in (ROOT / "exercises" / name / "brief.md").read_text(encoding="utf-8")
