"""A crew of several processes on this machine, each with threads: one process alone would use one processor."""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
import threading
from concurrent.futures import Future
from contextlib import suppress
from typing import IO, TYPE_CHECKING, Any

from grader.batch.crew import Threads

if TYPE_CHECKING:
    from collections.abc import Callable

    from grader.batch.records import Outcome, Task

_WORTH_IT = 40
"""Tasks for each process; for fewer it is not worth its start."""
Key = tuple[str, str]


def worth(tasks: int) -> int:
    """Return how many processes so many tasks are worth; 1 means that threads will do."""
    return max(1, min(os.cpu_count() or 1, tasks // _WORTH_IT))


class Processes:
    """So many processes, to whom tasks are given in turn.

    With the death of one its tasks fail, and only those: another takes its place.
    """

    patience = 1.0

    def __init__(self, number: int) -> None:
        self._helpers = [_Helper() for _ in range(number)]
        self._doing: dict[Key, _Helper] = {}

    def room(self) -> int:
        """Return that there is no end of threads in them."""
        return sys.maxsize

    def start(self, task: Task) -> Future[Outcome]:
        """Give a task to the process that has the fewest."""
        self._helpers = [each if each.alive else each.replaced() for each in self._helpers]
        helper = min(self._helpers, key=lambda each: each.load)
        self._doing[task.key] = helper
        return helper.start(task)

    def stop(self, task: Task) -> None:
        """Ask a task's process to end its round of probes."""
        if helper := self._doing.get(task.key):
            helper.tell(("stop", task))

    def close(self) -> None:
        """Let all processes go."""
        for helper in self._helpers:
            helper.close()


class _Helper:
    """One process, with what it was given to do."""

    def __init__(self) -> None:
        # No prompt of a terminal's reaches it: ctrl-C is for the one who gave it its tasks.
        self._process = subprocess.Popen(
            [sys.executable, "-m", "grader.batch.processes"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,
        )
        self._futures: dict[Key, Future[Outcome]] = {}
        self._lock = threading.Lock()
        threading.Thread(target=self._listen, daemon=True).start()

    @property
    def alive(self) -> bool:
        """Whether it still takes tasks."""
        return self._process.poll() is None

    @property
    def load(self) -> int:
        """How much it has to do."""
        return len(self._futures)

    def replaced(self) -> _Helper:
        """Let it go, and return another in its place."""
        self.close()
        return _Helper()

    def start(self, task: Task) -> Future[Outcome]:
        """Give it a task."""
        future: Future[Outcome] = Future()
        with self._lock:
            self._futures[task.key] = future
        if not self.tell(("start", task)):
            self._fail()
        return future

    def tell(self, message: tuple[str, Task]) -> bool:
        """Send a message; False where nobody is left to read it."""
        try:
            with self._lock:
                _send(self._process.stdin, message)
        except (OSError, ValueError):
            return False
        return True

    def close(self) -> None:
        """End it; it tidies up nothing that it was not asked to before."""
        if self._process.stdin:
            with suppress(OSError):
                self._process.stdin.close()
        try:
            self._process.wait(1)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _listen(self) -> None:
        with suppress(EOFError, OSError, pickle.UnpicklingError, ValueError):
            while True:
                key, outcome = _received(self._process.stdout)
                with self._lock:
                    future = self._futures.pop(key, None)
                if future:
                    future.set_result(outcome)
        if self._process.stdout:
            self._process.stdout.close()
        self._fail()

    def _fail(self) -> None:
        with self._lock:
            lost, self._futures = list(self._futures.values()), {}
        for future in lost:
            future.set_exception(ConnectionError("a process of the batch has died"))


def serve(requests: IO[bytes], answers: IO[bytes], work: Callable[[Task, threading.Event], Outcome]) -> None:
    """Do what is asked for until nobody asks any more."""
    crew, lock = Threads(work), threading.Lock()

    def teller(task: Task) -> Callable[[Future[Outcome]], None]:
        def tell(done: Future[Outcome]) -> None:
            with suppress(OSError), lock:
                _send(answers, (task.key, done.result()))

        return tell

    with suppress(EOFError, OSError):
        while True:
            what, task = _received(requests)
            if what == "stop":
                crew.stop(task)
                continue
            crew.start(task).add_done_callback(teller(task))
    crew.close()


def _send(pipe: IO[bytes] | None, message: object) -> None:
    if pipe is None:
        raise ValueError("there is no pipe")
    pipe.write(pickle.dumps(message))
    pipe.flush()


def _received(pipe: IO[bytes] | None) -> Any:
    if pipe is None:
        raise EOFError
    return pickle.load(pipe)  # noqa: S301 - from a process of ours, over a pipe that nobody else has


def main() -> None:
    """Be one of the processes."""
    from grader.batch.worker import work

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever prints must not spoil the answers
    serve(sys.stdin.buffer, answers, work)
    os._exit(0)  # a thread that hangs at a host must not keep the process


if __name__ == "__main__":
    main()
