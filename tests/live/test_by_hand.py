"""The commands that `grade explain` gives learners, run as they stand on a real build."""

import subprocess
from pathlib import Path

import pytest

from grader.evaluate import scene_of
from grader.observe import Settings
from grader.pipeline import grade
from grader.rubric.load import load
from tests.lab import Engine

ROOT = Path(__file__).parents[2]
EXERCISE = "flask-nginx-mongo"
PATIENCE = 60


@pytest.mark.live
def test_every_command_can_be_run_by_hand(starter: Engine) -> None:
    variant = ROOT / "reference_solution" / EXERCISE / "run-names"
    starter.sh(variant / "build.sh", cwd=variant)
    loaded = load(ROOT / "rubrics" / f"{EXERCISE}.yaml")
    evidence, _ = grade(loaded, EXERCISE, Settings(hosts={"default": starter.host}))
    scene = scene_of(loaded, evidence)
    said = {check.id: _printed(check.by_hand(scene), starter) for check in loaded.rubric.checks}
    assert said["nginx-attached"].split() == ["public-net-1"]
    assert said["mongo-image"].strip() == "mongo:7"
    assert said["nginx-to-flask"].strip() == "open"
    assert said["mongo-is-private"].strip() == "closed"
    assert "flask-app" in said["nginx-finds-flask"]
    assert "200" in said["page-works"]
    assert "8080" in said["nginx-published"]


def _printed(command: str, engine: Engine) -> str:
    """Run a command as a learner would and return all that it prints; it has to succeed."""
    done = subprocess.run(
        ["bash", "-c", command], env=engine.env(), capture_output=True, text=True, check=False, timeout=PATIENCE
    )
    assert done.returncode == 0, (command, done.stdout, done.stderr)
    return done.stdout + done.stderr
