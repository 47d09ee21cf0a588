"""The author's guide, followed word by word: its files are written, its commands run, and what it promises is seen."""

import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from grader.cli import grade
from grader.course import Course
from grader.verify.lint import lint
from tests.lab import Engine

ROOT = Path(__file__).parents[2]
GUIDE = ROOT / "docs" / "authors-guide.md"
_BLOCK = re.compile(
    r"(?:Put this into `(?P<path>[^`]+)`:\n\n)?```(?P<kind>\w+)\n(?P<text>.*?)^```$", re.DOTALL | re.MULTILINE
)
_COMMENT = re.compile(r"\s+# (?=[^#]*$)")
_PATIENCE = 300


@dataclass(frozen=True)
class File:
    """A file that the reader is to write."""

    path: str
    text: str


@dataclass(frozen=True)
class Command:
    """A line that the reader is to type, and what is to be seen then."""

    line: str
    seen: str

    @property
    def is_known(self) -> bool:
        """Whether it is another program's, or one that this version of grade has."""
        words = self.line.split()
        return words[0] != "grade" or words[1] in grade.commands or words[1] == "say-hello"


def steps() -> Iterator[File | Command]:
    """Yield what the guide has its reader do, in its order."""
    for block in _BLOCK.finditer(GUIDE.read_text(encoding="utf-8")):
        if block["path"]:
            yield File(block["path"], block["text"])
            continue
        assert block["kind"] == "sh", f"a block that is neither a file nor commands: {block['text'][:40]}"
        for line in block["text"].splitlines():
            command, *seen = _COMMENT.split(line)
            yield Command(command, seen[0].strip() if seen else "")


class Reader:
    """Somebody who does as the guide says, in one shell that remembers where it stands."""

    def __init__(self, engine: Engine, home: Path) -> None:
        self.home = self.here = home
        programs = home / "bin"
        programs.mkdir()
        (programs / "grade").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m grader "$@"\n')
        (programs / "grade").chmod(0o755)
        lab = engine.env()
        self.env = {**lab, "PATH": f"{programs}:{lab['PATH']}", "PYTHONPATH": str(ROOT), "COLUMNS": "200"}

    def write(self, file: File) -> None:
        """Save a file, in a new folder where need be."""
        path = self.here / file.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(file.text, encoding="utf-8")

    def type(self, command: Command) -> None:
        """Run a line and hold what it says against the guide."""
        script = f'{command.line}\ncode=$?; pwd > "$PLACE"; exit $code'
        place = self.home / "place"
        done = subprocess.run(
            ["bash", "-c", script],
            cwd=self.here,
            env={**self.env, "PLACE": str(place)},
            capture_output=True,
            text=True,
            check=False,
            timeout=_PATIENCE,
        )
        told = f"{command.line}\n{done.stdout}{done.stderr}"
        assert done.returncode in ((0, 1) if command.line == "grade say-hello" else (0,)), told
        if not command.seen.startswith("exit "):
            assert command.seen in done.stdout, told
        self.here = Path(place.read_text().strip())


@pytest.mark.live
def test_a_newcomer_who_follows_the_guide_has_an_exercise(starter: Engine, tmp_path: Path) -> None:
    reader = Reader(starter, tmp_path)
    for step in steps():
        if isinstance(step, File):
            reader.write(step)
        elif step.is_known:
            reader.type(step)
    course = Course(tmp_path / "my-course")
    assert [finding.told("say-hello") for finding in lint(course, "say-hello")] == []
    assert starter.docker("ps", "--all", "--quiet") == ""

    for variant in sorted((course.root / "reference_solution" / "say-hello").iterdir()):
        starter.clear()
        starter.sh(variant / "build.sh", cwd=variant)
        reader.here = course.root
        reader.type(Command("grade say-hello", "100 / 100"))


def test_the_guide_has_its_reader_do_something() -> None:
    found = list(steps())
    assert len([step for step in found if isinstance(step, File)]) == 5
    assert len([step for step in found if isinstance(step, Command)]) >= 20


def test_the_guide_tells_every_rule() -> None:
    fixtures = (ROOT / "tests" / "verify" / "bad").glob("*.yaml")
    rules = {rule for path in fixtures for rule in re.findall(r" # ([a-z-]+): ", path.read_text(encoding="utf-8"))}
    table = set(re.findall(r"^\| `([a-z-]+)` \|", GUIDE.read_text(encoding="utf-8"), re.MULTILINE))
    assert table == rules
