"""The README says what is so: its picture and figures are generated, its rubric loads, its commands exist.

GRADE_UPDATE_GOLDEN=1 writes the generated parts anew.
"""

import os
import re
from pathlib import Path

import pytest
import yaml

from grader import store
from grader.cli import grade
from grader.course import builtin
from grader.evaluate import evaluate
from grader.reporters import written
from grader.rubric.load import load, loads
from tests.reporters.picture import drawn
from tests.verdicts.table import EVIDENCE, FOLDER
from tests.verify.faults import figures

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"
REPORT = ROOT / ".github" / "report.svg"
PICTURE = ROOT / ".github" / "picture.svg"


def _generated(path: Path, text: str) -> str:
    """Return what the file holds, after writing it anew where that was asked for."""
    if os.environ.get("GRADE_UPDATE_GOLDEN"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return path.read_text(encoding="utf-8")


def _figures() -> str:
    tables = [yaml.safe_load(path.read_text()) for path in sorted(FOLDER.glob("*.yaml"))]
    rows = [
        f"| {table['exercise']} | {len(table['correct'])} | {len(table['wrong'])} | "
        f"[the table](tests/verdicts/{table['exercise']}.yaml) |"
        for table in tables
        if "exercise" in table
    ]
    head = "| exercise | correct builds, each 100 % | wrong builds, each with what it loses | written down in |"
    return "\n".join([head, "| --- | --- | --- | --- |", *rows])


def test_the_pictures_are_those_of_a_real_report() -> None:
    evidence = store.load(EVIDENCE / "flask-nginx-mongo-mongo-also-on-public.json")
    report = evaluate(load(ROOT / "rubrics" / "flask-nginx-mongo.yaml"), evidence)
    for path, svg in ((REPORT, drawn(report)), (PICTURE, written(report, "svg"))):
        assert _generated(path, svg) == svg


def test_the_figures_are_those_of_the_verdict_tables() -> None:
    text = README.read_text(encoding="utf-8")
    block = re.compile(r"(<!-- verdicts -->\n).*?(<!-- /verdicts -->)", re.DOTALL)
    wanted = block.sub(lambda found: f"{found[1]}{_figures()}\n{found[2]}", text)
    assert _generated(README, wanted) == wanted


def _faults() -> str:
    found = {exercise: figures(exercise) for exercise in builtin().names}
    rows = [
        f"| {exercise} | {each.tried} | {100 * each.seen / each.tried:g} % | {each.share:g} % |"
        for exercise, each in found.items()
    ]
    head = "| exercise | faults tried on right builds | seen | the first cause names them |"
    return "\n".join([head, "| --- | --- | --- | --- |", *rows])


def test_the_figures_of_faults_are_those_that_come_out() -> None:
    text = README.read_text(encoding="utf-8")
    block = re.compile(r"(<!-- faults -->\n).*?(<!-- /faults -->)", re.DOTALL)
    wanted = block.sub(lambda found: f"{found[1]}{_faults()}\n{found[2]}", text)
    assert _generated(README, wanted) == wanted


def test_the_rubric_that_it_shows_is_sound() -> None:
    (shown,) = re.findall(r"```yaml\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    assert len(loads(shown, "README.md").rubric.checks) == 3


def _commands() -> list[str]:
    lines = re.findall(r"^    (grade\b.*)$", README.read_text(encoding="utf-8"), re.MULTILINE)
    return [line.partition("#")[0].strip() for line in lines]


@pytest.mark.parametrize("command", _commands())
def test_a_command_that_it_shows_exists(command: str) -> None:
    words = command.split()[1:]
    name = "run" if words and words[0] in builtin().names else words[0] if words else "list"
    assert name in grade.commands
    known = {option for parameter in grade.commands[name].params for option in parameter.opts}
    assert {word for word in words if word.startswith("-")} <= known


def test_its_links_lead_somewhere() -> None:
    text = README.read_text(encoding="utf-8")
    links = [link for link in re.findall(r"\]\(([^)#]+)", text) if "://" not in link]
    assert [link for link in links if not (ROOT / link).exists()] == []
    assert len(links) >= 5
