"""The end of the report, which is what a terminal shows first: remarks, and the one next step."""

from grader.models.report import Report
from grader.reporters.terminal.pen import HELP, STRONG, Lines, Pen
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
    """Return the score once more, what to do now, and how to learn more."""
    points = f"  {number(report.score)} / {number(report.max_score)}  "
    lines = pen.hang(pen.text((points, STRONG)), _advice(report))
    failing = next((fault.checks[0].id for fault in report.causes), None)
    if failing:
        told = f"grade explain {report.exercise} {failing}"
        lines += pen.hang(pen.text((" " * len(points), "")), f"tells more: {told}", HELP)
    return lines


def _advice(report: Report) -> str:
    again = f"grade {report.exercise}"
    if report.causes:
        return f"Mend 1 first, then run {again} again."
    if any(check.status == "error" for check in report.checks):
        return f"Run {again} again. If it stays so, grade doctor looks for the reason."
    if any(check.status in ("failed", "skipped") for check in report.checks):
        return f"Mend what is marked above, then run {again} again."
    return "Nothing to mend."
