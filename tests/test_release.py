"""A release: an sdist, the wheel that comes of it, and an installation where there is no compiler."""

import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
EVIDENCE = ROOT / "tests/verdicts/evidence/flask-nginx-mongo-mongo-also-on-public.json"
COMPILERS = ("cc", "gcc", "clang", "tcc", "c99", "musl-gcc", "zig")


@pytest.fixture(scope="module")
def distributions(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Return the sdist and the wheel that was built from it."""
    folder = tmp_path_factory.mktemp("dist")
    command: list[str | Path] = [sys.executable, "-m", "build", "--no-isolation", "--outdir", folder, ROOT]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stderr
    (sdist,), (wheel,) = folder.glob("*.tar.gz"), folder.glob("*.whl")
    return sdist, wheel


def test_the_index_would_take_both(distributions: tuple[Path, Path]) -> None:
    command: list[str | Path] = [sys.executable, "-m", "twine", "--no-color", "check", "--strict", *distributions]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stdout
    assert done.stdout.count("PASSED") == 2


def test_the_wheel_of_the_sdist_lacks_nothing_and_has_no_solution(distributions: tuple[Path, Path]) -> None:
    sdist, wheel = distributions
    with tarfile.open(sdist) as archive:
        source = {name.partition("/")[2] for name in archive.getnames()}
    packed = set(zipfile.ZipFile(wheel).namelist())
    ours = subprocess.run(["git", "ls-files", "grader"], cwd=ROOT, capture_output=True, text=True, check=True)
    assert set(ours.stdout.split()) <= source & packed
    assert {"grader/py.typed", "grader/__init__.pyi", "grader/package/files/setup.sh"} <= packed
    assert not [name for name in packed if "solution" in name or name.startswith(("tests/", "docs/"))]


def test_its_entry_points_are_those_that_are_documented(distributions: tuple[Path, Path]) -> None:
    archive = zipfile.ZipFile(distributions[1])
    (name,) = [each for each in archive.namelist() if each.endswith("entry_points.txt")]
    said = archive.read(name).decode()
    assert "[console_scripts]\ngrade = grader.cli:main" in said
    assert "[pytest11]\ngrade = grader.pytest_plugin" in said


def test_pipx_installs_it_where_there_is_no_compiler(distributions: tuple[Path, Path], tmp_path: Path) -> None:
    tools = tmp_path / "tools"
    tools.mkdir()
    environment = {
        **{key: value for key, value in os.environ.items() if not key.startswith(("GRADE_", "PYTHON"))},
        "PATH": str(tools),
        "PIPX_HOME": str(tmp_path / "pipx"),
        "PIPX_BIN_DIR": str(tmp_path / "bin"),
        "PIPX_DEFAULT_PYTHON": sys.executable,
    }
    assert not any(shutil.which(name, path=str(tools)) for name in COMPILERS)
    command: list[str | Path] = [sys.executable, "-m", "pipx", "install", "--quiet", distributions[1]]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment, timeout=300)
    assert done.returncode == 0, done.stderr
    grade = tmp_path / "bin" / "grade"
    judged = subprocess.run(
        [grade, "regrade", "flask-nginx-mongo", EVIDENCE, "--format", "csv"],
        capture_output=True, text=True, check=False, env=environment, cwd=tmp_path, timeout=60,
    )  # fmt: skip
    assert (judged.returncode, judged.stderr) == (0, "")
    assert "graded,84,100" in judged.stdout
    formats = subprocess.run([grade, "schema", "report"], capture_output=True, check=True, env=environment, timeout=60)
    assert formats.stdout.startswith(b"{")
