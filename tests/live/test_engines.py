"""What can go wrong with two real engines at once: a clear end each time, and no sidecar left on either."""

import json
import signal
import subprocess
import threading
from pathlib import Path

import pytest

from tests.lab.fixtures import Pair
from tests.live.proxy import proxy
from tests.live.test_faults import MOMENTS, PATIENCE, SIDECARS, assert_ends, command, grade

OVERLAY = "overlay"

pytestmark = pytest.mark.live


def options(manager: str, worker: str) -> list[str]:
    return [OVERLAY, "--host", f"manager={manager}", "--host", f"worker={worker}"]


def assert_no_sidecars(pair: Pair) -> None:
    assert [engine.docker(*SIDECARS) for engine in pair] == ["", ""]


@pytest.fixture
def busy(pair: Pair) -> Pair:
    """Return two engines with a container each, into which a grade looks."""
    for engine, name in zip(pair, ("alpha", "beta"), strict=True):
        engine.docker("run", "--detach", "--name", name, "busybox", "sleep", "600")
    return pair


def test_two_empty_engines_earn_nothing_and_one_file_holds_both(pair: Pair, tmp_path: Path) -> None:
    file = tmp_path / "evidence.json"
    done = grade("snapshot", *options(pair.manager.host, pair.worker.host), "--output", file)
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
    assert list(json.loads(file.read_text())["hosts"]) == ["manager", "worker"]
    again = grade("regrade", OVERLAY, file, "--format", "json")
    assert (again.returncode, json.loads(again.stdout)["percent"]) == (1, 0.0)


def test_one_engine_at_two_addresses_is_told(pair: Pair, tmp_path: Path) -> None:
    with proxy(tmp_path, pair.manager.host, lambda _: None) as host:
        done = grade(*options(pair.manager.host, host))
    assert_ends(done, 2, "manager and worker are one engine, at two addresses", "an engine of its own")


def test_engines_named_the_wrong_way_round_are_told(pair: Pair) -> None:
    pair.manager.docker("swarm", "init")
    token = pair.manager.docker("swarm", "join-token", "--quiet", "worker").strip()
    pair.worker.docker("swarm", "join", "--token", token, f"{pair.manager.address}:2377")
    done = grade(*options(pair.worker.host, pair.manager.host), "--settle", "0", "--format", "json")
    causes = {check["id"]: check["cause"] for check in json.loads(done.stdout)["checks"]}
    told = "manager is a worker and worker a manager: are the two --host the wrong way round?"
    assert (causes["swarm-manager"], causes["swarm-worker"]) == (told, told)


def test_a_frozen_engine_is_told_by_its_name(busy: Pair) -> None:
    busy.worker.pause_daemon()
    try:
        done = grade(*options(busy.manager.host, busy.worker.host), "--timeout", "1")
    finally:
        busy.worker.resume_daemon()
    assert_ends(done, 3, f"worker: the engine at {busy.worker.host}", "does not answer")
    assert_no_sidecars(busy)


@pytest.mark.parametrize("moment", MOMENTS)
def test_an_engine_that_freezes_in_the_middle_is_told_by_its_name(moment: str, busy: Pair, tmp_path: Path) -> None:
    over = threading.Event()

    def freeze(request: str) -> bytes | None:
        if MOMENTS[moment].match(request):
            over.wait(PATIENCE)
            return b""
        return None

    with proxy(tmp_path, busy.worker.host, freeze) as host:
        done = grade(*options(busy.manager.host, host), "--timeout", "1", "--settle", "0")
        over.set()
    assert_ends(done, 3, f"worker: the engine at {host}", "does not answer")
    assert_no_sidecars(busy)


@pytest.mark.parametrize("moment", MOMENTS)
def test_an_interruption_leaves_nothing_on_either_engine(moment: str, busy: Pair, tmp_path: Path) -> None:
    running: list[subprocess.Popen[str]] = []
    struck = threading.Lock()

    def strike(request: str) -> None:
        if MOMENTS[moment].match(request) and struck.acquire(blocking=False):
            running[0].send_signal(signal.SIGINT)

    with proxy(tmp_path, busy.worker.host, strike) as host:
        pipe = subprocess.PIPE
        asked = command(*options(busy.manager.host, host))
        running.append(subprocess.Popen(asked, stdout=pipe, stderr=pipe, text=True, cwd=Path(__file__).parents[2]))
        out, err = running[0].communicate(timeout=PATIENCE)
    assert (running[0].returncode, out, err.strip()) == (130, "", "grade: interrupted")
    assert_no_sidecars(busy)
