"""Reference solutions and starters, built by their own scripts, graded, and torn down."""

import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from grader.errors import UsageError
from grader.host.connect import Connection
from grader.host.workbench import clear, obstacles, stock
from grader.models.evidence import Evidence
from grader.models.verification import Built
from grader.observe import Settings, connected
from grader.pipeline import grade
from grader.rubric.model import Loaded

_LONGEST = 600
"""Seconds that a build may take, pulls of images included."""


@dataclass(frozen=True)
class Bench:
    """The engines that a rubric names, empty but for images."""

    settings: Settings
    connections: Mapping[str, Connection]
    variables: Mapping[str, str] = field(default_factory=dict)
    """What the docker command needs in its environment on engines that were started for this."""

    @property
    def environment(self) -> dict[str, str]:
        """What a build script is given: DOCKER_HOST, and where a rubric names several engines, each by its name."""
        urls = {name: connection.base_url for name, connection in self.connections.items()}
        named = {name.upper().replace("-", "_"): url for name, url in urls.items()} if len(urls) > 1 else {}
        return {**os.environ, **self.variables, "DOCKER_HOST": next(iter(urls.values())), **named}


def bench(settings: Settings, variables: Mapping[str, str] | None = None) -> Bench:
    """Return the engines to build on; UsageError names what stands in the way."""
    if shutil.which("docker", path=(variables or {}).get("PATH")) is None:
        raise UsageError("the solutions are built with the docker command, which is not installed", "install it")
    connections = connected(settings)
    if found := obstacles(connections):
        more = f" and {len(found) - 6} more" if len(found) > 6 else ""
        raise UsageError(
            f"solutions are built on an engine of their own, and on this one there are {', '.join(found[:6])}{more}",
            "remove them, name an empty engine with --host, or leave the builds out with --no-live",
        )
    return Bench(settings, connections, variables or {})


def built(
    there: Bench,
    loaded: Loaded,
    exercise: str,
    name: str,
    folder: Path,
    command: Sequence[str],
    *,
    least: float = 0.0,
    most: float = 100.0,
) -> tuple[Built, Evidence | None]:
    """Build, grade and tear down; the score has to lie between `least` and `most` percent."""
    before = stock(there.connections)
    report = evidence = None
    try:
        fault = _made(there, folder, command)
        if fault is None:
            evidence, report = grade(loaded, exercise, there.settings)
    finally:
        left = clear(there.connections, before)
    if report and not report.complete:
        fault = "; ".join(dict.fromkeys(check.actual for check in report.checks if check.status == "error"))
    percent = report.percent if report else None
    return Built(
        name=name,
        percent=percent,
        lost=tuple(check.id for check in report.checks if check.score != check.max_score) if report else (),
        left=tuple(left),
        fault=fault,
        right=percent is not None and least <= percent <= most,
    ), evidence


@contextmanager
def standing(there: Bench, folder: Path, command: Sequence[str]) -> Iterator[str | None]:
    """Keep a build on the bench inside the block, which gets the reason if it could not be made; then tear it down."""
    before = stock(there.connections)
    try:
        yield _made(there, folder, command)
    finally:
        clear(there.connections, before)


def _made(there: Bench, folder: Path, command: Sequence[str]) -> str | None:
    """Run the commands of a build, and return why they failed."""
    try:
        done = subprocess.run(
            command,
            cwd=folder,
            env=there.environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=_LONGEST,
        )
    except subprocess.TimeoutExpired:
        return f"{' '.join(command)} did not end within {_LONGEST} s"
    if done.returncode == 0:
        return None
    last = (done.stderr or done.stdout).strip().splitlines()[-1:] or ["it said nothing"]
    return f"{' '.join(command)} ended with {done.returncode}: {last[0]}"
