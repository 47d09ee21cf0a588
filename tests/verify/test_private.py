"""A course's own engines: offered, not to be had, or told in words that nobody understands."""

import os
import sys
from pathlib import Path

import pytest

from grader.course import Course
from grader.errors import UsageError
from grader.verify.private import PrivateEngines

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the program of a course is a script for POSIX shells")

TELLS = """echo '{"hosts": {"a": "unix:///a", "b": "unix:///b"}, "environment": {"X": "1"}}' """


def course(root: Path, script: str) -> Course:
    (root / "reference_solution").mkdir()
    program = root / "reference_solution" / "engine"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    return Course(root)


def test_engines_are_started_once_and_end_when_we_need_them_no_more(tmp_path: Path) -> None:
    log = tmp_path / "log"
    found = course(tmp_path, f'echo "up $*" >> {log}; {TELLS}; cat; echo down >> {log}')
    notes: list[str] = []
    with PrivateEngines(found, notes.append) as engines:
        first = engines.of(("a", "b"))
        assert first is engines.of(("a", "b"))
        assert first is not None
        assert (first.hosts, first.environment) == ({"a": "unix:///a", "b": "unix:///b"}, {"X": "1"})
        assert log.read_text() == "up a b\n"
    assert log.read_text() == "up a b\ndown\n"
    assert notes == []


def test_a_course_without_engines_offers_none(tmp_path: Path) -> None:
    notes: list[str] = []
    with PrivateEngines(Course(tmp_path), notes.append) as engines:
        assert engines.of(("default",)) is None
    assert notes == []


def test_where_none_can_start_the_reason_is_told_once(tmp_path: Path) -> None:
    notes: list[str] = []
    with PrivateEngines(course(tmp_path, 'echo "it needs root" >&2; exit 1'), notes.append) as engines:
        assert [engines.of(("default",)), engines.of(("default",))] == [None, None]
    assert notes == ["no engine of the course's own: it needs root; building on the engine at hand"]


@pytest.mark.parametrize("said", ["Starting!", "[]", '{"hosts": {"b": "unix:///b"}}', '{"hosts": 3}'])
def test_words_that_tell_no_engine_are_shown(said: str, tmp_path: Path) -> None:
    log = tmp_path / "log"
    found = course(tmp_path, f"echo '{said}'; cat; echo down >> {log}")
    with PrivateEngines(found, print) as engines, pytest.raises(UsageError, match="printed"):
        engines.of(("a",))
    assert log.read_text() == "down\n"


def test_ours_can_be_run() -> None:
    assert os.access(Path(__file__).parents[2] / "reference_solution" / "engine", os.X_OK)
