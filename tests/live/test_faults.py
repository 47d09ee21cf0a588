"""What can go wrong with a real engine: a clear end each time, the documented exit code, no sidecar left."""

import json
import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.impostors import says
from tests.lab import Engine
from tests.live.proxy import proxy

ROOT = Path(__file__).parents[2]
EXERCISE = "flask-nginx-mongo"
SOLUTION = ROOT / "reference_solution" / EXERCISE / "run-names"
SIDECARS = ("ps", "--all", "--quiet", "--filter", "label=grade.run")
PATIENCE = 60
CAST = ("--role", "nginx=nginx", "--role", "flask=flask-app", "--role", "mongo=mongo")
"""Who plays what, where no sandbox can tell."""

pytestmark = pytest.mark.live

_CREATE = re.compile(r"POST \S+/containers/create")
_START = re.compile(r"POST \S+/containers/\w+/start")
_WAIT = re.compile(r"POST \S+/containers/\w+/wait")
_LOGS = re.compile(r"GET \S+/containers/\w+/logs")
_INSPECT = re.compile(r"GET \S+/containers/\w+/json")
MOMENTS = {"inspect": _INSPECT, "create": _CREATE, "start": _START, "wait": _WAIT, "logs": _LOGS}


def command(*args: str | Path) -> list[str]:
    # A job in the background, such as a CI runner's, may hand down an ignored SIGINT.
    return ["env", "--default-signal=INT", sys.executable, "-m", "grader", *map(str, args)]


