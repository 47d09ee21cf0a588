"""The network namespace of an engine: loopback, Docker's bridges, and no way out."""

import os
from pathlib import Path

from .process import Process, wait_for
from .run import run

_HANDLES = Path("/run/netns")


def handle(name: str) -> Path:
    """Return the file that stands for the namespace."""
    return _HANDLES / name


def create(name: str) -> None:
    """Make the namespace; whatever is sent outside vanishes, as in an exam room with a firewall."""
    run(["ip", "netns", "add", name])
    run(["ip", "-n", name, "link", "set", "lo", "up"])
    # A bridge without ports drops all it is given; a dummy device would too, but not every kernel has one.
    run(["ip", "-n", name, "link", "add", "void", "type", "bridge"])
    run(["ip", "-n", name, "link", "set", "void", "arp", "off", "up"])
    run(["ip", "-n", name, "route", "add", "default", "dev", "void"])


def remove(name: str) -> None:
    """Remove the namespace; bridges, veth pairs and rules go with it."""
    if handle(name).exists():
        run(["ip", "netns", "delete", name])
        wait_for(lambda: not handle(name).exists(), 2)


def members(name: str) -> list[Process]:
    """Return the processes in the namespace: they are the engine's, for nobody else knows it."""
    try:
        wanted = handle(name).stat()
    except FileNotFoundError:
        return []
    return [found for pid in _pids() if _inside(pid, wanted) and (found := Process.of(pid))]


def _pids() -> list[int]:
    return [int(entry) for entry in os.listdir("/proc") if entry.isdecimal()]  # noqa: PTH208 - only names are wanted


def _inside(pid: int, namespace: os.stat_result) -> bool:
    try:
        found = Path(f"/proc/{pid}/ns/net").stat()
    except (FileNotFoundError, ProcessLookupError, PermissionError):
        return False
    return (found.st_dev, found.st_ino) == (namespace.st_dev, namespace.st_ino)
