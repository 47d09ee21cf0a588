"""A new exercise is sound on a real engine: nothing earns nothing, and its own solution everything."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.lab import Engine

ROOT = Path(__file__).parents[2]


def grade(*args: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    environment = {"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"}
    command = [sys.executable, "-m", "grader", *args]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=cwd, env=environment, timeout=120)


@pytest.mark.live
def test_a_new_exercise_is_built_by_its_own_solution(starter: Engine, tmp_path: Path) -> None:
    assert grade("new", "first-steps", "--course", str(tmp_path), cwd=tmp_path).returncode == 0
    command = ("first-steps", "--host", starter.host, "--format", "json")

    nothing = grade(*command, cwd=tmp_path)
    report = json.loads(nothing.stdout)
    assert (report["percent"], report["complete"], nothing.returncode) == (0.0, True, 1)

    variant = tmp_path / "reference_solution" / "first-steps" / "run"
    starter.sh(variant / "build.sh", cwd=variant)
    built = grade(*command, cwd=tmp_path)
    report = json.loads(built.stdout)
    assert (report["percent"], report["complete"], built.returncode) == (100.0, True, 0), report["checks"]
