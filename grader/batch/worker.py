"""One task from its beginning to its end, whatever happens to the host; runs in a thread, a process or elsewhere."""

from __future__ import annotations

import threading
import time
from dataclasses import replace
from typing import TYPE_CHECKING

import grader.host.library  # noqa: F401 - before the first thread
from grader.batch.judge import html_of, rubric_of
from grader.batch.records import Outcome, Task, judged, now
from grader.errors import EngineError, GradeError
from grader.host.remedies import OR_ANOTHER
from grader.observe import Settings
from grader.pipeline import grade

if TYPE_CHECKING:
    from grader.models.evidence import Evidence

_BACKOFF = 2.0


def work(task: Task, stopping: threading.Event | None = None) -> Outcome:
    """Return what became of the task: never an exception, for one host's trouble is not the class's.

    What went wrong on the way is tried again, each time after a longer pause; what an answer says is believed.
    """
    wish = stopping or threading.Event()
    end = time.monotonic() + task.limits.deadline
    pause = task.limits.pause
    for tries_left in reversed(range(max(1, task.limits.tries))):
        try:
            return _graded(task, wish)
        except EngineError as fault:
            if not (fault.passing and tries_left and time.monotonic() + pause < end):
                return failed(task, fault.word, fault.message, fault.remedy)
        except GradeError as fault:
            return failed(task, "unusable", fault.message, fault.remedy)
        except Exception as bug:  # noqa: BLE001 - a bug of ours must cost one learner's grade, not the whole night
            return failed(task, "bug", f"this is a bug of grade: {type(bug).__name__}: {bug}")
        if wish.wait(pause):
            return failed(task, "stopped", "the run was stopped")
        pause *= _BACKOFF
    raise AssertionError("the last try returns")


def failed(task: Task, word: str, reason: str, remedy: str = "") -> Outcome:
    """Return that a task came to no verdict, and why."""
    advice = remedy.removesuffix(OR_ANOTHER)
    return Outcome(task.learner, task.exercise, now(), fault=word, reason=reason, remedy=advice)


def _graded(task: Task, stopping: threading.Event) -> Outcome:
    loaded = rubric_of(task.rubric, task.rubric_path)
    hosts = {name or loaded.rubric.hosts[0]: address for name, address in task.engines.items()}
    roles = {role: name for role, name in task.roles.items() if role in loaded.rubric.roles}
    limits = task.limits
    settings = Settings(hosts=hosts, roles=roles, settle=limits.settle, timeout=limits.timeout, stopping=stopping)
    evidence, report = grade(loaded, task.exercise, settings)
    if stopping.is_set():
        return failed(task, "stopped", "the run was stopped")
    return judged(task, _signed(evidence, task), report, html_of(report))


def _signed(evidence: Evidence, task: Task) -> Evidence:
    """Return the evidence with whose it is and what the instructor asked to be in it."""
    known = {"learner": task.learner, "nonce": task.nonce}
    return evidence.model_copy(
        update={key: value for key, value in known.items() if key in type(evidence).model_fields}
    )


def checked(task: Task) -> Outcome:
    """Connect and grade nothing: return an outcome without fault when the engine could be graded."""
    from grader.observe import connected

    settings = Settings(
        hosts={name or "default": each for name, each in task.engines.items()}, timeout=task.limits.timeout
    )
    try:
        for connection in connected(settings).values():
            connection.close()
    except EngineError as fault:
        return failed(task, fault.word, fault.message, fault.remedy)
    except GradeError as fault:
        return failed(task, "unusable", fault.message, fault.remedy)
    return replace(failed(task, "", "the engine answers"), remedy="")
