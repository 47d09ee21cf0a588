"""The doctor and the broom at a real engine: every fault is found, and only what is ours goes."""

import json
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.impostors import says
from tests.lab import Engine
from tests.live.proxy import Rule, proxy
from tests.live.test_faults import EXERCISE, MOMENTS, PATIENCE, ROOT, SIDECARS, command, grade

pytestmark = pytest.mark.live
_CREATE = re.compile(r"POST \S+/containers/create")
_ON_INFO = re.compile(r"GET \S*/info")
_ON_VERSION = re.compile(r"GET \S*/version")


def doctor(host: str, *args: str) -> subprocess.CompletedProcess[str]:
    return grade("doctor", "--host", host, *args, env={"COLUMNS": "120"})


def said(done: subprocess.CompletedProcess[str]) -> str:
    return " ".join(done.stdout.split())


def test_a_sound_set_up_is_ready_and_nothing_is_left_of_the_look(engine: Engine) -> None:
    done = doctor(engine.host)
    assert (done.returncode, done.stderr) == (0, "")
    version = engine.docker("version", "--format", "{{.Server.Version}} {{.Server.APIVersion}}").split()
    for words in (
        f"✓ engine Docker {version[0]} on ",
        f"to {version[1]} that it speaks",
        "✓ permission",
        "✓ disk",
        "✓ leftovers none",
        "✓ architecture ",
        "✓ probe ran in a sidecar and is gone",
        "Ready: ",
    ):
        assert words in said(done)
    assert "✗" not in done.stdout
    assert engine.docker(*SIDECARS) == ""


def test_a_frozen_engine_is_told_as_a_grade_tells_it(engine: Engine) -> None:
    engine.pause_daemon()
    try:
        done, graded = doctor(engine.host, "--timeout", "1"), grade(EXERCISE, "--host", engine.host, "--timeout", "1")
    finally:
        engine.resume_daemon()
    assert done.returncode == graded.returncode == 3
    message, _, remedy = graded.stderr.removeprefix("grade: ").partition("\n  try: ")
    assert f"✗ engine {message} try: {remedy.strip()}" in said(done)


def test_a_socket_of_a_real_engine_that_is_not_ours_is_told(engine: Engine) -> None:
    script = 'exec env COLUMNS=120 setpriv --reuid=65534 --regid=65534 --clear-groups "$@"'
    args = [sys.executable, "-m", "grader", "doctor", "--host", engine.host]
    done = subprocess.run(["sh", "-c", script, "sh", *args], capture_output=True, text=True, check=False, cwd=ROOT)
    assert (done.returncode, done.stderr) == (3, "")
    assert f"✗ engine permission denied for {engine.host} try: join the docker group" in said(done)


def test_an_engine_that_answers_elsewhere_is_named(engine: Engine, tmp_path: Path) -> None:
    env = {"DOCKER_CONFIG": str(tmp_path), "DOCKER_HOST": "", "DOCKER_CONTEXT": ""}
    there = subprocess.run(
        ["docker", "context", "create", "lab", "--docker", f"host={engine.host}"],
        env={**engine.env(), **env},
        capture_output=True,
        text=True,
        check=False,
    )
    assert there.returncode == 0, there.stderr
    done = grade("doctor", "--host", "unix:///gone/x.sock", env={**env, "COLUMNS": "120"})
    assert done.returncode == 3
    assert f"! elsewhere an engine answers at {engine.host} try: docker context use lab" in said(done)


def rewritten(engine: Engine, asked: re.Pattern[str], change: Callable[[dict[str, object]], object]) -> Rule:
    """Return a rule by which the engine tells something else of itself than it does."""
    path = "/info" if asked is _ON_INFO else "/version"

    def rule(request: str) -> bytes | None:
        if not asked.match(request):
            return None
        curl = ["curl", "--silent", "--unix-socket", engine.host.removeprefix("unix://"), f"http://engine{path}"]
        told = json.loads(subprocess.run(curl, capture_output=True, check=True).stdout)
        change(told)
        return says(told)

    return rule


