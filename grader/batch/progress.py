"""How a run goes, on standard error: a bar for those who watch, a line for each trouble for everybody."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.text import Text

from grader.reporters.words import clean

if TYPE_CHECKING:
    from types import TracebackType

    from grader.batch.records import Outcome, Task


class Meter:
    """Counts, rate and remaining time; and who came to no grade, with what may mend it."""

    def __init__(self, total: int) -> None:
        self._console = Console(stderr=True, highlight=False)
        self._console.soft_wrap = not self._console.is_terminal  # a log is for programs, which break no lines
        self._began = time.monotonic()
        self._graded = self._ungraded = 0
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(bar_width=None),
            MofNCompleteColumn(),
            TimeRemainingColumn(elapsed_when_finished=True),
            console=self._console,
            disable=not self._console.is_terminal,
        )
        self._bar = self._progress.add_task("", total=total)

    def __enter__(self) -> Meter:
        self._progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._progress.stop()

    def started(self, task: Task) -> None:
        """Say nothing: the bar tells enough."""

    def ended(self, outcome: Outcome, done: int, total: int) -> None:  # noqa: ARG002 - the bar knows the total
        """Count, and tell of a trouble."""
        if outcome.fault:
            self._ungraded += 1
            self._console.print(Text(f"{outcome.learner}  {outcome.exercise}  {clean(outcome.reason, longest=500)}"))
            if outcome.remedy:
                self._console.print(Text(f"    try: {clean(outcome.remedy, longest=500)}"))
        else:
            self._graded += 1
        rate = done / max(0.001, time.monotonic() - self._began)
        told = f"{self._graded} graded, {self._ungraded} ungraded, {rate:.1f} a second"
        self._progress.update(self._bar, completed=done, description=told)
