"""The set-up, one line a part, each with what mends it."""

from rich.console import Console
from rich.text import Text

from grader.models.diagnosis import Condition, Symptom
from grader.reporters.terminal.pen import BAD, GOOD, HELP, QUIET, STRONG, UNSURE, Lines, Pen

_ABOUT = 13
"""Columns of the longest word for a part, with a blank behind it."""
_STYLES: dict[Condition, str] = {"ok": GOOD, "warn": UNSURE, "fail": BAD}
_MOST_LINES = 6


class DiagnosisScreen:
    """Prints each symptom as soon as it is known, because an engine that is silent takes its time."""

    def __init__(self, console: Console | None = None) -> None:
        self.console = console or Console()
        self.pen = Pen.of(self.console)

    def heading(self, text: str) -> None:
        """Print what the next lines are about."""
        self._print([Text(), *self.pen.heading(text)[:1]])

    def show(self, symptom: Symptom) -> None:
        """Print one part of the set-up."""
        style, glyphs = _STYLES[symptom.condition], self.pen.glyphs
        sign = {"ok": glyphs.passed, "warn": glyphs.error, "fail": glyphs.failed}[symptom.condition]
        about = (f"{symptom.about:<{_ABOUT}}", QUIET if symptom.condition == "ok" else STRONG)
        lead = Text.assemble((f"{sign} ", style), about)
        self._print(self.pen.hang(lead, symptom.told, "", _MOST_LINES))
        if symptom.remedy:
            lead = Text.assemble(" " * (2 + _ABOUT), ("try: ", QUIET))
            self._print(self.pen.hang(lead, symptom.remedy, HELP, _MOST_LINES))

    def verdict(self, *, able: bool) -> None:
        """Print whether anything can be graded."""
        told = "Ready: grade lists the exercises." if able else "Nothing can be graded yet: mend what is marked."
        self._print([Text(), Text(told, GOOD if able else BAD)])

    def _print(self, lines: Lines) -> None:
        for line in lines:
            self.console.print(line, no_wrap=True, overflow="crop", crop=True, highlight=False)
