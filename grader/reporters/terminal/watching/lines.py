"""A watch where there is no terminal: a line for each change, for pipes and logs."""

import sys
from collections.abc import Sequence

from grader.models.report import Report
from grader.models.watching import Change, Seen, View
from grader.reporters.terminal.glyphs import ASCII, UNICODE
from grader.reporters.terminal.watching.frame import CLOCK, signed
from grader.reporters.words import clean, number


class Lines:
    """Prints the verdict when it changes to standard output, and what keeps us from it to standard error."""

    def __init__(self) -> None:
        self._before = View(exercise="")

    def show(self, view: View) -> None:
        """Print what the view says that the one before did not."""
        before, self._before = self._before, view
        if view.trouble != before.trouble:
            self._print_trouble(view)
        if view.seen and before.seen is None:
            _say_verdict(view.seen)
        elif view.seen and view.news != before.news:
            _say_changes(view.seen, view.news[0].changes)
            _say_verdict(view.seen)

    def _print_trouble(self, view: View) -> None:
        if view.trouble is None:
            print("the engine can be looked at again", file=sys.stderr, flush=True)
            return
        remedy = f"; {view.trouble.remedy}" if view.trouble.remedy else ""
        print(_clean(f"{view.trouble.what}{remedy}; waiting for it"), file=sys.stderr, flush=True)


def _verdict(report: Report) -> str:
    share = "not graded completely" if report.percent is None else f"{number(report.percent)} %"
    passed = ", passed" if report.passed else ""
    return f"{number(report.score)} / {number(report.max_score)} points, {share}{passed}"


def _say_changes(seen: Seen, changes: Sequence[Change]) -> None:
    glyphs = UNICODE if _encoding().startswith("utf") else ASCII
    for change in changes:
        points = f"  {signed(change.points)}" if change.points else ""
        _say(seen, f"{getattr(glyphs, change.status)} {change.check}: {change.title}{points}")


def _say_verdict(seen: Seen) -> None:
    _say(seen, _verdict(seen.report))
    for place, fault in enumerate(seen.report.causes, 1):
        _say(seen, f"mend {place}: {fault.cause}")


def _say(seen: Seen, text: str) -> None:
    print(f"{seen.at.strftime(CLOCK)}  {_clean(text)}", flush=True)


def _clean(text: str) -> str:
    return clean(text, _encoding())


def _encoding() -> str:
    return (sys.stdout.encoding or "utf-8").lower()