@pytest.mark.parametrize(
    ("asked", "told", "code", "words"),
    [
        (_ON_VERSION, {"ApiVersion": "1.99", "MinAPIVersion": "1.90"}, 3, "✗ engine the engine speaks only API 1.90"),
        (_ON_VERSION, {"Components": [{"Name": "Podman Engine"}]}, 0, "! platform this is Podman"),
        (_ON_INFO, {"OperatingSystem": "Docker Desktop"}, 0, "! platform Docker Desktop"),
        (_ON_INFO, {"SecurityOptions": ["name=rootless"]}, 0, "! platform rootless"),
        (_ON_INFO, {"OSType": "windows"}, 3, "✗ platform the engine runs windows containers"),
        (_ON_INFO, {"Architecture": "riscv64"}, 3, "✗ architecture the engine runs on riscv64"),
    ],
    ids=["API", "Podman", "Desktop", "rootless", "Windows", "architecture"],
)
def test_what_the_engine_is_decides_whether_it_can_be_graded(
    asked: re.Pattern[str], told: dict[str, object], code: int, words: str, engine: Engine, tmp_path: Path
) -> None:
    with proxy(tmp_path, engine.host, rewritten(engine, asked, lambda held: held.update(told))) as host:
        done = doctor(host)
    assert (done.returncode, words in said(done)) == (code, True), done.stdout
    assert done.stdout.count("try: ") >= 1


def test_an_engine_that_lets_no_sidecar_run_is_told(engine: Engine, tmp_path: Path) -> None:
    def refuse(request: str) -> bytes | None:
        return says({"message": "no space left"}, "500 Internal Server Error") if _CREATE.match(request) else None

    with proxy(tmp_path, engine.host, refuse) as host:
        done = doctor(host)
    assert done.returncode == 3
    assert "✗ probe no sidecar could run: no sidecar: no space left" in said(done)


def test_what_a_killed_grade_left_is_found_and_goes_when_its_time_is_over(engine: Engine, tmp_path: Path) -> None:
    engine.docker("run", "--detach", "--name", "nginx", "busybox", "sleep", "600")
    _kill_a_grade(engine, tmp_path)
    left = engine.docker(*SIDECARS).split()
    assert left
    assert "of a grade that is going on, or was killed just now" in said(doctor(engine.host))
    cautious = grade("clean", "--host", engine.host)
    assert (cautious.returncode, engine.docker(*SIDECARS).split()) == (0, left)
    assert cautious.stdout.count("its grade may be going on") == len(left)
    assert "--all removes that too" in cautious.stderr
    thorough = grade("clean", "--host", engine.host, "--all")
    assert thorough.stdout.count("removed  the sidecar ") == len(left)
    assert engine.docker(*SIDECARS) == ""
    assert engine.docker("ps", "--quiet", "--filter", "name=nginx") != ""


def _kill_a_grade(engine: Engine, folder: Path) -> None:
    running: list[subprocess.Popen[str]] = []
    over = threading.Event()

    def strike(request: str) -> bytes | None:
        if MOMENTS["wait"].match(request):
            running[0].send_signal(signal.SIGKILL)
            over.set()
        return None

    with proxy(folder, engine.host, strike) as host:
        running.append(subprocess.Popen(command(EXERCISE, "--host", host), cwd=ROOT, text=True))
        assert over.wait(PATIENCE)
        running[0].wait(PATIENCE)


def test_clean_removes_exactly_what_is_ours_and_does_so_once(engine: Engine) -> None:
    grade("doctor", "--host", engine.host)  # brings the probe's image
    ours = engine.docker("images", "--format", "{{.Repository}}:{{.Tag}}", "grade-probe").split()
    expired = ("--label", "grade.run=0", "--label", "grade.expires=1000000000")
    engine.docker("run", "--detach", "--name", "over", *expired, "busybox", "sleep", "600")
    engine.docker("run", "--detach", "--name", "mine", "busybox", "sleep", "600")
    engine.docker("run", "--detach", "--name", "labelled", "--label", "grade.role=web", "busybox", "sleep", "600")
    engine.docker("run", "--detach", "--name", "odd", "--label", "grade.run=1", "busybox", "sleep", "600")
    engine.docker("network", "create", "grade-net")
    engine.docker("tag", "busybox", "grade-probe:mine")
    assert "! leftovers 1 sidecar of grades that were killed try: grade clean" in said(doctor(engine.host))
    done = grade("clean", "--host", engine.host)
    assert done.returncode == 0
    assert sorted(done.stdout.splitlines()) == [f"removed  the image {tag}" for tag in ours] + [
        "removed  the sidecar over"
    ]
    assert sorted(engine.docker("ps", "--all", "--format", "{{.Names}}").split()) == ["labelled", "mine", "odd"]
    assert "grade-net" in engine.docker("network", "ls", "--format", "{{.Name}}").split()
    assert engine.docker("images", "--format", "{{.Tag}}", "grade-probe").split() == ["mine"]
    again = grade("clean", "--host", engine.host)
    assert (again.returncode, again.stdout) == (0, f"nothing of ours is on {engine.host}\n")
    engine.docker("rmi", "grade-probe:mine")
