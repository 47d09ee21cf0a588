"""Engines of a course's own, on which its solutions can be built without touching anybody's."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from grader.course import Course
from grader.errors import UsageError

_GOODBYE = 60
"""Seconds that a course's engines are given to stop."""


@dataclass(frozen=True)
class Private:
    """Running engines: where each is, and what the docker command needs in its environment."""

    hosts: Mapping[str, str]
    environment: Mapping[str, str] = field(default_factory=dict)


class PrivateEngines(ExitStack):
    """Start a course's own engines when an exercise needs them, and stop them all at the end.

    A course offers them with an executable file `reference_solution/engine`: called with the names of hosts, it
    starts an empty engine for each, prints one line of JSON, `{"hosts": {NAME: ADDRESS}, "environment": {…}}`, and
    removes them when its standard input ends, so that they never outlive us. Where it cannot, it says why and fails.
    """

    def __init__(self, course: Course, note: Callable[[str], None]) -> None:
        super().__init__()
        self._program = course.root / "reference_solution" / "engine"
        self._note = note
        self._running: dict[tuple[str, ...], Private | None] = {}

    def of(self, names: Sequence[str]) -> Private | None:
        """Return an engine for each name, or None where the course has none to offer here."""
        key = tuple(names)
        if key not in self._running:
            offered = os.access(self._program, os.X_OK) and self._program.is_file()
            self._running[key] = self._started(key) if offered else None
        return self._running[key]

    def _started(self, names: Sequence[str]) -> Private | None:
        try:
            return self.enter_context(_engines(self._program, names))
        except _Unoffered as reason:
            self._note(f"no engine of the course's own: {reason}; building on the engine at hand")
            return None


class _Unoffered(Exception):
    """The course's program ended without an engine."""


@contextmanager
def _engines(program: Path, names: Sequence[str]) -> Iterator[Private]:
    child = subprocess.Popen(
        [program, *names],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHON": sys.executable},
        start_new_session=True,  # ctrl-C is for us: we close its input, and it tidies up
    )
    try:
        yield _told(program, child, names)
    finally:
        try:
            child.communicate(timeout=_GOODBYE)
        except subprocess.TimeoutExpired:
            child.kill()


def _told(program: Path, child: "subprocess.Popen[str]", names: Sequence[str]) -> Private:
    line = child.stdout.readline() if child.stdout else ""
    if not line:
        _, complaint = child.communicate()
        raise _Unoffered((complaint.strip().splitlines() or [f"{program} said nothing"])[-1])
    try:
        found = json.loads(line)
        told = Private({name: str(found["hosts"][name]) for name in names}, dict(found.get("environment", {})))
    except (ValueError, KeyError, TypeError) as fault:
        remedy = 'it has to print {"hosts": {NAME: ADDRESS}} for each name that it was called with'
        raise UsageError(f"{program} printed {line.strip()[:80]!r}", remedy) from fault
    return told
