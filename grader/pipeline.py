"""The stages of a run, in reading order: observe, judge, and again while something may still be starting.

What judges is imported while the probes wait for answers, and not before.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from grader.observe import connected, observe

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from grader.host.connect import Connection
    from grader.models.evidence import Evidence
    from grader.models.report import Report
    from grader.observe import Settings
    from grader.rubric.model import Loaded

_PAUSE = 0.3
_DOUBTS = 2
"""Looks that a doubt is worth; without time to settle, one."""


def grade(
    loaded: Loaded,
    exercise: str,
    settings: Settings,
    say: Callable[[str], None] = lambda _: None,
    meanwhile: Callable[[], object] = lambda: None,
) -> tuple[Evidence, Report]:
    """Observe live engines and judge them, again and again while what failed may still be starting.

    `say` is told what it waits for; `meanwhile` is run beside the probes, which wait more than they work.
    """
    connections = connected(settings)
    try:
        return _settled(connections, loaded, exercise, settings, say, meanwhile)
    finally:
        for connection in connections.values():
            connection.close()


def _settled(
    connections: Mapping[str, Connection],
    loaded: Loaded,
    exercise: str,
    settings: Settings,
    say: Callable[[str], None],
    meanwhile: Callable[[], object],
) -> tuple[Evidence, Report]:
    deadline = time.monotonic() + settings.settle
    doubts = 0
    while True:
        evidence = observe(connections, loaded, exercise, settings, meanwhile)
        from grader.settle import deserves_another_look, starting

        report = judge(loaded, evidence)
        waiting_for = starting(loaded, evidence, report)
        if settings.stopping.is_set():
            return evidence, report
        in_time = time.monotonic() < deadline
        if waiting_for and in_time:
            say(f"waiting for {', '.join(waiting_for)}, which started a moment ago")
            time.sleep(_PAUSE)
        elif deserves_another_look(evidence, report) and doubts < (_DOUBTS if in_time else 1):
            doubts += 1
        else:
            return evidence, report


def regrade(loaded: Loaded, exercise: str, evidence: Evidence, roles: Mapping[str, str]) -> Report:
    """Judge saved evidence again; `roles` override what was said when it was taken."""
    merged = {**evidence.roles, **roles}
    return judge(loaded, evidence.model_copy(update={"roles": merged, "exercise": exercise}))


def judge(loaded: Loaded, evidence: Evidence) -> Report:
    """Return the verdict, or raise EngineUnsupported when an engine lacks what the exercise requires."""
    from grader.evaluate import evaluate
    from grader.requirements import demand

    demand(loaded.rubric, evidence)
    return evaluate(loaded, evidence)
