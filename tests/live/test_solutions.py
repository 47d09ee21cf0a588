"""Every reference solution, built by its own script and graded by the command as a learner runs it."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.lab.run import run
from tests.live.stage import stage

ROOT = Path(__file__).parents[2]
VARIANTS = sorted(path.parent for path in (ROOT / "reference_solution").glob("*/*/build.sh"))


@pytest.mark.live
@pytest.mark.parametrize("variant", VARIANTS, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_a_reference_solution_has_full_marks(variant: Path, request: pytest.FixtureRequest) -> None:
    exercise = variant.parent.name
    engines = stage(exercise, request)
    run(["bash", "-e", variant / "build.sh"], env=engines.environment, cwd=variant)
    command = [sys.executable, "-m", "grader", exercise, *engines.options, "--format", "json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT, timeout=120)
    report = json.loads(done.stdout)
    assert [check["id"] for check in report["checks"] if check["status"] != "passed"] == []
    assert (report["percent"], report["complete"], done.returncode, done.stderr) == (100.0, True, 0, "")


def test_there_are_reference_solutions() -> None:
    assert len(VARIANTS) >= 7
