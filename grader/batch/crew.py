"""Who does the work: threads here, or the workers of a Dask cluster; the runner only knows this interface."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures import thread as pools
from typing import Any, Protocol

from grader.batch.records import Outcome, Task
from grader.errors import UsageError

_FOR_WORKERS_S = 30
_RECOUNT_S = 1.0
Work = Callable[[Task, threading.Event], Outcome]


class Job(Protocol):
    """A task that somebody works at."""

    def add_done_callback(self, tell: Callable[[Any], object], /) -> object:
        """Have `tell` called with this job when there is an outcome, or an exception."""

    def result(self) -> Outcome:
        """Return the outcome, or raise what kept the worker from one."""


class Crew(Protocol):
    """An executor: takes tasks, and can be asked to stop one."""

    patience: float
    """How often a task's deadline is waited for from here, where who does it keeps the deadline, too."""

    def room(self) -> int:
        """Return how many tasks can be at work at once; more would only wait, with their clocks running."""

    def start(self, task: Task) -> Job:
        """Begin a task."""

    def stop(self, task: Task) -> None:
        """Ask that a task end early and tidy up; it may not hear."""

    def close(self) -> None:
        """Let everybody go, also those who never answered."""


class Threads:
    """A thread for each task; one that hangs is left behind and ends with this process."""

    patience = 1.0

    def __init__(self, work: Work) -> None:
        self._work = work
        self._stopping: dict[tuple[str, str], threading.Event] = {}

    def room(self) -> int:
        """Return that there is no end of threads."""
        return sys.maxsize

    def start(self, task: Task) -> Future[Outcome]:
        """Begin a task in a thread of its own, which nothing waits for at the end."""
        future: Future[Outcome] = Future()
        stopping = self._stopping[task.key] = threading.Event()
        threading.Thread(target=self._run, args=(task, stopping, future), daemon=True, name="host").start()
        return future

    def stop(self, task: Task) -> None:
        """Ask a task's thread to end its round of probes."""
        if stopping := self._stopping.get(task.key):
            stopping.set()

    def close(self) -> None:
        """Ask all to end; Python would wait at its own end for the pools of those who hang, so it forgets them."""
        for stopping in list(self._stopping.values()):
            stopping.set()
        if self._stopping:
            pools._threads_queues.clear()  # type: ignore[attr-defined]  # typeshed has no private names

    def _run(self, task: Task, stopping: threading.Event, future: Future[Outcome]) -> None:
        try:
            outcome = self._work(task, stopping)
        except BaseException as fault:  # noqa: BLE001 - it is told to whoever waits for the outcome
            future.set_exception(fault)
        else:
            future.set_result(outcome)
        finally:
            self._stopping.pop(task.key, None)


class Cluster:
    """The workers of a Dask cluster, on any machines; a worker that dies has its tasks done by another."""

    patience = 1.25

    def __init__(self, scheduler: str, work: Callable[[Task], Outcome]) -> None:
        try:
            from distributed import Client
        except ImportError as missing:
            raise UsageError(
                "--scheduler needs Dask's distributed", "pip install 'grade-docker-labs[cluster]'"
            ) from missing
        self._work = work
        self._jobs: dict[tuple[str, str], Any] = {}
        self._threads, self._counted = 0, float("-inf")
        try:
            self._client: Any = Client(scheduler, timeout="10s", set_as_default=False)  # type: ignore[no-untyped-call]  # it has no types
        except (OSError, ValueError) as fault:
            raise UsageError(
                f"--scheduler {scheduler}: nobody answers there: {fault}", "dask scheduler prints its address"
            ) from fault
        try:
            self._client.wait_for_workers(1, timeout=_FOR_WORKERS_S)
        except TimeoutError as fault:
            self.close()
            raise UsageError(
                f"--scheduler {scheduler}: it has no workers", f"start some: dask worker {scheduler}"
            ) from fault

    def room(self) -> int:
        """Return how many threads the workers have, who may come and go."""
        if time.monotonic() >= self._counted + _RECOUNT_S:
            self._threads = sum(self._client.nthreads().values())
            self._counted = time.monotonic()
        return max(1, self._threads)

    def start(self, task: Task) -> Job:
        """Send a task to the scheduler."""
        job: Job = self._client.submit(self._work, task, pure=False, retries=2)
        self._jobs[task.key] = job
        return job

    def stop(self, task: Task) -> None:
        """Withdraw a task; one that is at work goes on unheard."""
        if job := self._jobs.pop(task.key, None):
            job.cancel(force=True)

    def close(self) -> None:
        """Take leave of the scheduler."""
        self._client.close(timeout=2)
