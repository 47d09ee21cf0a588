"""The guide to grading a class says what is so: its commands and options exist, its roster and its check load."""

import re
from pathlib import Path

import pytest
import yaml

from grader.batch.roster import Learner
from grader.batch.schema import TABLES
from grader.batch.tables import COLUMNS
from grader.cli import grade

GUIDE = Path(__file__).parents[2] / "docs" / "grading-a-class.md"
TEXT = GUIDE.read_text(encoding="utf-8")
COMMANDS = [line.partition("#")[0].strip() for line in re.findall(r"^    (grade .*)$", TEXT, re.MULTILINE)]


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_that_it_shows_exists(command: str) -> None:
    _, name, *words = command.split()
    known = {option for parameter in grade.commands[name].params for option in parameter.opts}
    assert {word for word in words if word.startswith("--")} <= known


def test_every_option_that_it_names_exists() -> None:
    known = {option for command in grade.commands.values() for each in command.params for option in each.opts}
    assert set(re.findall(r"`(--[a-z-]+)", TEXT)) <= known


def test_its_roster_is_one() -> None:
    roster, check = re.findall(r"```yaml\n(.*?)```", TEXT, re.DOTALL)
    for learner in yaml.safe_load(roster)["learners"]:
        Learner.model_validate(learner)
    assert yaml.safe_load(check)[0]["void"] == "full"


def test_it_knows_every_key_of_the_roster_and_every_column() -> None:
    head = TEXT.partition("**ssh**")[0]
    assert {name for name in Learner.model_fields if f"`{name}`" not in head} == set()
    assert ", ".join(COLUMNS) in TEXT
    assert "overrides" in TABLES
