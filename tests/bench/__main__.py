"""`python -m tests.bench`: measure on engines of their own, and print the figures with their targets."""

import os
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from tests import lab
from tests.demo.command import end_in_order
from tests.lab import LabError

from .figures import Figure, against_bash, help_text, in_a_crowd, more_negatives
from .measure import ROUNDS
from .stage import OTHERS, build_flagship, crowd, ten_negatives
from .table import table

_BEGIN = time.monotonic()


def main() -> int:
    """Measure, print, and return 0 whatever the figures are; 1 when they could not be taken."""
    end_in_order()
    reason = lab.available()
    if reason:
        print(f"bench: {reason}", file=sys.stderr)
        return 1
    load = os.getloadavg()[0]
    try:
        print(table(list(_figures())))
    except LabError as fault:
        print(f"bench: {fault}", file=sys.stderr)
        return 1
    print(f"\nMedians of {ROUNDS} or more, taken in turn; {os.cpu_count()} CPUs, load {load:.1f} at the start.")
    return 0


def _figures() -> Iterator[Figure]:
    _note("the help")
    yield help_text(os.environ)
    _note("an engine with the flagship")
    with lab.start("bench") as engine:
        build_flagship(engine)
        _note("grade and bash in turn")
        yield against_bash(engine)
        yield from _compared(engine)


def _compared(engine: lab.Engine) -> Iterator[Figure]:
    _note("a second engine with the flagship and many other containers")
    with lab.start("bench-crowd") as crowded:
        build_flagship(crowded)
        running = crowd(crowded)
        _note("both engines in turn")
        yield in_a_crowd(engine, crowded, running, OTHERS)
    with tempfile.TemporaryDirectory() as course:
        ten_negatives(engine, Path(course))
        _note("with and without ten more negatives in turn")
        yield more_negatives(engine, Path(course))


def _note(text: str) -> None:
    print(f"bench: {time.monotonic() - _BEGIN:3.0f} s: {text} …", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
