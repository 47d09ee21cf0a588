"""When to look again: a clock and the engines' events in, the next thing to do out.

Nothing here reads a clock or speaks to an engine: every method is told what time it is, in seconds.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum

from grader.models.event import Event
from grader.watch.relevance import Interest, Touch, touch

QUIET = 0.25
"""A burst is over when nothing has been heard for so long,"""
LONGEST = 1.0
"""or when it has gone on for so long."""
GAP = 0.3
"""Between two looks, so that an engine in turmoil is not kept busy by us as well."""
_FRESH = 30.0
"""How long after an event something is thought to be on its way."""
_LATER = 3.0
_MOST_HEARD = 400
"""Beyond that a burst is not gone through: all is looked at."""


class Outlook(Enum):
    """What may change by itself, which no event tells, and how soon a look finds out."""

    STARTING = "something has started a moment ago"
    OPEN = "marks are missing"
    DONE = "nothing is missing"


AT_ONCE = (Touch.LISTING, Touch.SANDBOXES)

_BEATS: Mapping[Outlook, tuple[float, float]] = {
    Outlook.STARTING: (0.7, 0.7),
    Outlook.OPEN: (3.0, 10.0),
    Outlook.DONE: (10.0, 30.0),
}
"""Seconds from one look to the next, shortly after an event and otherwise."""


def delay(failures: int) -> float:
    """Return how many seconds to wait after so many failures in a row: soon at first, and never long."""
    return float(min(0.5 * 2 ** min(failures - 1, 8), 5.0))


@dataclass
class _Ear:
    """What was heard of one engine since the last look began."""

    here: bool = False
    interest: Interest | None = None
    """None until the first look: until then, everything matters."""
    heard: list[Event] = field(default_factory=list)
    sidecars: set[str] = field(default_factory=set)
    first: float = 0.0
    last: float = 0.0

    def hear(self, event: Event, now: float) -> None:
        if self._is_ours(event) or (self.interest and touch([event], self.interest) is Touch.NOTHING):
            return
        self.first, self.last = self.first if self.touched in AT_ONCE else now, now
        if len(self.heard) <= _MOST_HEARD:
            self.heard.append(event)

    def _is_ours(self, event: Event) -> bool:
        """Return whether a sidecar is the cause; networks tell only its id, so ids are kept while they live."""
        if event.ours and event.kind == "container":
            (self.sidecars.discard if event.action in ("destroy", "remove") else self.sidecars.add)(event.id)
            return True
        return event.ours or event.container in self.sidecars

    @property
    def touched(self) -> Touch:
        if not self.heard:
            return Touch.NOTHING
        if self.interest is None or len(self.heard) > _MOST_HEARD:
            return Touch.SANDBOXES
        return touch(self.heard, self.interest)


class Pace:
    """Decides when to look, and how thoroughly."""

    def __init__(self, engines: Iterable[str]) -> None:
        self._ears = {name: _Ear() for name in engines}
        self._outlook = Outlook.OPEN
        self._busy = False
        self._failures = 0
        self._ended: float | None = None
        self._thorough = True
        self._seen = 0.0
        """When the sandboxes were last looked into."""
        self._stirred = float("-inf")
        self._all_anew = True
        """Whether the next look has to ask everything: nothing is known, or something may have been missed."""

    @property
    def complete(self) -> bool:
        """Whether all engines are there."""
        return all(ear.here for ear in self._ears.values())

    def found(self, engine: str, now: float) -> None:
        """Take note that the engine's events are heard from now on; whatever was before is unknown."""
        self._ears[engine] = _Ear(here=True)
        self._all_anew = True
        self._stirred = now

    def lost(self, engine: str) -> None:
        """Take note that an engine is gone: until it is found again there is nothing to look at."""
        self._ears[engine].here = False

    def heard(self, engine: str, event: Event, now: float) -> None:
        """Take note of an event."""
        self._ears[engine].hear(event, now)

    def began(self, now: float) -> bool:
        """Take note that a look begins; return whether what is known of the sandboxes may be used in it."""
        burst = self._burst()
        self._thorough = self._all_anew or burst >= Touch.LATER or now >= self._beat()
        self._stirred = self._stirred if burst is Touch.NOTHING else now
        for ear in self._ears.values():
            ear.heard.clear()
        self._busy, self._all_anew = True, False
        return not self._thorough

    def ended(self, outlook: Outlook, interests: Mapping[str, Interest], now: float) -> None:
        """Take note of what a look has brought."""
        self._busy, self._failures, self._outlook, self._ended = False, 0, outlook, now
        self._seen = now if self._thorough else self._seen
        for name, interest in interests.items():
            self._ears[name].interest = interest

    def failed(self, now: float) -> None:
        """Take note that a look came to nothing."""
        self._busy, self._all_anew, self._ended = False, True, now
        self._failures += 1

    def due(self, now: float) -> float | None:
        """Return in how many seconds to look, 0 for at once, or None while there is something to wait for."""
        if self._busy or not self.complete:
            return None
        return max(self._moment(now) - now, 0.0)

    def _moment(self, now: float) -> float:
        if self._ended is None:
            return now
        if self._failures:
            return self._ended + delay(self._failures)
        if self._all_anew:
            return self._ended + GAP
        return max(min(self._beat(), *self._bursts_over()), self._ended + GAP)

    def _beat(self) -> float:
        """Return when to look although nothing was heard."""
        soon, late = _BEATS[self._outlook]
        beat = self._seen + (soon if self._seen - self._stirred < _FRESH else late)
        return min(beat, self._seen + _LATER) if self._burst() is Touch.LATER else beat

    def _bursts_over(self) -> list[float]:
        """Return when each engine's burst is over, as far as it matters at once."""
        ends = [min(ear.last + QUIET, ear.first + LONGEST) for ear in self._ears.values() if ear.touched in AT_ONCE]
        return [*ends, float("inf")]

    def _burst(self) -> Touch:
        return max((ear.touched for ear in self._ears.values()), default=Touch.NOTHING)