def grade(*args: str | Path, env: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """Run the command as a learner does."""
    environment = {**os.environ, **(env or {})}
    return subprocess.run(
        command(*args), capture_output=True, text=True, check=False, cwd=ROOT, timeout=PATIENCE, env=environment
    )


def assert_ends(done: subprocess.CompletedProcess[str], code: int, *words: str) -> None:
    """Assert the exit code, one message with these words, and that there is no traceback."""
    assert (done.returncode, [word for word in words if word not in done.stderr]) == (code, []), done.stderr
    assert "Traceback" not in done.stderr


@pytest.fixture
def busy(engine: Engine) -> Engine:
    """Return an engine with three containers that do nothing, whose sandboxes a grade looks into."""
    for name in ("nginx", "flask-app", "mongo"):
        engine.docker("run", "--detach", "--name", name, "busybox", "sleep", "600")
    return engine


def test_a_frozen_engine_is_told(engine: Engine) -> None:
    engine.pause_daemon()
    try:
        done = grade(EXERCISE, "--host", engine.host, "--timeout", "1")
    finally:
        engine.resume_daemon()
    assert_ends(done, 3, engine.host, "does not answer", "--timeout")
    assert done.stdout == ""


@pytest.mark.parametrize("moment", MOMENTS)
def test_an_engine_that_freezes_in_the_middle_is_told(moment: str, busy: Engine, tmp_path: Path) -> None:
    over = threading.Event()

    def freeze(request: str) -> bytes | None:
        if MOMENTS[moment].match(request):
            over.wait(PATIENCE)
            return b""
        return None

    with proxy(tmp_path, busy.host, freeze) as host:
        done = grade(EXERCISE, "--host", host, "--timeout", "1", "--settle", "0")
        over.set()
    assert_ends(done, 3, "does not answer")
    assert busy.docker(*SIDECARS) == ""


def test_after_an_engine_froze_for_good_the_sidecars_expire(busy: Engine, tmp_path: Path) -> None:
    over = threading.Event()
    frozen = threading.Event()

    def freeze(request: str) -> bytes | None:
        if frozen.is_set() or _START.match(request):
            frozen.set()
            over.wait(PATIENCE)
            return b""
        return None

    with proxy(tmp_path, busy.host, freeze) as host:
        done = grade(EXERCISE, "--host", host, "--timeout", "1", "--settle", "0")
        over.set()
    assert_ends(done, 3, "does not answer")
    left = busy.docker(*SIDECARS).split()
    labels = json.loads(busy.docker("inspect", *left))
    assert all(each["Config"]["Labels"]["grade.expires"].isdecimal() for each in labels)


@pytest.mark.parametrize("wish", ["SIGINT", "SIGTERM"])
@pytest.mark.parametrize("moment", MOMENTS)
def test_an_interruption_leaves_nothing(moment: str, wish: str, busy: Engine, tmp_path: Path) -> None:
    running: list[subprocess.Popen[str]] = []
    struck = threading.Lock()

    def strike(request: str) -> None:
        if MOMENTS[moment].match(request) and struck.acquire(blocking=False):
            running[0].send_signal(signal.Signals[wish])

    with proxy(tmp_path, busy.host, strike) as host:
        running.append(_started(EXERCISE, "--host", host))
        out, err = running[0].communicate(timeout=PATIENCE)
    assert (running[0].returncode, out, err.strip()) == (130, "", "grade: interrupted")
    assert busy.docker(*SIDECARS) == ""


def _started(*args: str) -> subprocess.Popen[str]:
    pipe = subprocess.PIPE
    return subprocess.Popen(command(*args), stdout=pipe, stderr=pipe, text=True, cwd=ROOT)


def test_an_engine_that_refuses_sidecars_costs_nothing(busy: Engine, tmp_path: Path) -> None:
    def refuse(request: str) -> bytes | None:
        return says({"message": "no space left"}, "500 Internal Server Error") if _CREATE.match(request) else None

    with proxy(tmp_path, busy.host, refuse) as host:
        done = grade(EXERCISE, "--host", host, *CAST, "--settle", "0", "--output", tmp_path / "report.json")
    assert (done.returncode, done.stderr, "costs you nothing" in done.stdout) == (3, "", True)
    report = json.loads((tmp_path / "report.json").read_text())
    assert (report["complete"], report["percent"], report["passed"]) == (False, None, None)
    assert "no space left" in json.dumps(report)


def test_a_probe_image_that_vanishes_costs_nothing(busy: Engine, tmp_path: Path) -> None:
    def vanish(request: str) -> None:
        if _CREATE.match(request):
            images = busy.docker("images", "--quiet", "grade-probe").split()
            busy.docker("rmi", "--force", *images, check=False)

    with proxy(tmp_path, busy.host, vanish) as host:
        done = grade(EXERCISE, "--host", host, *CAST, "--settle", "0")
    assert (done.returncode, done.stderr) == (3, "")
    assert "No such image" in done.stdout
    assert_graded_again(busy)


def assert_graded_again(engine: Engine) -> None:
    """Assert that the next grade does not suffer from what went wrong in the last one."""
    assert grade(EXERCISE, "--host", engine.host, "--settle", "0", "--quiet").returncode in (0, 1)


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_container_removed_meanwhile_is_judged_all_the_same(moment: str, starter: Engine, tmp_path: Path) -> None:
    starter.sh(SOLUTION / "build.sh", cwd=SOLUTION)
    once = threading.Lock()

    def remove(request: str) -> None:
        if MOMENTS[moment].match(request) and once.acquire(blocking=False):
            starter.docker("rm", "--force", "mongo")

    with proxy(tmp_path, starter.host, remove) as host:
        done = grade(EXERCISE, "--host", host, "--settle", "0", "--format", "json")
    report = json.loads(done.stdout)
    assert (report["complete"], done.stderr) == (True, "")
    if moment in ("inspect", "create", "start"):  # after that, the container was seen while it was there
        assert (report["roles"]["mongo"], done.returncode) == (None, 1)
        assert {check["status"] for check in report["checks"]} <= {"passed", "failed", "skipped"}
    assert starter.docker(*SIDECARS) == ""


def test_a_role_for_a_container_that_does_not_exist_is_told(busy: Engine) -> None:
    done = grade(EXERCISE, "--host", busy.host, "--role", "flask=flask-ap")
    assert_ends(done, 2, "--role flask=flask-ap", "no container called flask-ap", "did you mean flask-app?")
    done = grade(EXERCISE, "--host", busy.host, "--role", "flask=web")
    assert_ends(done, 2, "no container called web", "docker ps --all", "flask-app, mongo, nginx")


def test_a_role_may_be_given_by_the_start_of_an_id(busy: Engine) -> None:
    chosen = busy.docker("ps", "--quiet", "--filter", "name=nginx").strip()
    done = grade(EXERCISE, "--host", busy.host, "--settle", "0", "--role", f"mongo={chosen}", "--format", "json")
    assert json.loads(done.stdout)["roles"]["mongo"]["container"] == "nginx"


def test_a_socket_of_a_real_engine_that_is_not_ours_is_told(engine: Engine) -> None:
    script = 'exec setpriv --reuid=65534 --regid=65534 --clear-groups "$@"'
    args = [sys.executable, "-m", "grader", EXERCISE, "--host", engine.host]
    done = subprocess.run(
        ["sh", "-c", script, "sh", *args], capture_output=True, text=True, check=False, cwd=ROOT, timeout=PATIENCE
    )
    assert_ends(done, 3, f"permission denied for {engine.host}", "docker group")


def test_a_second_wish_to_end_shows_no_traceback(busy: Engine, tmp_path: Path) -> None:
    running: list[subprocess.Popen[str]] = []
    wishes = iter(("start", "end"))

    def strike(request: str) -> None:
        if request.startswith(("DELETE ", "POST ")) and _CREATE.match(request) is None and next(wishes, None):
            running[0].send_signal(signal.SIGINT)

    with proxy(tmp_path, busy.host, strike) as host:
        running.append(_started(EXERCISE, "--host", host))
        out, err = running[0].communicate(timeout=PATIENCE)
    assert (running[0].returncode, out, err.strip()) == (130, "", "grade: interrupted")
