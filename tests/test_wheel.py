"""What a wheel carries, and that the command works from it alone."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation"]
    subprocess.run([*command, "--wheel-dir", folder, ROOT], check=True, timeout=300)
    (built,) = folder.glob("*.whl")
    return built


def test_the_wheel_carries_the_course_and_the_probe_and_no_solutions(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert "grader/builtin/rubrics/flask-nginx-mongo.yaml" in names
    assert "grader/builtin/exercises/flask-nginx-mongo/brief.md" in names
    assert "grader/scaffold/templates/rubric.yaml.jinja" in names
    assert {"grader/reporters/templates/house.css", "grader/reporters/html/templates/report.html.jinja"} <= set(names)
    assert any(name.startswith("grader/probe/bin/probe-") for name in names)
    assert not [name for name in names if "solution" in name or name.startswith("tests")]


def test_the_command_works_from_the_wheel_alone(wheel: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "site")
    script = "import sys; sys.path.insert(0, sys.argv.pop(1)); from grader.cli import main; main()"
    evidence = ROOT / "tests/verdicts/evidence/flask-nginx-mongo-mongo-also-on-public.json"
    command = [
        sys.executable,
        "-P",
        "-c",
        script,
        str(tmp_path / "site"),
        "regrade",
        "flask-nginx-mongo",
        str(evidence),
    ]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
    assert "84 / 100" in done.stdout
