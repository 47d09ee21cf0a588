"""Wall-clock times of whole processes, taken in turn so that a busy moment hits all alike."""

import statistics
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.lab import LabError

ROUNDS = 5
"""At least as many; more while there is time, for a median of few is a guess on a busy machine."""
_MOST = 25
_SECONDS = 20

Times = list[float]


@dataclass(frozen=True, slots=True)
class Command:
    """A program to time; it has to end with code 0, or the figure would be about something else."""

    words: Sequence[str | Path]
    environment: Mapping[str, str]

    def run(self) -> str:
        """Run it once and return what it printed."""
        done = subprocess.run(
            [str(word) for word in self.words],
            env=self.environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        if done.returncode:
            said = (done.stdout + done.stderr).strip()
            raise LabError(f"{Path(self.words[0]).name} ended with {done.returncode}:\n{said}")
        return done.stdout

    def seconds(self) -> float:
        """Run it once and return how long that took."""
        begin = time.perf_counter()
        self.run()
        return time.perf_counter() - begin


def in_turn(first: Command, second: Command) -> tuple[Times, Times]:
    """Return the times of both, measured A B A B … after a round that does not count."""
    first.run()
    second.run()
    pairs: list[tuple[float, float]] = []
    end = time.monotonic() + _SECONDS
    while len(pairs) < ROUNDS or (len(pairs) < _MOST and time.monotonic() < end):
        pairs.append((first.seconds(), second.seconds()))
    return [a for a, _ in pairs], [b for _, b in pairs]


def median(times: Times) -> float:
    """Return the median, in seconds."""
    return statistics.median(times)


def median_difference(before: Times, after: Times) -> float:
    """Return the median of what each pair differs by, which drifts less than the difference of medians."""
    return statistics.median(late - early for early, late in zip(before, after, strict=True))
