"""The rubric of the exercise with two engines: a hundred points, each asked for, each with a ladder of hints."""

import re
from pathlib import Path

import pytest

from grader.checks.base import Check
from grader.rubric.load import load
from grader.rubric.quotes import unquoted

ROOT = Path(__file__).parents[2]
RUBRIC = load(ROOT / "rubrics" / "overlay.yaml").rubric
COMMAND = re.compile(r"docker (swarm (init|join)|network create|run -|rm -f|start) ?")


def test_it_is_worth_a_hundred_points() -> None:
    assert sum(check.points for check in RUBRIC.checks) == 100
    assert RUBRIC.pass_mark == 80


def test_the_brief_asks_for_every_mark() -> None:
    brief = (ROOT / "exercises" / "overlay" / "brief.md").read_text(encoding="utf-8")
    assert unquoted(RUBRIC, brief) == []
    quotes = [check.brief for check in RUBRIC.checks]
    assert len(set(quotes)) == len(quotes)


@pytest.mark.parametrize("check", RUBRIC.checks, ids=lambda check: check.id)
def test_hints_are_a_ladder_up_to_the_command(check: Check) -> None:
    assert len(check.ladder()) == 3
    assert not re.search(r"docker |--\w", check.ladder()[0])
    assert COMMAND.search(check.ladder()[-1])
    assert check.title
    assert len(check.title) <= 48
