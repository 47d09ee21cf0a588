"""One engine's events for as long as a watch lasts, over every restart of the engine."""

import threading
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from typing import TypeAlias

from grader.errors import GradeError
from grader.host.address import Address
from grader.host.connect import Connection, connect
from grader.host.events import Stream, subscribe
from grader.models.event import Event
from grader.watch.pace import delay

_STEADY = 5.0
"""Seconds after which a stream counts as one that worked, so that its end is no failure in a row."""


@dataclass(frozen=True, slots=True)
class Found:
    """The engine answers, and its events are heard from now on."""

    engine: str
    connection: Connection


@dataclass(frozen=True, slots=True)
class Lost:
    """The engine does not answer; it is tried again and again."""

    engine: str
    fault: GradeError


@dataclass(frozen=True, slots=True)
class Heard:
    """An event."""

    engine: str
    event: Event


Message: TypeAlias = Found | Lost | Heard


class Follower:
    """A thread that listens to one engine and tells what it hears."""

    def __init__(
        self, engine: str, address: str | Address | None, timeout: float, tell: Callable[[Message], None]
    ) -> None:
        self._engine, self._address, self._timeout = engine, address, timeout
        self._tell = tell
        self._over = threading.Event()
        self._stream: Stream | None = None
        self._failures = 0
        self._thread = threading.Thread(target=self._follow, name=f"events of {engine}", daemon=True)
        self._thread.start()

    def again(self) -> None:
        """Break the stream off, because the engine may have gone without a word, and connect anew."""
        if stream := self._stream:
            stream.close()

    def end(self, patience: float) -> None:
        """Listen no more, and wait so many seconds at most until the way to the engine is closed."""
        self._over.set()
        self.again()
        self._thread.join(patience)

    def _follow(self) -> None:
        while not self._over.is_set():
            start = time.monotonic()
            try:
                self._listen()
            except GradeError as fault:
                self._tell(Lost(self._engine, fault))
            self._failures = 1 if time.monotonic() - start > _STEADY + self._timeout else self._failures + 1
            self._over.wait(delay(self._failures))

    def _listen(self) -> None:
        with closing(connect(self._address, self._timeout)) as connection, closing(subscribe(connection)) as stream:
            self._stream = stream
            self._tell(Found(self._engine, connection))
            for event in stream:
                self._tell(Heard(self._engine, event))
