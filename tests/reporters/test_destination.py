"""Where a report goes, and that an old one survives a failure."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from grader.errors import OutputError, UsageError
from grader.reporters import FORMATS
from grader.reporters.destination import Destination, destination

from . import samples


@pytest.mark.parametrize(
    ("word", "format_", "path"),
    [
        ("report.json", "json", "report.json"),
        ("REPORT.JSON", "json", "REPORT.JSON"),
        ("json:report.txt", "json", "report.txt"),
        ("terminal:report", "terminal", "report"),
        ("out/report.txt", "terminal", "out/report.txt"),
        ("week:3.json", "json", "week:3.json"),
        (r"C:\lab\report.json", "json", r"C:\lab\report.json"),
        ("json:terminal:x", "json", "terminal:x"),
        ("results.xml", "junit", "results.xml"),
        ("marks.csv", "csv", "marks.csv"),
        ("summary.md", "markdown", "summary.md"),
        ("gradescope:results.json", "gradescope", "results.json"),
        ("classroom50:result.json", "classroom50", "result.json"),
    ],
)
def test_a_known_prefix_or_else_the_suffix_decides(word: str, format_: str, path: str) -> None:
    assert destination(word) == Destination(format_, Path(path))


@pytest.mark.parametrize(
    ("word", "advice"),
    [
        ("jsn:report", "did you mean json:report?"),
        ("terminl:out/report", "did you mean terminal:out/report?"),
        ("report.jsno", "did you mean report.json?"),
        ("report", "say one of json:FILE (FILE.json)"),
        ("report.doc", "say one of json:FILE (FILE.json)"),
        ("json:", "for standard output say --format json"),
        ("-", "for standard output say --format"),
        ("", "for standard output say --format"),
    ],
)
def test_a_word_that_tells_no_format_gets_advice(word: str, advice: str) -> None:
    with pytest.raises(UsageError) as caught:
        destination(word)
    assert caught.value.remedy.startswith(advice)
    assert repr(word) in caught.value.message


def test_no_suffix_means_two_formats() -> None:
    suffixes = [known.suffix for known in FORMATS.values() if known.suffix]
    assert len(set(suffixes)) == len(suffixes)


def test_a_report_is_written(tmp_path: Path) -> None:
    destination(f"{tmp_path}/report.json").save(samples.one_fault())
    assert json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))["score"] == 84.0
    assert [each.name for each in tmp_path.iterdir()] == ["report.json"]


def test_an_old_report_survives_a_failed_write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old = tmp_path / "report.json"
    old.write_text("old", encoding="utf-8")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OutputError, match="No space left on device"):
        destination(str(old)).save(samples.one_fault())
    assert old.read_text(encoding="utf-8") == "old"
    assert [each.name for each in tmp_path.iterdir()] == ["report.json"]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows knows no such modes, and lets few make links")
def test_a_replaced_report_keeps_its_mode_and_its_link(tmp_path: Path) -> None:
    real, name = tmp_path / "real.json", tmp_path / "report.json"
    real.write_text("old", encoding="utf-8")
    real.chmod(0o640)
    name.symlink_to(real)
    destination(str(name)).save(samples.one_fault())
    assert name.is_symlink()
    assert real.stat().st_mode & 0o777 == 0o640
    assert real.read_text(encoding="utf-8").startswith("{")


def test_a_new_report_is_as_readable_as_any_new_file(tmp_path: Path) -> None:
    (tmp_path / "other").touch()
    destination(f"{tmp_path}/report.json").save(samples.one_fault())
    assert (tmp_path / "report.json").stat().st_mode == (tmp_path / "other").stat().st_mode


def test_a_device_is_written_to_and_not_replaced() -> None:
    destination(f"json:{os.devnull}").save(samples.one_fault())
    assert not Path(os.devnull).is_file()


@pytest.mark.parametrize(("path", "remedy"), [("gone/report.json", "make the folder "), ("", "name a file in it")])
def test_an_unwritable_path_is_told_with_a_remedy(tmp_path: Path, path: str, remedy: str) -> None:
    with pytest.raises(OutputError) as caught:
        destination(f"json:{tmp_path / path}").save(samples.one_fault())
    assert caught.value.remedy.startswith(remedy)
    assert str(tmp_path) in caught.value.message


def test_a_read_only_report_is_not_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old = tmp_path / "report.json"
    old.write_text("old", encoding="utf-8")
    # Root may write to everything, so the answer is given here and not by the file's mode.
    monkeypatch.setattr(os, "access", lambda *_: False)
    with pytest.raises(OutputError, match="read-only"):
        destination(str(old)).save(samples.one_fault())
    assert old.read_text(encoding="utf-8") == "old"


def test_json_costs_no_terminal_library() -> None:
    modules = "grader.reporters.destination, grader.reporters.json_report"
    code = f"import sys, {modules}; sys.exit('rich' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
