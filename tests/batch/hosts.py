"""Classes of simulated hosts, and the command run on them as an instructor does."""

import csv
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.verdicts.table import EVIDENCE

ROOT = Path(__file__).parents[2]
EXERCISE = "flask-nginx-mongo"
RIGHT = EVIDENCE / f"{EXERCISE}-created-then-connected-then-started.json"
WRONG = EVIDENCE / f"{EXERCISE}-mongo-also-on-public.json"
PATIENCE = 120
WORDS = {
    "refused": "unreachable",
    "hang": "timeout",
    "tls": "tls",
    "errors": "engine",
    "truncated": "engine",
    "drip": "deadline",
    "closed": "lost",
    "old-api": "unsupported",
    "late": "deadline",
}
"""What the gradebook calls each fault of the simulator."""


@dataclass(frozen=True)
class Class:
    """A roster of simulated hosts."""

    roster: Path
    faults: dict[str, str]
    """By learner; empty for a host without fault."""
    out: Path

    @property
    def healthy(self) -> set[str]:
        """The learners whose hosts can be graded."""
        return {learner for learner, fault in self.faults.items() if not fault}


@contextmanager
def simulated(
    folder: Path, hosts: int, faults: int = 0, files: Sequence[Path] = (WRONG, RIGHT), only: str = ""
) -> Iterator[Class]:
    """Serve so many hosts, some percent of them faulty, and give the class that has them."""
    words = [sys.executable, "-m", "tests.simulator", *map(str, files), f"--hosts={hosts}", f"--faults={faults}"]
    words += [f"--fault={only}"] if only else []
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        assert process.stdin
        assert process.stdout
        served = json.loads(process.stdout.readline())
        learners = {f"s{number:04}": place for number, place in enumerate(served)}
        roster = folder / "class.csv"
        with roster.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(["id", "name", "section", "email", "host"])
            for index, (learner, (host, _)) in enumerate(learners.items()):
                writer.writerow([learner, f"Name {index}", "AB"[index % 2], f"{learner}@example.org", host])
        yield Class(roster, {learner: fault for learner, (_, fault) in learners.items()}, folder / "out")
        process.stdin.close()


def command(*args: str | Path) -> list[str]:
    return ["env", "--default-signal=INT", sys.executable, "-m", "grader", *map(str, args)]


def grade(*args: str | Path, **env: str) -> subprocess.CompletedProcess[str]:
    """Run the command."""
    environment = {**os.environ, **env}
    return subprocess.run(
        command(*args), capture_output=True, text=True, check=False, cwd=ROOT, timeout=PATIENCE, env=environment
    )


def batch(of: Class, *args: str | Path) -> subprocess.CompletedProcess[str]:
    """Grade the class."""
    return grade("batch", of.roster, EXERCISE, "--out", of.out, *args)


def troubles(stderr: str) -> list[str]:
    """Return what a batch said beside that simulated hosts share their builds, which they do."""
    return [line for line in stderr.splitlines() if not re.fullmatch(r"note: .* show the same evidence .*", line)]


def table(out: Path) -> dict[str, dict[str, str]]:
    """Return grades.csv by learner."""
    with (out / "grades.csv").open(encoding="utf-8", newline="") as file:
        return {row["id"]: row for row in csv.DictReader(file)}
