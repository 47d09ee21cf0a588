"""Every reference solution, built by its own script, graded and removed by the commands that a learner runs."""

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest

from grader.course import builtin
from grader.observe import Settings
from grader.pipeline import grade
from grader.rubric.load import load
from grader.verify.trial import Trials, tried
from tests.lab import Engine
from tests.lab.run import run
from tests.live.stage import Stage, here, stage
from tests.live.terminal import converse

ROOT = Path(__file__).parents[2]
VARIANTS = sorted(path.parent for path in (ROOT / "reference_solution").glob("*/*/build.sh"))

UNTOLD = {"overlay/services"}
"""Builds of which the model of faults cannot tell as the engine does: it knows no virtual addresses of services."""


@pytest.mark.live
@pytest.mark.parametrize("variant", VARIANTS, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_a_reference_solution_has_full_marks_shows_every_fault_and_goes_without_a_trace(
    variant: Path, request: pytest.FixtureRequest
) -> None:
    exercise = variant.parent.name
    engines = stage(exercise, request)
    before = {name: here(engine) for name, engine in engines.engines.items()}
    run(["bash", "-e", variant / "build.sh"], env=engines.environment, cwd=variant)
    command = [sys.executable, "-m", "grader", exercise, *engines.options, "--format", "json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT, timeout=120)
    report = json.loads(done.stdout)
    assert [check["id"] for check in report["checks"] if check["status"] != "passed"] == []
    assert (report["percent"], report["complete"], done.returncode, done.stderr) == (100.0, True, 0, "")

    found = _faults(exercise, engines)
    assert found.told == (f"{exercise}/{variant.name}" not in UNTOLD)
    if found.told:
        assert ([trial.mutant.name for trial in found.survivors], found.unproven) == ([], [])
        assert [(trial.mutant.name, sorted(trial.collateral)) for trial in found.collateral] == []
        assert found.named_share > 0.9

    code, shown = converse("reset", exercise, *engines.options, answers="y\n")
    assert (code, "Removed: " in shown) == (0, True), shown
    for name, engine in engines.engines.items():
        assert _eventually_left(engine, before[name]) == set(), shown
    assert engines.sidecars == ""


def _faults(exercise: str, engines: Stage) -> Trials:
    """Return what the rubric makes of every fault on the build that stands there."""
    loaded = load(builtin().rubric(exercise))
    evidence, _ = grade(loaded, exercise, Settings(hosts=engines.hosts))
    return tried(loaded, evidence)


def _eventually_left(engine: Engine, before: set[str]) -> set[str]:
    """Return what is left, named volumes apart; a worker forgets its swarm's network a moment after the manager."""
    deadline = time.monotonic() + 30
    while True:
        names = engine.docker("network", "ls", "--no-trunc", "--format", "{{.ID}} {{.Name}}").splitlines()
        swarm = {line.split()[0] for line in names if line.split()[1] in ("docker_gwbridge", "ingress")}
        found = here(engine) - before - swarm
        named = set(engine.docker("volume", "ls", "--quiet").split())
        left = {each for each in found if each not in named or len(each) == 64}
        if not left or time.monotonic() > deadline:
            return left
        time.sleep(0.3)


def test_there_are_reference_solutions() -> None:
    assert len(VARIANTS) >= 7
