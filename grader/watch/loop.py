"""The watch itself: it hears the engines, looks when the pace says so, and shows what it has seen.

One thread decides and shows. Others listen to the engines, and one at a time looks, so that a look that takes
long keeps nobody from ending the watch or from resizing the window.
"""

import queue
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from grader.errors import (
    EngineForbidden,
    EngineTimeout,
    EngineUnreachable,
    EngineUnsupported,
    GradeError,
    ProbeUnavailable,
    UsageError,
)
from grader.hinting import asked
from grader.models.evidence import Evidence
from grader.models.report import Report
from grader.models.watching import News, Seen, Trouble, View
from grader.observe import Settings, observe
from grader.pipeline import judge
from grader.rubric.model import Loaded
from grader.settle import deserves_another_look, starting
from grader.watch.follow import Follower, Found, Heard, Lost, Message
from grader.watch.news import changes
from grader.watch.pace import Outlook, Pace
from grader.watch.relevance import interest

if TYPE_CHECKING:
    from grader.host.connect import Connection

_PULSE = 0.25
"""Seconds between two looks at the window's size and at whether somebody wants to end."""
_FAREWELL = 10.0
_MOST_NEWS = 20
_GONE = (EngineUnreachable, EngineTimeout)
_HOPELESS = (UsageError, EngineForbidden, EngineUnsupported, ProbeUnavailable)
"""What waiting does not mend, when it stands in the way of the very first look."""


@dataclass(frozen=True, slots=True)
class Looked:
    """A look has come to its end, with what it saw or why it saw nothing."""

    evidence: Evidence | None = None
    report: Report | None = None
    fault: BaseException | None = None


