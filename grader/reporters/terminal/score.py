"""The head of the report: what it is about, the score, and whether that is enough."""

from decimal import Decimal

from rich.text import Text

from grader.models.report import Report
from grader.reporters.sentences import judgement, where
from grader.reporters.terminal.pen import BAD, GOOD, QUIET, STRONG, UNSURE, Lines, Pen
from grader.reporters.words import number

_BAR = 60


def score(report: Report, pen: Pen) -> Lines:
    """Return title, score and bar."""
    return [
        *pen.hang(Text(), report.title, STRONG, most=2),
        *pen.hang(Text(), where(report), QUIET, most=2),
        Text(),
        *verdict(report, pen),
        bar(report, pen),
    ]


def verdict(report: Report, pen: Pen) -> Lines:
    """Return the points, the share, and whether that is enough."""
    style = f"{STRONG} {_tone(report)}"
    share = "" if report.percent is None else f"{number(report.percent)} %   "
    points = f"  {number(report.score)} / {number(report.max_score)} points"
    return pen.hang(pen.text((points, style), (f"   {share}", "")), judgement(report), style)


def _tone(report: Report) -> str:
    if report.passed is None:
        return UNSURE
    return GOOD if report.passed else BAD


def bar(report: Report, pen: Pen) -> Text:
    """Return what is earned, open and lost, with the pass mark on it."""
    cells, glyphs = min(_BAR, pen.width - 4), pen.glyphs
    ungraded = sum((check.max_score for check in report.checks if check.status == "error"), Decimal(0))
    earned = _share(report.score, report.max_score, cells)
    reached = max(_share(report.score + ungraded, report.max_score, cells), earned)
    drawn = Text("  ")
    drawn.append(glyphs.bar * earned, _tone(report))
    drawn.append(glyphs.open * (reached - earned), UNSURE)
    drawn.append(glyphs.rest * (cells - reached), QUIET)
    return _with_mark(drawn, report, cells, glyphs.mark)


def _with_mark(bar: Text, report: Report, cells: int, mark: str) -> Text:
    if not report.pass_mark or report.percent is None:
        return bar
    place = 2 + min(_share(report.pass_mark, Decimal(100), cells), cells - 1)
    return Text.assemble(bar[:place], (mark, STRONG), bar[place + 1 :])


def _share(part: Decimal, whole: Decimal, cells: int) -> int:
    """Return how many cells a part fills; only the whole fills them all, and nothing fills none."""
    if not whole:
        return 0
    filled = int(cells * part / whole)
    return max(0, min(cells, filled))
