"""The run of a class: so many hosts at once, each within its own deadline, and nobody waits for a dead one."""

from __future__ import annotations

import queue
import time
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from grader.batch.crew import Threads
from grader.batch.worker import failed, work

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from grader.batch.crew import Crew, Job
    from grader.batch.records import Outcome, Task

_TIDY_UP = 0.9
"""The share of its deadline after which a host is asked to end, so that it can remove its sidecars."""
_PULSE = 0.2
_LAST_WORDS = 2.0
"""Seconds that those who are at work get after ctrl-C."""


class Watching(Protocol):
    """Who is told how the run goes."""

    def started(self, task: Task) -> None:
        """Hear that a host's turn has come."""

    def ended(self, outcome: Outcome, done: int, total: int) -> None:
        """Hear that a host has come to an end."""


@dataclass(frozen=True, slots=True)
class _Turn:
    """A task at work."""

    task: Task
    job: Job
    ask: float
    end: float
    limit: str
    """How long it may take, in words."""


def run(
    tasks: Iterable[Task],
    crew: Crew,
    at_once: int,
    watching: Watching,
    whole: float | None = None,
) -> Iterator[Outcome]:
    """Yield the outcome of each task as soon as there is one; `whole` is the deadline of all, in seconds.

    Whoever stops listening stops the run: those at work are asked to end and get a moment for it.
    """
    waiting = deque(tasks)
    finished: queue.SimpleQueue[tuple[str, str]] = queue.SimpleQueue()
    turns: dict[tuple[str, str], _Turn] = {}
    total, done = len(waiting), 0
    end_of_all = time.monotonic() + whole if whole else None
    try:
        while waiting or turns:
            if end_of_all and time.monotonic() > end_of_all and waiting:
                late = [*waiting]
                waiting.clear()
                for task in late:
                    done += 1
                    yield _told(watching, failed(task, "deadline", _too_late(whole), _MORE_TIME), done, total)
            while waiting and len(turns) < min(at_once, crew.room()):
                task = waiting.popleft()
                watching.started(task)
                turns[task.key] = _begun(task, crew, finished.put, end_of_all, whole)
            for outcome in _ended(turns, crew, finished):
                done += 1
                yield _told(watching, outcome, done, total)
    finally:
        _part(turns, crew, finished)


def served(task: Task) -> Outcome:
    """Do one task where it was sent, within its deadline from there on; what hangs is left behind."""
    (outcome,) = run([task], Threads(work), 1, _Nobody())
    return outcome


class _Nobody:
    """Who watches where nobody does."""

    def started(self, task: Task) -> None:
        """Hear nothing."""

    def ended(self, outcome: Outcome, done: int, total: int) -> None:
        """Hear nothing."""


_MORE_TIME = "go on with --resume, or allow more with --deadline"


def _begun(
    task: Task, crew: Crew, tell: Callable[[tuple[str, str]], None], end_of_all: float | None, whole: float | None
) -> _Turn:
    began = time.monotonic()
    own, shared = began + task.limits.deadline * crew.patience, end_of_all or float("inf")
    end = min(own, shared)
    limit = f"{task.limits.deadline:g} s" if own <= shared else f"the {whole or 0:g} s that the whole run may take"
    job = crew.start(task)
    job.add_done_callback(lambda _: tell(task.key))
    return _Turn(task, job, ask=began + (end - began) * _TIDY_UP, end=end, limit=limit)


def _ended(
    turns: dict[tuple[str, str], _Turn], crew: Crew, finished: queue.SimpleQueue[tuple[str, str]]
) -> Iterator[Outcome]:
    """Wait a moment, and yield what has come to an end by itself or by the clock."""
    try:
        keys = [finished.get(timeout=_pause(turns))]
        while not finished.empty():
            keys.append(finished.get())
    except queue.Empty:
        keys = []
    now = time.monotonic()
    for key in keys:
        if turn := turns.pop(key, None):
            yield _outcome(turn, now)
    for turn in list(turns.values()):
        if now >= turn.ask:
            crew.stop(turn.task)
        if now >= turn.end:
            del turns[turn.task.key]
            yield _overdue(turn)


def _pause(turns: dict[tuple[str, str], _Turn]) -> float:
    next_one = min((turn.end for turn in turns.values()), default=time.monotonic())
    return max(0.001, min(_PULSE, next_one - time.monotonic()))


def _outcome(turn: _Turn, now: float) -> Outcome:
    try:
        outcome = turn.job.result()
    except Exception as fault:  # noqa: BLE001 - a worker that was lost costs one grade, not the run
        if now >= turn.ask:  # we withdrew it ourselves
            return _overdue(turn)
        return failed(turn.task, "worker", f"the worker was lost: {type(fault).__name__}", "go on with --resume")
    return _overdue(turn) if outcome.fault == "stopped" and now >= turn.ask else outcome


def _overdue(turn: _Turn) -> Outcome:
    return failed(turn.task, "deadline", f"not done within {turn.limit}", _MORE_TIME)


def _too_late(whole: float | None) -> str:
    return f"its turn did not come within the {whole or 0:g} s that the whole run may take"


def _told(watching: Watching, outcome: Outcome, done: int, total: int) -> Outcome:
    watching.ended(outcome, done, total)
    return outcome


def _part(turns: dict[tuple[str, str], _Turn], crew: Crew, finished: queue.SimpleQueue[tuple[str, str]]) -> None:
    for turn in turns.values():
        crew.stop(turn.task)
    end = time.monotonic() + _LAST_WORDS
    while turns and (left := end - time.monotonic()) > 0:
        try:
            turns.pop(finished.get(timeout=left), None)
        except queue.Empty:
            break
    crew.close()