class Watch:
    """Grades again and again; `show` is given each new view, and `pulse` is called between them."""

    def __init__(
        self,
        loaded: Loaded,
        exercise: str,
        settings: Settings,
        show: Callable[[View], None],
        pulse: Callable[[], object] = lambda: None,
    ) -> None:
        self._stopping = threading.Event()
        self._loaded, self._exercise, self._settings = loaded, exercise, replace(settings, stopping=self._stopping)
        self._show, self._pulse = show, pulse
        self._inbox: queue.SimpleQueue[Message | Looked | Callable[[], None]] = queue.SimpleQueue()
        self._connections: dict[str, Connection] = {}
        self._lost: dict[str, GradeError] = {}
        self._pace = Pace(settings.hosts)
        self._followers: list[Follower] = []
        self._looking: threading.Thread | None = None
        self._evidence: Evidence | None = None
        self.best: Report | None = None
        """The best of the whole reports so far."""
        self.view = View(exercise=exercise)
        """What was shown last."""

    def run(self, *, until_passed: bool = False) -> None:
        """Watch until somebody ends it, or it is passed; raise what makes the very first look impossible."""
        for name, address in self._settings.hosts.items():
            self._followers.append(Follower(name, address, self._settings.timeout, self._inbox.put))
        self._show(self.view)
        while not (until_passed and self.passed) and not self._stopping.is_set():
            self._pulse()
            self._step()

    def stop(self) -> None:
        """End the run; may be called at any moment, as `soon` may."""
        self.soon(self._stopping.set)

    def soon(self, call: Callable[[], None]) -> None:
        """Have something done between two messages: a handler of signals must not interrupt what draws."""
        self._inbox.put(call)

    def close(self) -> None:
        """Wait until the last look has taken its sidecars away, and then listen no more: it may need the same way."""
        self._stopping.set()
        if self._looking:
            self._looking.join(_FAREWELL)
        for follower in self._followers:
            follower.end(_PULSE)

    @property
    def passed(self) -> bool:
        """Whether the last look was whole, saw enough, and still stands."""
        seen = self.view.seen
        return bool(seen and seen.report.passed and not self.view.trouble)

    def _step(self) -> None:
        due = self._pace.due(time.monotonic())
        if due == 0:
            self._begin()
        wait = _PULSE if due is None else min(due or _PULSE, _PULSE)
        with suppress(queue.Empty):
            self._take(self._inbox.get(timeout=wait))
            while True:
                self._take(self._inbox.get_nowait())

    def _take(self, message: Message | Looked | Callable[[], None]) -> None:
        now = time.monotonic()
        match message:
            case Heard(engine, event):
                self._pace.heard(engine, event, now)
            case Found(engine, connection):
                self._connections[engine] = connection
                self._lost.pop(engine, None)
                self._pace.found(engine, now)
                self._renew(trouble=self._trouble())
            case Lost(engine, fault):
                self._pace.lost(engine)
                self._lost[engine] = fault
                self._renew(trouble=self._trouble())
            case Looked(evidence, report, None) if evidence and report:
                self._seen(evidence, report, now)
            case Looked(fault=fault):
                self._failed(fault, now)
            case _:
                message()

    def _begin(self) -> None:
        known = self._evidence if self._pace.began(time.monotonic()) else None
        self._looking = threading.Thread(target=self._look, args=(known,), name="look", daemon=True)
        self._looking.start()
        self._renew(looking=True)

    def _look(self, known: Evidence | None) -> None:
        try:
            self._inbox.put(self._looked(known))
        except BaseException as fault:  # noqa: BLE001 - the thread that decides raises it again, or says what it is
            self._inbox.put(Looked(fault=fault))

    def _looked(self, known: Evidence | None) -> Looked:
        """Return what the engines show now; a symptom that nothing explains is looked at twice before it is told."""
        evidence = self._observed(known)
        report = judge(self._loaded, evidence)
        if deserves_another_look(evidence, report) and not self._stopping.is_set():
            evidence = self._observed(None)
            report = judge(self._loaded, evidence)
        return Looked(evidence, report)

    def _observed(self, known: Evidence | None) -> Evidence:
        engines = {name: self._connections[name] for name in self._settings.hosts}
        hints = asked(
            self._exercise, (check.id for check in self._loaded.rubric.checks)
        )  # in another window, meanwhile
        return observe(engines, self._loaded, self._exercise, replace(self._settings, hints=hints), lambda: None, known)

    def _seen(self, evidence: Evidence, report: Report, now: float) -> None:
        young = starting(self._loaded, evidence, report)
        full = report.complete and report.score == report.max_score
        outlook = Outlook.STARTING if young else Outlook.DONE if full else Outlook.OPEN
        rubric = self._loaded.rubric
        self._pace.ended(outlook, {n: interest(rubric, seen.snapshot) for n, seen in evidence.hosts.items()}, now)
        at = datetime.now().astimezone()
        changed = changes(self.view.seen.report, report) if self.view.seen else ()
        news = ((News(at=at, changes=changed),) if changed else ()) + self.view.news
        self._evidence = evidence
        if report.complete and (self.best is None or report.score > self.best.score):
            self.best = report
        self._renew(
            seen=Seen(report=report, at=at, starting=tuple(young)),
            looking=False,
            news=news[:_MOST_NEWS],
            trouble=self._trouble(),
        )

    def _failed(self, fault: BaseException | None, now: float) -> None:
        if not isinstance(fault, GradeError) or (self._evidence is None and isinstance(fault, _HOPELESS)):
            raise fault or AssertionError("a look ended without a word")
        self._pace.failed(now)
        if isinstance(fault, _GONE):
            for follower in self._followers:
                follower.again()
        self._renew(looking=False, trouble=self._trouble(fault))

    def _trouble(self, fault: GradeError | None = None) -> Trouble | None:
        """Return why nothing can be seen: an engine that is gone, or else what a look ran into."""
        name, worst = next(iter(self._lost.items()), ("", fault))
        if worst is None:
            return None
        which = f"{name}: " if name and len(self._settings.hosts) > 1 else ""
        return Trouble(what=f"{which}{worst.message}", remedy=worst.remedy, gone=isinstance(worst, _GONE))

    def _renew(self, **fields: object) -> None:
        """Show the view with these fields anew, if that makes a difference."""
        view = self.view.model_copy(update=fields)
        if view != self.view:
            self.view = view
            self._show(view)
