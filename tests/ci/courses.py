"""Courses made by `grade new`, and `grade ci` run on them as a pipeline would."""

import os
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
NAME = "first-steps"
_COMMAND = re.compile(r"::(error|warning) file=([^,]*),line=(\d+),col=(\d+),title=grade%3A ([^:]*)::(.*)")


class Annotation(NamedTuple):
    """What GitHub shows, and where."""

    kind: str
    file: str
    line: int
    rule: str
    text: str


def grade(*args: str | Path, cwd: Path, more: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """Run the command in a folder."""
    plain = {key: value for key, value in os.environ.items() if not key.startswith(("GITHUB_", "GRADE_"))}
    environment = {**plain, "PYTHONPATH": str(ROOT), **(more or {})}
    command = [sys.executable, "-m", "grader", *map(str, args)]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=cwd, env=environment, timeout=300)


def course(folder: Path, *names: str) -> Path:
    """Make a course of these exercises, or of one."""
    for name in names or (NAME,):
        done = grade("new", name, "--course", folder, cwd=folder)
        assert done.returncode == 0, done.stderr
    return folder


def annotated(folder: Path, *args: str) -> tuple[int, list[Annotation]]:
    """Return the exit code of `grade ci` within GitHub Actions, and its annotations."""
    done = grade("ci", *args, cwd=folder, more={"GITHUB_ACTIONS": "true", "GITHUB_WORKSPACE": str(folder)})
    found = [_COMMAND.fullmatch(line) for line in done.stderr.splitlines() if line.startswith("::")]
    assert all(found), done.stderr
    assert "Traceback" not in done.stderr
    return done.returncode, [Annotation(each[1], each[2], int(each[3]), each[5], each[6]) for each in found if each]


def line_of(file: Path, text: str) -> int:
    """Return the line of a file on which a text stands first."""
    return next(number for number, line in enumerate(file.read_text().splitlines(), 1) if text in line)


def git(folder: Path, *words: str) -> None:
    """Run git in a folder, as somebody."""
    who = {"GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@b", "GIT_COMMITTER_NAME": "a", "GIT_COMMITTER_EMAIL": "a@b"}
    environment = {**os.environ, **who, "GIT_CONFIG_GLOBAL": os.devnull}
    subprocess.run(["git", *words], cwd=folder, check=True, capture_output=True, env=environment)
