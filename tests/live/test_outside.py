"""What outside can use, on a real engine: every way to bind a port, and who may be mistaken for somebody else."""

import json
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import pytest

from grader.models.report import CheckResult
from grader.observe import Settings
from grader.pipeline import grade, judge
from grader.rubric.load import loads
from grader.rubric.model import Loaded
from tests.lab import Engine

_PATIENCE = 60
_LISTENS = "grep -q ':0050 .* 0A ' /proc/net/tcp"
_SILENT = "import socket, time; s = socket.create_server(('', 80)); time.sleep(600)"
_COMMANDS = {
    "page": ["nginx"],
    "nobody": ["nginx", "sleep", "600"],
    "silence": ["python:3.13-slim", "python", "-c", _SILENT],
}


@dataclass(frozen=True)
class Door:
    """How a container is run, what is behind its port 80, and whether outsiders get in."""

    run: str
    open: bool
    behind: Literal["page", "nobody", "silence"] = "page"

    @property
    def verdicts(self) -> dict[str, str]:
        """What the three kinds say: a port where nobody listens earns nothing for being closed."""
        return {
            "reaches": "passed" if self.open else "failed",
            "unreachable": "failed" if self.open or self.behind == "nobody" else "passed",
            "http": "passed" if self.open and self.behind == "page" else "failed",
        }


BOUND: Mapping[str, Door] = {
    "all": Door("-p 8081:80", open=True),
    "one-address": Door("-p GATEWAY:8082:80", open=True),
    "loopback": Door("-p 127.0.0.1:8083:80", open=False),
    "loopback-six": Door("-p [::1]:8084:80", open=False),
    "six-alone": Door("-p [::]:8085:80", open=True),
    "docker-chooses": Door("-P", open=True),
    "loopback-and-all": Door("-p 127.0.0.1:8086:80 -p 8087:80", open=True),
    "unpublished": Door("", open=False),
}
AROUND: Mapping[str, Door] = {
    "another-port": Door("-p 8081:81", open=False),
    "udp": Door("-p 8082:80/udp", open=False),
    "udp-beside": Door("-p 8083:80 -p 8083:80/udp", open=True),
    "internal": Door("--network quiet -p 8084:80", open=False),
    "in-the-lan": Door("--network lan", open=True),
    "in-a-pod": Door("--network container:pod", open=True),
    "nobody": Door("-p 8086:80", open=False, behind="nobody"),
    "silent": Door("-p 8087:80", open=True, behind="silence"),
}


@pytest.mark.live
def test_how_a_port_is_bound_decides_who_gets_in(starter: Engine) -> None:
    _build(starter, BOUND)
    assert _verdicts(starter, *BOUND) == {name: door.verdicts for name, door in BOUND.items()}


@pytest.mark.live
def test_what_else_decides_who_gets_in(starter: Engine) -> None:
    starter.docker("network", "create", "--internal", "quiet")
    starter.docker("network", "create", "--driver", "macvlan", "--opt", "parent=void", "lan")
    starter.docker("run", "--detach", "--name", "pod", "--publish", "8085:80", "busybox", "sleep", "600")
    _build(starter, AROUND)
    # The engine's own host is the one machine that the LAN's containers cannot be met from: open, but not seen.
    lan = {"in-the-lan": {"reaches": "error", "unreachable": "failed", "http": "error"}}
    assert _verdicts(starter, *AROUND) == {name: door.verdicts for name, door in AROUND.items()} | lan


@pytest.mark.live
def test_on_the_hosts_network_a_port_is_open_to_all(starter: Engine) -> None:
    door = Door("--network host", open=True)
    _build(starter, {"web": door})
    assert _verdicts(starter, "web") == {"web": door.verdicts}


@pytest.mark.live
def test_a_port_of_the_host_that_another_publishes_is_not_ones_own(starter: Engine) -> None:
    _build(starter, {"shop": Door("-p 80:80", open=True)})
    _build(starter, {"web": Door("--network host", open=False, behind="nobody")})
    found = _graded(starter, "web")
    assert {each.status for each in found} == {"failed"}
    assert {each.cause for each in found} == {
        "port 80 of the host is taken by shop, which publishes it (0.0.0.0:80->80/tcp)"
    }


@pytest.mark.live
def test_of_two_on_the_hosts_network_nobody_can_tell_who_answers(starter: Engine) -> None:
    _build(starter, {"other": Door("--network host", open=True)})
    _build(starter, {"web": Door("--network host", open=False, behind="nobody")})
    found = _graded(starter, "web", server="nginx")
    assert {each.status for each in found} == {"error"}
    assert {each.cause for each in found} == {
        "port 80 of the host may be web's or not: other uses the host's network too"
    }


def rubric(*roles: str, server: str | None = None, kinds: tuple[str, ...] = ("reaches", "http")) -> Loaded:
    """Return a rubric that asks of each role whether outside gets in."""
    more = {"reaches": {}, "unreachable": {}, "http": {"server": server} if server else {}}
    checks = [
        {"id": f"{role}--{kind}", "kind": kind, "port": 80, "from": "outside", "points": 1, **more[kind]}
        | {"role" if kind == "http" else "to": role}
        for role in roles
        for kind in kinds
    ]
    text = {"version": 1, "title": "T", "roles": {role: {"called": role} for role in roles}, "checks": checks}
    return loads(json.dumps(text), "r.yaml")


def _build(engine: Engine, doors: Mapping[str, Door]) -> None:
    gateway = engine.docker("network", "inspect", "bridge", "--format", "{{(index .IPAM.Config 0).Gateway}}").strip()
    for name, door in doors.items():
        options = door.run.replace("GATEWAY", gateway).split()
        engine.docker("run", "--detach", "--name", name, *options, *_COMMANDS[door.behind])
    for name in (name for name, door in doors.items() if door.behind != "nobody"):
        _await_listener(engine, name)


def _await_listener(engine: Engine, name: str) -> None:
    deadline = time.monotonic() + _PATIENCE
    command = ["docker", "exec", name, "sh", "-c", _LISTENS]
    while subprocess.run(command, env=engine.env(), check=False).returncode:
        assert time.monotonic() < deadline, f"{name} does not listen"
        time.sleep(0.1)


def _graded(engine: Engine, *roles: str, server: str | None = None) -> tuple[CheckResult, ...]:
    """Return what all three kinds say; no rubric may demand a port to be open and closed."""
    settings = Settings(hosts={"default": engine.host}, settle=0)
    evidence, report = grade(rubric(*roles, server=server), "outside", settings)
    return (*report.checks, *judge(rubric(*roles, kinds=("unreachable",)), evidence).checks)


def _verdicts(engine: Engine, *roles: str) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {role: {} for role in roles}
    for each in _graded(engine, *roles):
        role, _, kind = each.id.partition("--")
        found[role][kind] = each.status
    return found
