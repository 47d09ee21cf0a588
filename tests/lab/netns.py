"""The network namespace of an engine: loopback, Docker's bridges, links to other engines, and no way out."""

import os
from pathlib import Path

from .process import Process, wait_for
from .run import run

_HANDLES = Path("/run/netns")
_LISTENING = "0A"
_LINKS = "10.98.0"
"""Where linked engines have their addresses; those of their containers begin at 10.100."""


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


def link(one: tuple[str, int], other: tuple[str, int]) -> None:
    """Join two namespaces, each given with its engine's slot, by a cable; one that is there already is kept.

    The cable goes with whichever namespace goes first.
    """
    (here, near), (there, far) = one, other
    if not run(["ip", "-n", here, "link", "show", _end(far)], check=False):
        cable = ["type", "veth", "peer", "name", _end(near), "netns", there]
        run(["ip", "link", "add", _end(far), "netns", here, *cable])
    for name, own, peer in ((here, near, far), (there, far, near)):
        run(["ip", "-n", name, "addr", "replace", address(own), "peer", address(peer), "dev", _end(peer)])
        run(["ip", "-n", name, "link", "set", _end(peer), "up"])


def address(slot: int) -> str:
    """Return the address that a linked engine has for others; alone it has none."""
    return f"{_LINKS}.{slot + 1}"


def _end(slot: int) -> str:
    """Return what an engine calls its end of the cable that leads to the one in this slot."""
    return f"link{slot}"


def listens(process: Process, port: int) -> bool:
    """Return whether somebody listens on a TCP port in the namespace of a process."""
    tables = (Path(f"/proc/{process.pid}/net/{table}") for table in ("tcp", "tcp6"))
    rows = (row.split() for table in tables if table.exists() for row in table.read_text().splitlines()[1:])
    return any(row[1].endswith(f":{port:04X}") and row[3] == _LISTENING for row in rows)


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
