"""The end of the report, which is what a terminal shows first: remarks, and the one next step."""

from rich.console import Console
from rich.text import Text

from grader.models.report import Report
from grader.reporters.sentences import advice, further
from grader.reporters.terminal.pen import STRONG, Lines, Pen
from grader.reporters.words import number


def notes(report: Report, pen: Pen) -> Lines:
    """Return the remarks that concern no check."""
    if not report.notes:
        return []
    lines = pen.heading("Notes")
    for note in report.notes:
        lines += pen.hang(pen.text((f"  {pen.glyphs.skipped} ", "")), note)
    return lines


def next_step(report: Report, pen: Pen) -> Lines:
    """Return the score once more, and what to do now."""
    points = pen.text((f"  {number(report.score)} / {number(report.max_score)}  ", STRONG))
    help_on = pen.hang(Text(" " * points.cell_len), further(report)) if further(report) else []
    return [*pen.hang(points, advice(report)), *help_on]


def show(report: Report) -> None:
    """Print the score and what to do now to standard output."""
    console = Console()
    for line in next_step(report, Pen.of(console)):
        console.print(line, no_wrap=True, overflow="crop", crop=True, highlight=False)
