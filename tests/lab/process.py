"""Processes known by id and start time, so that a recycled id is never mistaken for one of ours."""

import os
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Process:
    """One process; `started` is field 22 of /proc/PID/stat, in clock ticks since boot."""

    pid: int
    started: int

    @classmethod
    def of(cls, pid: int) -> "Process | None":
        """Return the process that has this id now."""
        fields = _stat(pid)
        return cls(pid, int(fields[19])) if fields else None

    @property
    def alive(self) -> bool:
        """Whether this very process still runs; a zombie does not."""
        _reap(self.pid)
        fields = _stat(self.pid)
        return bool(fields) and int(fields[19]) == self.started and fields[0] not in "ZX"

    def send(self, number: signal.Signals) -> None:
        """Signal this very process, or nobody: the pidfd pins it before its start time is compared."""
        try:
            handle = os.pidfd_open(self.pid)
        except ProcessLookupError:
            return
        try:
            if self.alive:
                signal.pidfd_send_signal(handle, number)
        except ProcessLookupError:
            pass
        finally:
            os.close(handle)

    def end(self, grace: float) -> None:
        """Ask politely, wait `grace` seconds, then insist."""
        self.send(signal.SIGCONT)  # a stopped process cannot act on SIGTERM
        self.send(signal.SIGTERM)
        if not wait_for(lambda: not self.alive, grace):
            self.send(signal.SIGKILL)
            wait_for(lambda: not self.alive, 5)


def me() -> Process:
    """Return this process."""
    return Process(os.getpid(), int(_stat(os.getpid())[19]))


def wait_for(condition: Callable[[], bool], seconds: float) -> bool:
    """Poll until the condition holds; False when it did not within that time."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def _stat(pid: int) -> list[str]:
    """Return the fields from the third on; the second, the program's name, may hold blanks and brackets."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return []


def _reap(pid: int) -> None:
    with suppress(ChildProcessError):  # not a child of this process: somebody else reaps it
        os.waitpid(pid, os.WNOHANG)
