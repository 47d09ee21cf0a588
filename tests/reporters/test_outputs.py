"""One report to several places, and what stops it."""

import json
import os
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

from grader.errors import OutputError, UsageError
from grader.reporters import FORMATS, plan_outputs

from . import samples


def test_the_screen_and_every_file_get_the_report(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    plan_outputs("json", [f"{tmp_path}/a.txt", f"json:{tmp_path}/b"])(samples.one_fault())
    assert json.loads(capsys.readouterr().out)["score"] == 84.0
    assert (tmp_path / "a.txt").read_text(encoding="utf-8").startswith("Flask, Nginx, MongoDB\n")
    assert json.loads((tmp_path / "b").read_text(encoding="utf-8"))["score"] == 84.0


def test_quiet_prints_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    plan_outputs("terminal", [], quiet=True)(samples.one_fault())
    assert capsys.readouterr().out == ""


def test_the_screen_gets_the_report_for_people(capsys: pytest.CaptureFixture[str]) -> None:
    plan_outputs("terminal", [])(samples.one_fault())
    assert "What to mend" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("style", "remedy"),
    [("jsn", "did you mean json?"), ("JSON", "did you mean json?"), ("x", "say one of json, ")],
)
def test_an_unknown_format_is_told_before_anything_is_graded(style: str, remedy: str) -> None:
    with pytest.raises(UsageError) as caught:
        plan_outputs(style, [])
    assert caught.value.remedy.startswith(remedy)


def test_two_reports_in_one_file_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="two reports"):
        plan_outputs("json", [f"json:{tmp_path}/a", f"terminal:{tmp_path}/a"])


def test_a_format_asked_for_twice_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="asks twice for the format junit"):
        plan_outputs("json", [f"{tmp_path}/a.xml", f"junit:{tmp_path}/b"])


def test_the_platform_of_a_format_is_looked_for_before_anything_is_graded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SUBMISSION_TAG", raising=False)
    with pytest.raises(UsageError, match="SUBMISSION_TAG"):
        plan_outputs("json", [f"classroom50:{tmp_path}/result.json"])


def test_what_programs_read_is_utf8_whatever_the_terminal_is_used_to() -> None:
    code = (
        "from grader.reporters import plan_outputs; from tests.reporters.samples import hostile\n"
        "plan_outputs('markdown', [])(hostile())"
    )
    here = Path(__file__).parents[2]
    environment = {**os.environ, "PYTHONIOENCODING": "ascii"}
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False, cwd=here, env=environment)
    assert (ended.returncode, ended.stderr) == (0, b"")
    assert "日本語" in ended.stdout.decode("utf-8")


@pytest.mark.parametrize("path", ["gone/a.json", ""])
def test_a_place_that_cannot_work_is_told_before_anything_is_graded(tmp_path: Path, path: str) -> None:
    with pytest.raises(OutputError):
        plan_outputs("json", [f"json:{tmp_path / path}"])


def test_one_file_that_fails_takes_nothing_from_the_others(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "later").mkdir()
    write = plan_outputs("json", [f"{tmp_path}/later/a.json", f"{tmp_path}/b.csv"])
    (tmp_path / "later").rmdir()
    with pytest.raises(OutputError, match=r"a\.json"):
        write(samples.one_fault())
    assert (tmp_path / "b.csv").exists()
    assert capsys.readouterr().out.startswith("{")


@pytest.mark.parametrize("style", ["terminal", "json"])
def test_a_reader_that_has_enough_changes_nothing(style: str) -> None:
    code = (
        "from grader.reporters import plan_outputs; from tests.reporters.samples import one_fault\n"
        f"plan_outputs({style!r}, [])(one_fault()); raise SystemExit(7)"
    )
    reading, writing = os.pipe()
    os.close(reading)
    command, here = [sys.executable, "-c", code], Path(__file__).parents[2]
    ended = subprocess.run(command, stdout=writing, stderr=subprocess.PIPE, check=False, cwd=here)
    os.close(writing)
    assert (ended.returncode, ended.stderr) == (7, b"")


@pytest.mark.parametrize("name", FORMATS)
def test_a_format_says_whether_its_module_has_to_be_asked_beforehand(name: str) -> None:
    assert hasattr(import_module(FORMATS[name].module), "prepare") == FORMATS[name].prepares
