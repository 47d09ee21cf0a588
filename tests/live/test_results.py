"""Live verdicts are kept for the learner, and evidence that is handed in names whose it is."""

import json
import os
from pathlib import Path

import pytest

from tests.lab import Engine
from tests.live.terminal import converse
from tests.live.test_faults import EXERCISE, grade

pytestmark = pytest.mark.live


def kept(folder: Path) -> dict[str, tuple[float, float]]:
    held = json.loads((folder / "grade/results.json").read_text())
    return {each["exercise"]: (each["last"]["percent"], each["best"]["percent"]) for each in held["exercises"]}


def test_a_live_grade_is_kept_and_a_regrade_is_not(engine: Engine, tmp_path: Path) -> None:
    env = {"XDG_STATE_HOME": str(tmp_path), "DOCKER_HOST": engine.host}
    first = grade(EXERCISE, "--quiet", env=env)
    assert (first.returncode, first.stdout, first.stderr) == (1, "", "")
    assert kept(tmp_path) == {EXERCISE: (0, 0)}
    engine.docker("network", "create", "public-net-1")
    grade(EXERCISE, env=env)
    last, best = kept(tmp_path)[EXERCISE]
    assert last == best > 0
    file = tmp_path / "mine.json"
    assert grade("snapshot", EXERCISE, "-o", file, env=env).returncode == 0
    engine.docker("network", "rm", "public-net-1")
    grade(EXERCISE, env=env)
    assert kept(tmp_path) == {EXERCISE: (0, best)}
    grade("regrade", EXERCISE, file, env=env)
    assert kept(tmp_path) == {EXERCISE: (0, best)}
    listed = grade("list", env=env)
    assert f"best {best:g} %, last 0 %" in listed.stdout
    assert "sent nowhere" in listed.stderr
    code, shown = converse("list", env=env)
    assert (code, f"best {best:g} %, last 0 %" in shown) == (0, True)


def test_a_state_folder_that_cannot_be_written_stops_no_grade(engine: Engine, tmp_path: Path) -> None:
    (tmp_path / "grade").write_text("in the way")
    env = {"XDG_STATE_HOME": str(tmp_path), "DOCKER_HOST": engine.host}
    done = grade(EXERCISE, "--format", "json", env=env)
    assert (done.returncode, json.loads(done.stdout)["percent"]) == (1, 0.0)
    assert done.stderr.startswith("note: this result could not be kept in ")
    assert grade(EXERCISE, "--quiet", env=env).stderr == ""
    assert grade("list", env=env).returncode == 0


def test_evidence_names_its_learner_and_says_what_it_holds(engine: Engine, tmp_path: Path) -> None:
    engine.docker("run", "--detach", "--name", "web", "--env", "SECRET=hunter2", "nginx")
    file = tmp_path / "s001.json"
    env = {**os.environ, "DOCKER_HOST": engine.host}
    done = grade("snapshot", EXERCISE, "--learner", " s001 ", "-o", file, env=env)
    assert (done.returncode, done.stdout) == (0, "")
    for words in ("names as its learner s001", "1 container ", "Not in it:", "the values of environment variables"):
        assert words in done.stderr
    text = file.read_text()
    assert json.loads(text)["learner"] == "s001"
    assert ("hunter2" in text, "SECRET" in text) == (False, True)
    again = grade("regrade", EXERCISE, file)
    assert "names 's001' as its learner" in again.stderr
    nameless = tmp_path / "nameless.json"
    done = grade("snapshot", EXERCISE, "-o", nameless, env=env)
    assert "nobody (--learner ID says whose it is)" in done.stderr
    assert "learner" not in json.loads(nameless.read_text())
