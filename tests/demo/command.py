"""Run programs for the demonstration, so that an interruption leaves none of them behind."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
_FAREWELL = 15
_ENDINGS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

Environment = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Ended:
    """How a program ended, and what it said if it was told to be quiet."""

    code: int
    said: str = ""


def grade_program() -> list[str | Path]:
    """Return the grade command of this very environment."""
    installed = Path(sys.executable).with_name("grade")
    return [installed] if installed.exists() else [sys.executable, "-m", "grader"]


def without_course(environment: Environment) -> Environment:
    """Leave out a course of the user's own: this is about the one of this repository."""
    return {name: value for name, value in environment.items() if name != "GRADE_COURSE"}


def follow(
    command: Sequence[str | Path], environment: Environment, *, quiet: bool = False, folder: Path = ROOT
) -> Ended:
    """Run a program to its end; when we are interrupted, it is too, and has time to tidy up after itself.

    It gets a session of its own: Ctrl-C would else reach it twice, from the terminal and from us.
    """
    child = None
    try:
        with _postponed():  # or else an interruption at this moment leaves a program that nobody knows
            child = subprocess.Popen(
                [str(word) for word in command],
                env=environment,
                cwd=folder,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE if quiet else None,
                stderr=subprocess.STDOUT if quiet else None,
                text=True,
                start_new_session=True,
            )
        said, _ = child.communicate()
    finally:
        if child is not None and child.poll() is None:
            _end(child)
    return Ended(child.returncode, said or "")


def _end(child: subprocess.Popen[str]) -> None:
    with undisturbed():
        os.killpg(child.pid, signal.SIGINT)
        try:
            child.communicate(timeout=_FAREWELL)
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGKILL)
            child.communicate()


@contextmanager
def _postponed() -> Iterator[None]:
    """Let Ctrl-C and the like strike at the end of the block; those that are ignored stay so."""
    met: list[int] = []
    heeded = [number for number in _ENDINGS if callable(signal.getsignal(number))]
    before = {number: signal.signal(number, lambda number, _: met.append(number)) for number in heeded}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        for late in met:
            signal.raise_signal(late)


@contextmanager
def undisturbed() -> Iterator[None]:
    """Ignore Ctrl-C and the like inside the block, in the programs that it runs as well: it cleans up."""
    before = {number: signal.signal(number, signal.SIG_IGN) for number in _ENDINGS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def end_in_order() -> None:
    """Let SIGTERM and SIGHUP unwind the stack, as Ctrl-C does, so that what cleans up is reached."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda received, _: sys.exit(128 + received))


def say(text: str = "") -> None:
    """Print a line of the story before whatever the next program prints; cleaning up goes on when nobody reads it."""
    try:
        print(text, flush=True)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
