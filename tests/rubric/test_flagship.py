"""The rubric of the flagship exercise: a hundred points, each asked for, each with a ladder of hints."""

import re
from pathlib import Path

import pytest

from grader.checks.base import Check
from grader.rubric.load import load
from grader.rubric.quotes import unquoted

ROOT = Path(__file__).parents[2]
NAME = "flask-nginx-mongo"
RUBRIC = load(ROOT / "rubrics" / f"{NAME}.yaml").rubric
COMMAND = re.compile(r"docker (network (create|connect|disconnect)|run -|rm -f|logs|start) ?")


def test_it_is_worth_a_hundred_points() -> None:
    assert sum(check.points for check in RUBRIC.checks) == 100
    assert RUBRIC.pass_mark == 80


def test_the_brief_asks_for_every_mark() -> None:
    brief = (ROOT / "exercises" / NAME / "brief.md").read_text(encoding="utf-8")
    assert unquoted(RUBRIC, brief) == []


def test_each_mark_has_a_sentence_of_its_own() -> None:
    quotes = [check.brief for check in RUBRIC.checks]
    assert len(set(quotes)) == len(quotes)


@pytest.mark.parametrize("check", RUBRIC.checks, ids=lambda check: check.id)
def test_hints_are_a_ladder_up_to_the_command(check: Check) -> None:
    assert 2 <= len(check.ladder()) <= 4
    assert not re.search(r"docker |--\w", check.ladder()[0])
    assert COMMAND.search(check.ladder()[-1])


@pytest.mark.parametrize("check", RUBRIC.checks, ids=lambda check: check.id)
def test_titles_are_short(check: Check) -> None:
    assert check.title
    assert len(check.title) <= 48  # what leaves room for id and points in 80 columns
