"""Wishes that reach a long-running command as signals: to end, and to step aside for a while."""

from __future__ import annotations

import signal
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@contextmanager
def heeded(stop: Callable[[], None], step_aside: Callable[[], None] | None) -> Iterator[None]:
    """Let SIGINT, SIGTERM and SIGHUP call `stop`, and ctrl-Z `step_aside`; both must interrupt nothing.

    What the caller shields us from, as nohup does, stays ignored.
    """
    wishes: dict[str, Callable[[int, Any], None]] = {
        name: lambda _number, _frame: stop() for name in ("SIGINT", "SIGTERM", "SIGHUP")
    }
    if step_aside is not None:
        wishes["SIGTSTP"] = lambda _number, _frame: step_aside()
    numbers = {getattr(signal, name): wish for name, wish in wishes.items() if hasattr(signal, name)}  # not on Windows
    before = {number: signal.getsignal(number) for number in numbers}
    for number, wish in numbers.items():
        if before[number] is not signal.SIG_IGN:
            signal.signal(number, wish)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
