"""`grade verify` on a real engine: it builds every solution, proves the rubric, and leaves nothing behind."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from grader.observe import Settings
from grader.pipeline import grade
from grader.rubric.load import load
from grader.verify.builds import bench, standing
from grader.verify.rehearsal import rehearsed
from tests.lab import Engine, state

ROOT = Path(__file__).parents[2]
EXERCISE = "none-network"
FLAGSHIP = "flask-nginx-mongo"
PATIENCE = 300

pytestmark = pytest.mark.live


def verify(engine: Engine, *args: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "grader", "verify", EXERCISE, "--host", engine.host, *args]
    return subprocess.run(
        command, capture_output=True, text=True, check=False, cwd=ROOT, timeout=PATIENCE, env=engine.env()
    )


def things(engine: Engine) -> list[str]:
    """Return what is on an engine, grade's own image apart."""
    lists = (("ps", "-aq"), ("volume", "ls", "-q"), ("network", "ls", "--format", "{{.Name}}"))
    images = engine.docker("images", "--format", "{{.Repository}}:{{.Tag}}").split()
    return [*(word for each in lists for word in engine.docker(*each).split()), *sorted(set(images))]


def test_an_exercise_is_proven_and_the_engine_is_as_it_was(engine: Engine) -> None:
    before = [each for each in things(engine) if not each.startswith("grade-probe")]
    done = verify(engine, "--format", "json")
    (found,) = json.loads(done.stdout)
    variants = sorted(path.parent.name for path in (ROOT / "reference_solution" / EXERCISE).glob("*/build.sh"))
    assert [(each["name"], each["percent"], each["left"]) for each in found["solutions"]] == [
        (name, 100.0, []) for name in variants
    ]
    assert {fault["build"] for fault in found["faults"]} == set(variants)
    assert (found["untried"], found["findings"], found["survivors"], found["unproven"]) == ([], [], [], [])
    assert (found["holds"], done.returncode, done.stderr) == (True, 0, "")
    assert [each for each in things(engine) if not each.startswith("grade-probe")] == before


def test_the_model_tells_what_an_engine_does_of_one_fault_an_operator(starter: Engine) -> None:
    loaded = load(ROOT / "rubrics" / f"{FLAGSHIP}.yaml")
    there = bench(Settings(hosts={"default": starter.host}, settle=3))
    variant = ROOT / "reference_solution" / FLAGSHIP / "run-names"
    with standing(there, variant, ["sh", "build.sh"]) as fault:
        assert fault is None
        evidence, report = grade(loaded, FLAGSHIP, there.settings)
        assert report.percent == 100
        done = list(rehearsed(there, loaded, FLAGSHIP, evidence, lambda _: None))
        assert grade(loaded, FLAGSHIP, there.settings)[1].percent == 100
    assert {each.mutant.name: each.differences for each in done if each.differences} == {}
    assert len(done) > 20


def test_an_engine_in_use_is_left_alone(engine: Engine) -> None:
    engine.docker("network", "create", "somebodys")
    engine.docker("run", "--detach", "--name", "precious", "busybox", "sleep", "600")
    done = verify(engine)
    assert done.returncode == 2
    assert "the container precious" in done.stderr
    assert "the network somebodys" in done.stderr
    assert "--no-live" in done.stderr
    assert engine.docker("ps", "--format", "{{.Names}}").split() == ["precious"]


def test_an_engine_is_started_for_it_and_the_one_at_hand_is_left_alone(engine: Engine) -> None:
    before = things(engine)
    command = [sys.executable, "-m", "grader", "verify", EXERCISE, "--format", "json"]
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, cwd=ROOT, timeout=PATIENCE, env=engine.env()
    )
    (found,) = json.loads(done.stdout)
    assert (found["holds"], done.returncode, done.stderr) == (True, 0, "")
    assert {each["percent"] for each in found["solutions"]} == {100.0}
    assert things(engine) == before
    assert [name for name in state.names() if name.startswith("default-")] == []
