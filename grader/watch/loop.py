"""The watch itself: it hears the engines, looks when the pace says so, and shows what it has seen.

One thread decides and shows. Others listen to the engines, and one at a time looks, so that a look that takes
long keeps nobody from ending the watch or from resizing the window.
"""

import queue
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
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
from grader.models.evidence import Evidence
from grader.models.report import Report
from grader.models.watching import News, Seen, Trouble, View
from grader.pipeline import Settings, connected, judge, observe
from grader.rubric.model import Loaded
from grader.settle import deserves_a_second_look, starting
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
_HOPELESS = (UsageError, EngineForbidden, EngineUnsupported, ProbeUnavailable)
"""What waiting does not mend, when it stands in the way of the very first look."""


@dataclass(frozen=True, slots=True)
class Looked:
    """A look has come to its end, with what it saw or why it saw nothing."""

    evidence: Evidence | None = None
    report: Report | None = None
    fault: BaseException | None = None


class Watch:
    """Grades again and again; `show` is given each new view, and `pulse` is called between them.

    `pulse` returns True when somebody wants to end.
    """

    def __init__(
        self,
        loaded: Loaded,
        exercise: str,
        settings: Settings,
        show: Callable[[View], None],
        pulse: Callable[[], bool] = lambda: False,
    ) -> None:
        self._loaded, self._exercise, self._settings = loaded, exercise, settings
        self._show, self._pulse = show, pulse
        self._inbox: queue.SimpleQueue[Message | Looked] = queue.SimpleQueue()
        self._connections: dict[str, Connection] = {}
        self._lost: dict[str, GradeError] = {}
        self._pace = Pace(settings.hosts)
        self._followers: list[Follower] = []
        self._stopping = threading.Event()
        self._looking: threading.Thread | None = None
        self._evidence: Evidence | None = None
        self.view = View(exercise=exercise)
        """What was shown last."""

    def run(self, *, until_passed: bool = False) -> None:
        """Watch until somebody ends it, or all is passed; raise what makes the very first look impossible."""
        connected(self._settings)
        try:
            for name, address in self._settings.hosts.items():
                self._followers.append(Follower(name, address, self._settings.timeout, self._inbox.put))
            self._show(self.view)
            while not (until_passed and self.passed) and not self._pulse():
                self._step()
        finally:
            self._stopping.set()

    def close(self) -> None:
        """Stop listening, and wait until the last look has taken its sidecars away."""
        self._stopping.set()
        for follower in self._followers:
            follower.end()
        if self._looking:
            self._looking.join(_FAREWELL)

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

    def _take(self, message: Message | Looked) -> None:
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
        if deserves_a_second_look(evidence, report) and not self._stopping.is_set():
            evidence = self._observed(None)
            report = judge(self._loaded, evidence)
        return Looked(evidence, report)

    def _observed(self, known: Evidence | None) -> Evidence:
        engines = {name: self._connections[name] for name in self._settings.hosts}
        return observe(engines, self._loaded, self._exercise, self._settings, lambda: None, self._stopping, known)

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
        if isinstance(fault, EngineUnreachable | EngineTimeout):
            for follower in self._followers:
                follower.again()
        self._renew(looking=False, trouble=self._trouble(fault))

    def _trouble(self, fault: GradeError | None = None) -> Trouble | None:
        """Return why nothing can be seen: an engine that is gone, or else what a look ran into."""
        for name, lost in self._lost.items():
            which = f"{name}: " if len(self._settings.hosts) > 1 else ""
            return Trouble(what=f"{which}{lost.message}", remedy=lost.remedy, gone=True)
        if fault is None:
            return None
        return Trouble(what=fault.message, remedy=fault.remedy, gone=isinstance(fault, EngineUnreachable))

    def _renew(self, **fields: object) -> None:
        """Show the view with these fields anew, if that makes a difference."""
        view = self.view.model_copy(update=fields)
        if view != self.view:
            self.view = view
            self._show(view)
