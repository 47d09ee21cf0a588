"""The way to an engine and the engine itself, step by step; what stops a grade is told as a grade tells it."""

from __future__ import annotations

import os
import shutil
import socket
import sys
import time
from contextlib import closing, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from grader.errors import EngineError, GradeError, ProbeUnavailable
from grader.host import contexts
from grader.host.collect import engine_of
from grader.host.connect import Connection, chosen_by, connect, url_of
from grader.host.faults import engine_errors
from grader.host.leftovers import leftovers
from grader.host.remedies import USUAL
from grader.host.sidecar import observe
from grader.models.diagnosis import Symptom, fail, ok, warn
from grader.models.probe import HOST
from grader.probe.binary import probe_binary

if TYPE_CHECKING:
    from collections.abc import Iterator

    from docker import APIClient

    from grader.models.snapshot import Engine

_PATIENCE = 1.0
"""Seconds for an engine that nobody asked for: it is only worth naming if it answers at once."""
_SCARCE, _NONE_LEFT = 500 * 2**20, 20 * 2**20
"""Bytes: with less the next image may not fit, and with the second not even the probe."""


def examine(host: str | None, timeout: float) -> Iterator[Symptom]:
    """Yield how it stands with each step from here to a probe that runs on the engine; stop where none can follow."""
    try:
        yield ok("address", f"{url_of(host)}, chosen by {chosen_by(host)}")
        connection = connect(host, timeout)
    except GradeError as fault:
        yield fail("engine" if isinstance(fault, EngineError) else "address", fault.message, fault.remedy)
        yield from _elsewhere(host)
        return
    with closing(connection):
        yield from _engine_at(connection, f"grade clean --host {host}" if host else "grade clean")


def _engine_at(connection: Connection, broom: str) -> Iterator[Symptom]:
    try:
        with engine_errors(connection.address), closing(connection.client()) as client:
            yield from _engine(connection, client, broom)
    except GradeError as fault:
        yield fail("engine", fault.message, fault.remedy)


def _engine(connection: Connection, client: APIClient, broom: str) -> Iterator[Symptom]:
    engine, info, version = engine_of(client), client.info(), client.version()
    yield ok("engine", f"Docker {engine.version} on {engine.name} ({info.get('OperatingSystem') or engine.os})")
    yield ok(
        "API", f"{connection.version}, of {version.get('MinAPIVersion')} to {version.get('ApiVersion')} that it speaks"
    )
    if connection.address.startswith("unix://"):
        yield ok("permission", f"{_user()} may use its socket")
    yield _platform(engine, version)
    yield _disk(engine, info)
    yield _left(client, broom)
    yield from _probe(connection, engine)


def _user() -> str:
    import getpass

    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return "this user"


def _platform(engine: Engine, version: dict[str, Any]) -> Symptom:
    about, parts = "platform", [str(part.get("Name")) for part in version.get("Components") or ()]
    if engine.os != "linux":
        told = f"the engine runs {engine.os} containers, whose networks are of another kind"
        return fail(about, told, "switch Docker Desktop to Linux containers")
    if any("podman" in part.lower() for part in parts):
        told = "this is Podman, which speaks Docker's API but makes names and networks in its own way"
        return warn(about, told, "grade with Docker where a check surprises you")
    if engine.desktop:
        told = "Docker Desktop: the engine's host is its virtual machine, not this one"
        return warn(about, told, "for exercises on the host's network, turn on host networking in its settings")
    if engine.rootless:
        told = "rootless: the engine's host is a network namespace of this user's"
        return warn(about, told, "for exercises on the host's network, use an engine that runs as root")
    return ok(about, "Docker Engine for Linux")


def _disk(engine: Engine, info: dict[str, Any]) -> Symptom:
    """Return how much room the engine has, as far as its disk is one of this machine's."""
    root = Path(str(info.get("DockerRootDir") or ""))
    free = None
    if engine.name == socket.gethostname() and not engine.desktop:
        with suppress(OSError):
            free = shutil.disk_usage(root).free
    if free is None:
        return ok("disk", "cannot be seen from here; docker system df tells what is used")
    told, mend = (
        f"{free / 2**30:.1f} GiB free at {root}",
        "docker system df shows what takes room, docker system prune frees some",
    )
    if free < _NONE_LEFT:
        return fail("disk", told, mend)
    return warn("disk", told, mend) if free < _SCARCE else ok("disk", told)


def _left(client: APIClient, broom: str) -> Symptom:
    found = leftovers(client)
    if found.expired:
        return warn("leftovers", f"{_sidecars(len(found.expired))} of grades that were killed", broom)
    if found.at_work:
        told = f"{_sidecars(len(found.at_work))} of a grade that is going on, or was killed just now"
        return ok("leftovers", told)
    return ok("leftovers", "none")


def _sidecars(number: int) -> str:
    return f"{number} sidecar{'s' * (number > 1)}"


def _probe(connection: Connection, engine: Engine) -> Iterator[Symptom]:
    """Send one probe into the engine's own sandbox, as each grade does that looks from outside."""
    try:
        program = probe_binary(engine.architecture)
    except ProbeUnavailable as fault:
        yield fail("architecture", fault.message, fault.remedy)
        return
    yield ok("architecture", f"{engine.architecture}, for which the probe is here ({len(program) // 1024} KiB)")
    start = time.monotonic()
    with engine_errors(connection.address):
        (seen,) = observe(connection.client, {HOST: ()}, engine, sweeping=False)
    if seen.fault:
        yield fail(
            "probe", f"no sidecar could run: {seen.fault}", "docker run --rm --network host busybox true may tell more"
        )
    else:
        yield ok("probe", f"ran in a sidecar and is gone, in {time.monotonic() - start:.1f} s")


def _elsewhere(host: str | None) -> Iterator[Symptom]:
    """Yield one engine that does answer, where the one that is meant does not."""
    for name in _others(host):
        with suppress(GradeError):
            there = url_of(name)
            if not there.startswith(("unix://", "npipe://")):
                continue  # nobody asked for a way to another machine
            connect(name, _PATIENCE)
            use = "grade … --host" if "://" in name else "docker context use"
            yield warn("elsewhere", f"an engine answers at {there}", f"{use} {name}")
            return


def _others(host: str | None) -> list[str]:
    """Return the contexts and the usual sockets that were not tried yet."""
    return [name for name in (*contexts.names(), *_usual_sockets()) if name != host]


def _usual_sockets() -> list[str]:
    """Return where engines listen that nobody made a context for: Docker's own, Desktop's and a rootless one's."""
    if sys.platform == "win32":
        return [USUAL]
    home, runtime = Path.home(), Path(os.environ.get("XDG_RUNTIME_DIR") or f"/run/user/{os.getuid()}")
    places = (home / ".docker/run/docker.sock", home / ".docker/desktop/docker.sock", runtime / "docker.sock")
    return [USUAL, *(f"unix://{place}" for place in places)]
