"""The report as Markdown, for the summary of a CI job and for whatever else shows it."""

import re
from collections.abc import Iterator

from grader.models.report import CheckResult, Report
from grader.reporters.picture import mermaid
from grader.reporters.words import clean, fitted, number, of

LARGEST = 900_000
"""Bytes: GitHub refuses the summary of a step from 1 MiB on, and several reports may share one."""
_SIGNS = {"passed": "✅ passed", "failed": "❌ failed", "skipped": "⏭️ skipped", "error": "⚠️ not judged"}
_SYNTAX = re.compile(r"([\\`*_\[\]<>#|~!&@:$]|(?<=www)\.)", re.IGNORECASE)


def write(report: Report) -> str:
    """Return the report; without the picture, and then without the passed checks, where it would be too long."""
    return fitted(_versions(report), LARGEST)


def text(strange: str) -> str:
    """Return a stranger's text so that Markdown shows it as it is: no link, no tag, no emphasis comes of it."""
    return _SYNTAX.sub(r"\\\1", clean(strange))


def _versions(report: Report) -> Iterator[str]:
    note = "_Cut, because it was too long; the marks are complete._"
    lost = [check for check in report.checks if check.status != "passed"]
    yield _page(_head(report), _causes(report), _picture(report), _table(report.checks))
    yield _page(_head(report), _causes(report), _table(report.checks), note)
    yield _page(_head(report), _causes(report), _table(lost), note)
    yield _page(_head(report), _table(lost[:100]), note)


def _page(*parts: str) -> str:
    return "\n\n".join(part for part in parts if part) + "\n"


def _head(report: Report) -> str:
    marks = of(report.score, report.max_score).replace("/", " / ")
    if not report.complete:
        return (
            f"## {text(report.title)}: not graded completely\n\n"
            f"Some checks could not be judged, which costs no marks. Earned for certain so far: {marks}."
        )
    sign, verdict = ("✅", "passed") if report.passed else ("❌", "not passed yet")
    return (
        f"## {text(report.title)}: {marks}\n\n"
        f"{sign} {number(report.percent or 0)} %, {verdict} (the pass mark is {number(report.pass_mark)} %)"
    )


def _causes(report: Report) -> str:
    lines = []
    for fault in report.causes:
        lines.append(f"1. **{text(fault.cause)}** (costs {number(fault.lost)})")
        hint = next((check.hint for check in fault.checks if check.hint), None)
        lines += [f"   - hint: {text(hint)}"] if hint else []
    return "\n".join(["### What to mend", "", *lines]) if lines else ""


def _picture(report: Report) -> str:
    return f"### The build\n\n```mermaid\n{mermaid.write(report)}```" if report.topology.boxes else ""


def _table(checks: tuple[CheckResult, ...] | list[CheckResult]) -> str:
    if not checks:
        return ""
    rows = [f"| {_SIGNS[each.status]} | {text(each.title)} | {_marks(each)} | {text(_seen(each))} |" for each in checks]
    return "\n".join(["### Checks", "", "| | check | marks | seen |", "| --- | --- | --- | --- |", *rows])


def _marks(check: CheckResult) -> str:
    if not check.max_score:
        return "advice"
    return f"?/{number(check.max_score)}" if check.status == "error" else of(check.score, check.max_score)


def _seen(check: CheckResult) -> str:
    return (check.cause if check.status == "error" else None) or check.actual
