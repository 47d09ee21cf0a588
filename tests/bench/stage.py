"""What the measurements need on an engine: the flagship, ports that must not answer, other containers."""

import json
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import docker

from tests.demo.command import ROOT
from tests.demo.story import EXERCISE, VARIANT
from tests.lab import Engine, LabError
from tests.lab.process import wait_for

from .figures import grading

OTHERS = 200
_PORTS = range(27101, 27111)
_LISTEN = f"""
import selectors, socket
servers = selectors.DefaultSelector()
for port in range({_PORTS.start}, {_PORTS.stop}):
    servers.register(socket.create_server(("", port)), selectors.EVENT_READ)
while True:
    for key, _ in servers.select():
        key.fileobj.accept()[0].close()
"""
_KB_A_CONTAINER = 16 * 1024
"""Its shim, mostly."""
_PATIENCE = 30


def build_flagship(engine: Engine) -> None:
    """Build the reference solution and wait until it earns full marks."""
    engine.sh(VARIANT / "build.sh", cwd=VARIANT)
    if not wait_for(lambda: percent(engine) == 100, 30):
        raise LabError("the reference solution does not earn full marks")


def percent(engine: Engine, course: Path = ROOT) -> float | None:
    """Return what the engine's build earns."""
    try:
        return float(_report(engine, course)["percent"])
    except LabError:  # it ends with another code than 0 below the pass mark
        return None


def _report(engine: Engine, course: Path) -> Any:
    return json.loads(grading(engine.env(), course).run())


def ten_negatives(engine: Engine, course: Path) -> None:
    """Let mongo listen on ten more ports, and write a course whose rubric wants them out of nginx's reach."""
    engine.docker("exec", "--detach", "mongo", "python3", "-c", _LISTEN)
    rubric = (ROOT / "rubrics" / f"{EXERCISE}.yaml").read_text()
    checks = (f"  - {{id: port-{port}, kind: unreachable, from: nginx, to: mongo, port: {port}}}\n" for port in _PORTS)
    (course / "rubrics").mkdir()
    (course / "rubrics" / f"{EXERCISE}.yaml").write_text(rubric + "\n" + "".join(checks))
    report = _report(engine, course)
    kept = [check for check in report["checks"] if check["id"].startswith("port-") and check["status"] == "passed"]
    if len(kept) != len(_PORTS):
        raise LabError(f"only {len(kept)} of the ten more negatives passed")


def crowd(engine: Engine) -> int:
    """Make many containers, start as many as memory and half a minute allow, and return how many run."""
    client = docker.APIClient(base_url=engine.host, timeout=60)
    try:
        made = [_create(client, number) for number in range(OTHERS)]
    finally:
        client.close()
    if _available_kb() < 2 * OTHERS * _KB_A_CONTAINER:
        return 0
    deadline = time.monotonic() + _PATIENCE
    with ThreadPoolExecutor(4) as pool:
        return sum(pool.map(lambda identity: _started(engine, identity, deadline), made))


def _create(client: docker.APIClient, number: int) -> str:
    made = client.create_container("busybox:latest", ["sleep", "3600"], name=f"other-{number}")
    return str(made["Id"])


def _started(engine: Engine, identity: str, deadline: float) -> bool:
    if time.monotonic() > deadline:
        return False
    client = docker.APIClient(base_url=engine.host, timeout=60)
    try:
        client.start(identity)
    finally:
        client.close()
    return True


def _available_kb() -> int:
    lines = Path("/proc/meminfo").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("MemAvailable:"))
