"""The report as a table for spreadsheets: a row for each check, and one for the whole.

The last row has no check. A cell of marks is empty where nothing was judged, so that no sum takes it for a zero.
"""

import csv
import io
from decimal import Decimal

from grader.models.report import CheckResult, Report
from grader.reporters.words import clean, number

COLUMNS = ("exercise", "check", "kind", "title", "status", "score", "max_score", "cause", "expected", "seen", "hint")
_FORMULA = ("=", "+", "-", "@")


def write(report: Report) -> str:
    """Return the table, its lines ended as RFC 4180 has it."""
    file = io.StringIO()
    rows = csv.writer(file)
    rows.writerow(COLUMNS)
    for check in report.checks:
        rows.writerow([cell(text) for text in _row(report, check)])
    rows.writerow([cell(text) for text in _whole(report)])
    return file.getvalue()


def cell(text: str) -> str:
    """Return the text so that a spreadsheet reads it as text: what begins like a formula gets an apostrophe."""
    shown = clean(text)
    return f"'{shown}" if shown.startswith(_FORMULA) else shown


def _row(report: Report, check: CheckResult) -> list[str]:
    score = None if check.status == "error" else check.score
    return [
        report.exercise,
        check.id,
        check.kind,
        check.title,
        check.status,
        _points(score),
        _points(check.max_score),
        check.cause or "",
        check.expected,
        check.actual,
        check.hint or "",
    ]


def _whole(report: Report) -> list[str]:
    status, score = ("graded", report.score) if report.complete else ("ungraded", None)
    texts = [report.title, status, _points(score), _points(report.max_score)]
    return [report.exercise, "", "", *texts, "", "", "", ""]


def _points(value: Decimal | None) -> str:
    return "" if value is None else number(value)
