"""A report in one line: `grade EXERCISE --format badge`, or `--output badge:FILE`."""

from grader.models.report import Report
from grader.reporters.words import clean, of


def write(report: Report) -> str:
    """Return the line; a report that is not complete has no verdict to show."""
    verdict = of(report.score, report.max_score) if report.complete else "not graded"
    return f"[{clean(report.exercise)}: {verdict}]\n"
