"""The page on platforms says what is so: its formats, its commands, its links, its Python."""

import re
from pathlib import Path

import pytest

from grader.cli import grade
from grader.reporters import FORMATS

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "platforms.md"
TEXT = PAGE.read_text(encoding="utf-8")
EVIDENCE = ROOT / "tests/verdicts/evidence/flask-nginx-mongo-mongo-also-on-public.json"
PYTHON = re.findall(r"```python\n(.*?)```", TEXT, re.DOTALL)


def test_its_table_has_every_format_with_its_suffix() -> None:
    rows = re.findall(r"^\| ([a-z0-9, ]+) \| (.*?) \|", TEXT, re.MULTILINE)
    told = {
        name: suffix
        for names, suffixes in rows
        if names != "format"
        for name, suffix in zip(names.split(", "), [*re.findall(r"`(\.\w+)`", suffixes), *[None] * 9], strict=False)
    }
    assert told == {name: known.suffix for name, known in FORMATS.items()}


def test_the_help_of_format_names_every_format() -> None:
    (option,) = [each for each in grade.commands["run"].params if "--format" in each.opts]
    told = re.findall(r"[a-z0-9]+", getattr(option, "help", "").partition(":")[2].replace(" or ", ", "))
    assert set(told) == set(FORMATS)


@pytest.mark.parametrize("line", re.findall(r"^    grade (.*?)(?:#.*)?$", TEXT, re.MULTILINE))
def test_a_command_that_it_shows_exists(line: str) -> None:
    command = grade.commands[line.split()[0]]
    words = line.split()[1:]
    if inner := getattr(command, "commands", None):
        command, words = inner[words[0]], words[1:]
    known = {option for each in command.params for option in each.opts}
    assert {word for word in words if word.startswith("-")} <= known


def test_its_links_lead_somewhere() -> None:
    links = [link for link in re.findall(r"\]\(([^)#]+)", TEXT) if "://" not in link]
    assert [link for link in links if not (PAGE.parent / link).exists()] == []


def test_its_python_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    autograder, test, api = PYTHON
    (tmp_path / "me.json").write_bytes(EVIDENCE.read_bytes())
    monkeypatch.chdir(tmp_path)
    for source in (autograder, test):
        compile(source, "platforms.md", "exec")
    exec(api, {})  # noqa: S102 - what the page tells people to run
    assert capsys.readouterr().out.startswith("84.0 ['mongo is on public-net-1")
