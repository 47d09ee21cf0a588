"""A learner's results: the last and the best, kept whatever else writes at the same moment, and never in the way."""

import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from grader import results
from grader.models.report import Report, RubricRef

START = datetime(2030, 1, 31, 14, 0, tzinfo=UTC)
ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    return tmp_path / "grade"


def report(percent: float | None, minutes: int = 0, exercise: str = "lab", title: str = "A lab") -> Report:
    return Report(
        exercise=exercise,
        title=title,
        rubric=RubricRef(path="lab.yaml", sha256="0"),
        tool_version="1",
        hosts={},
        started_at=START + timedelta(minutes=minutes),
        duration_s=0.5,
        complete=percent is not None,
        score=Decimal(0),
        max_score=Decimal(100),
        percent=percent,
        passed=None if percent is None else percent >= 80,
        roles={},
        checks=(),
    )


def percents(exercise: str = "lab", title: str = "A lab") -> tuple[float | None, float | None]:
    """Return the last and the best."""
    standing = results.standings()[exercise, title]
    return standing.last.percent, standing.best.percent if standing.best else None


def test_the_last_and_the_best_are_kept() -> None:
    for minutes, percent in enumerate((40, 100, 70)):
        assert results.record(report(percent, minutes))
    assert percents() == (70, 100)
    standing = results.standings()["lab", "A lab"]
    assert standing.best
    assert (standing.last.at, standing.best.at) == (START + timedelta(minutes=2), START + timedelta(minutes=1))


def test_what_was_not_graded_completely_is_the_last_and_never_the_best() -> None:
    results.record(report(None))
    assert percents() == (None, None)
    results.record(report(0, 1))
    results.record(report(None, 2))
    assert percents() == (None, 0)


def test_exercises_of_one_name_in_two_courses_are_told_apart_by_their_titles() -> None:
    results.record(report(10))
    results.record(report(90, title="Another lab"))
    assert (percents(), percents(title="Another lab")) == ((10, 10), (90, 90))


def test_a_verdict_that_comes_late_is_not_the_last() -> None:
    results.record(report(50, 5))
    results.record(report(60, 1))
    assert percents() == (50, 60)


WRITER = """
import sys
from tests.learner.test_results import report
from grader import results
for number in range(20):
    assert results.record(report(50, number, exercise=f"{sys.argv[1]}-{number}"))
"""


def test_two_processes_at_once_lose_nothing() -> None:
    running = [subprocess.Popen([sys.executable, "-c", WRITER, name], cwd=ROOT) for name in ("one", "two", "three")]
    assert [each.wait(60) for each in running] == [0, 0, 0]
    assert len(results.standings()) == 60


@pytest.mark.parametrize(
    "damage",
    [
        b"",
        b"{",
        b"\xff",
        b"[]",
        b'{"schema": "grade/results/v1"}',
        b'{"schema": "grade/results/v1", "exercises": [1, {"exercise": "x"}]}',
        b'{"schema": "grade/results/v1", "exercises": {"lab": 1}}',
    ],
)
def test_a_damaged_file_is_no_obstacle(folder: Path, damage: bytes) -> None:
    folder.mkdir()
    (folder / "results.json").write_bytes(damage)
    assert results.standings() == {}
    assert results.record(report(50))
    assert percents() == (50, 50)


def test_one_damaged_entry_costs_no_other(folder: Path) -> None:
    results.record(report(50))
    results.record(report(60, exercise="other"))
    held = json.loads((folder / "results.json").read_text())
    held["exercises"][0]["last"]["percent"] = 1000
    (folder / "results.json").write_text(json.dumps(held))
    assert list(results.standings()) == [("other", "A lab")]


def test_the_file_of_a_later_version_is_left_alone(folder: Path) -> None:
    folder.mkdir()
    text = '{"schema": "grade/results/v2", "mine": 1}'
    (folder / "results.json").write_text(text)
    assert not results.record(report(50))
    assert (folder / "results.json").read_text() == text


def test_a_place_that_cannot_be_written_is_told_and_raises_nothing(folder: Path) -> None:
    folder.write_text("a file where the folder should be")
    assert not results.record(report(50))
    assert results.standings() == {}


def test_only_its_owner_may_look_into_the_folder(folder: Path) -> None:
    results.record(report(50))
    if sys.platform != "win32":
        assert folder.stat().st_mode & 0o077 == 0
