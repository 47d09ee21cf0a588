"""What other packages add: the example of the documentation, installed as anybody would install it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from grader.checks import kinds
from grader.errors import UsageError
from grader.plugins import offered, plugin

ROOT = Path(__file__).parents[1]
EXAMPLE = ROOT / "docs" / "examples" / "plugin"
EVIDENCE = ROOT / "tests/verdicts/evidence/flask-nginx-mongo-mongo-also-on-public.json"
RUBRIC = """\
version: 1
title: Names
roles: {mongo: {image: mongo}}
checks:
  - {id: named, kind: called, role: mongo, name: NAME, points: 2}
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder in which the example package is installed."""
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-build-isolation"]
    subprocess.run([*command, "--target", folder, EXAMPLE], check=True, timeout=120)
    return folder


def grade(*args: str | Path, site: Path, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{site}"}
    command = [sys.executable, "-m", "grader", *map(str, args)]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=cwd, env=environment, timeout=60)


def test_a_format_of_another_package_prints_and_is_a_prefix(site: Path, tmp_path: Path) -> None:
    target = tmp_path / "report.md"
    done = grade(
        "regrade", "flask-nginx-mongo", EVIDENCE, "--format", "badge", "--output", f"badge:{target}", site=site
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "[flask-nginx-mongo: 84/100]\n", "")
    assert target.read_text(encoding="utf-8") == done.stdout


@pytest.mark.parametrize(("name", "score"), [("mongo", 2.0), ("database", 0.0)])
def test_a_kind_of_another_package_judges(site: Path, tmp_path: Path, name: str, score: float) -> None:
    (tmp_path / "rubrics").mkdir()
    (tmp_path / "rubrics" / "names.yaml").write_text(RUBRIC.replace("NAME", name), encoding="utf-8")
    done = grade("regrade", "names", EVIDENCE, "--course", tmp_path, "--format", "json", site=site)
    report = json.loads(done.stdout)
    assert (report["score"], report["complete"]) == (score, True), done.stderr


def test_its_reference_and_the_schema_know_the_kind(site: Path) -> None:
    assert "the container has the name" in grade("checks", "called", site=site).stdout.lower()
    schema = json.loads(grade("schema", "rubric", site=site).stdout)
    assert "called" in schema["properties"]["checks"]["items"]["discriminator"]["mapping"]


def test_without_the_package_its_words_are_unknown(tmp_path: Path) -> None:
    done = grade("regrade", "flask-nginx-mongo", EVIDENCE, "--format", "badge", site=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert "there is no format 'badge'" in done.stderr
    assert "called" not in kinds()


_BROKEN = {
    "raises": ("def write(report):\n    return 1 / 0\n", "the format raises failed: ZeroDivisionError"),
    "no-text": ("def write(report):\n    return 7\n", "the format no-text wrote int, not text"),
    "no-writer": ("", "the format no-writer has no write(report)"),
    "no-import": ("import nothing_of_this_name\n", "no-import of broken cannot be loaded: ModuleNotFoundError"),
}


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a package whose formats fail, each in its own way."""
    folder = tmp_path_factory.mktemp("broken")
    lines = []
    for name, (text, _) in _BROKEN.items():
        module = f"broken_{name.replace('-', '_')}"
        (folder / f"{module}.py").write_text(text, encoding="utf-8")
        lines.append(f"{name} = {module}")
    info = folder / "broken-1.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: broken\nVersion: 1\n", encoding="utf-8")
    kinds_of_it = ["[grader.checks]", "lame = broken_no_import:Kind"]
    (info / "entry_points.txt").write_text("\n".join(["[grader.reporters]", *lines, *kinds_of_it]), encoding="utf-8")
    return folder


@pytest.mark.parametrize("name", _BROKEN)
def test_a_broken_format_is_one_clear_error(broken: Path, name: str) -> None:
    done = grade("regrade", "flask-nginx-mongo", EVIDENCE, "--format", name, site=broken)
    assert done.returncode == 2, done.stderr
    assert _BROKEN[name][1] in done.stderr
    assert "Traceback" not in done.stderr


def checked(course: Path, broken: Path) -> tuple[int, list[tuple[str, int, str]]]:
    """Return the exit code of `grade ci` on a course beside a broken package, and what it found where."""
    (course / "rubrics").mkdir(exist_ok=True)
    done = grade("ci", "--no-live", "--course", course, "--format", "json", site=broken, cwd=course)
    assert "Traceback" not in done.stderr
    found = json.loads(done.stdout)["problems"]
    return done.returncode, [(each["path"], each["line"], each["text"]) for each in found if not each["remark"]]


def test_a_broken_kind_is_told_at_the_rubric_that_uses_it_and_hinders_no_other_course(
    broken: Path, tmp_path: Path
) -> None:
    assert grade("new", "sound", "--course", tmp_path, site=tmp_path, cwd=tmp_path).returncode == 0
    assert checked(tmp_path, broken) == (0, [])
    rubric = tmp_path / "rubrics" / "sound.yaml"
    rubric.write_text(rubric.read_text() + "  - {id: lame, kind: lame, points: 1}\n")
    code, ((path, line, text),) = checked(tmp_path, broken)
    assert (code, path, line) == (1, "rubrics/sound.yaml", len(rubric.read_text().splitlines()))
    assert "lame of broken cannot be loaded: ModuleNotFoundError" in text


def test_a_broken_format_takes_no_file_from_the_others(broken: Path, tmp_path: Path) -> None:
    files = [f"raises:{tmp_path}/a", f"csv:{tmp_path}/b.csv"]
    done = grade(
        "regrade", "flask-nginx-mongo", EVIDENCE, *(w for f in files for w in ("--output", f)), "--quiet", site=broken
    )
    assert done.returncode == 2
    assert (tmp_path / "b.csv").exists()
    assert not (tmp_path / "a").exists()


def test_two_packages_cannot_offer_one_name(broken: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other = tmp_path / "other-1.dist-info"
    other.mkdir()
    (other / "METADATA").write_text("Metadata-Version: 2.1\nName: other\nVersion: 1\n", encoding="utf-8")
    (other / "entry_points.txt").write_text("[grader.reporters]\nraises = elsewhere\n", encoding="utf-8")
    monkeypatch.syspath_prepend(broken)
    monkeypatch.syspath_prepend(tmp_path)
    offered.cache_clear()
    try:
        with pytest.raises(UsageError, match="both add raises"):
            plugin("grader.reporters", "raises")
    finally:
        offered.cache_clear()


def test_nothing_is_searched_for_while_all_words_are_ours() -> None:
    code = (
        "import importlib.metadata as m; m.entry_points = None\n"
        "import sys; sys.argv = ['grade', 'regrade', 'flask-nginx-mongo', sys.argv[1], '--format', 'csv']\n"
        "import grader.plugins as p; p.entry_points = None\n"
        "from grader.cli import main; main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(EVIDENCE)], capture_output=True, text=True, check=False, cwd=ROOT, timeout=60
    )
    assert (done.returncode, done.stderr) == (0, "")
