"""Hints on a real engine: another state, another ladder; and what was asked for travels with the evidence."""

import json
from pathlib import Path

import pytest

from tests.lab import Engine
from tests.live.test_faults import EXERCISE, SIDECARS, grade

pytestmark = pytest.mark.live


def hinted(engine: Engine, memory: Path, check: str) -> str:
    env = {"XDG_STATE_HOME": str(memory), "COLUMNS": "120"}
    done = grade("hint", EXERCISE, check, "--host", engine.host, env=env)
    assert (done.returncode, done.stderr) == (0, "")
    return " ".join(done.stdout.split())


def test_the_ladder_changes_with_the_state_and_is_told_in_the_report(engine: Engine, tmp_path: Path) -> None:
    missing = [hinted(engine, tmp_path, "public-net") for _ in range(2)]
    assert ["Hint 1 of 3 Docker brings a few" in missing[0], "Hint 2 of 3" in missing[1]] == [True, True]
    engine.docker("swarm", "init", "--advertise-addr", "127.0.0.1")
    try:
        engine.docker("network", "create", "--driver", "overlay", "public-net-1")
        other = hinted(engine, tmp_path, "public-net")
        assert "public-net-1 has the driver overlay, not bridge" in other
        assert "Hint 1 of 3 A network called public-net-1 is there, but it is of another kind" in other
        _is_told_in_the_report(engine, tmp_path)
    finally:
        engine.docker("swarm", "leave", "--force")
    assert engine.docker(*SIDECARS) == ""


def _is_told_in_the_report(engine: Engine, folder: Path) -> None:
    env, file = {"XDG_STATE_HOME": str(folder)}, folder / "me.json"
    live = grade(EXERCISE, "--host", engine.host, "--format", "json", env=env)
    grade("snapshot", EXERCISE, "-o", file, "--host", engine.host, env=env)
    again = grade("regrade", EXERCISE, file, "--format", "json", env={"XDG_STATE_HOME": str(folder / "nobody")})
    first, second = (json.loads(done.stdout)["checks"] for done in (live, again))
    assert first == second
    told = [check["evidence"][-1] for check in first if check["id"] == "public-net"]
    assert told == ["hints asked for: 2 of 3"]
