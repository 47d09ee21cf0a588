"""The report as Gradescope's results.json.

While a check is in error there are no scores in it at all: Gradescope then says that the autograder failed, and
nobody is given a mark that was not earned, or a zero that was not deserved.
"""

import json
from collections.abc import Iterator
from typing import Any

from grader.models.report import CheckResult, Report
from grader.reporters.words import clean, facts, fitted, number

LARGEST = 1_000_000
"""Bytes: beyond this, texts are left out; titles and marks never are. Gradescope names no limit of its own."""
_CUT = "The rest was too long for this page: grade regrade shows it."


def write(report: Report) -> str:
    """Return the report, with fewer words where there are too many."""
    return fitted(_versions(report), LARGEST)


def _versions(report: Report) -> Iterator[str]:
    for words in (True, False):
        yield json.dumps(_results(report, words=words), indent=2, allow_nan=False) + "\n"


def _results(report: Report, *, words: bool) -> dict[str, Any]:
    tests = [_test(report, number, check, words=words) for number, check in enumerate(report.checks, 1)]
    return {
        **({"score": float(report.score)} if report.complete else {}),
        "execution_time": report.duration_s,
        "output": _said(report) + ("" if words else f"\n{_CUT}"),
        "output_format": "text",
        "visibility": "visible",
        "stdout_visibility": "hidden",
        "extra_data": {
            "exercise": report.exercise,
            "rubric_sha256": report.rubric.sha256,
            "max_score": float(report.max_score),
            "complete": report.complete,
        },
        "tests": tests,
    }


def _said(report: Report) -> str:
    if not report.complete:
        broken = [clean(check.title) for check in report.checks if check.status == "error" and check.max_score]
        return f"Not graded: {'; '.join(broken[:5])} could not be judged. This costs no marks; take the evidence again."
    passed = "passed" if report.passed else f"below the pass mark of {number(report.pass_mark)} %"
    causes = [f"- {clean(fault.cause)}" for fault in report.causes[:20]]
    return "\n".join([f"{clean(report.title)}: {number(report.percent or 0)} %, {passed}.", *causes])


def _test(report: Report, place: int, check: CheckResult, *, words: bool) -> dict[str, Any]:
    """Return one test; Gradescope knows passed and failed only, so what was skipped says so in a tag and its text."""
    marks = {"score": float(check.score), "max_score": float(check.max_score)} if report.complete else {}
    verdict = {} if check.status == "error" else {"status": "passed" if check.status == "passed" else "failed"}
    return {
        **marks,
        **verdict,
        "name": clean(check.title),
        "name_format": "text",
        "number": str(place),
        "output": "\n".join(facts(check)) if words else "",
        "output_format": "text",
        "tags": [check.status, clean(check.kind)],
        "visibility": "visible",
        "extra_data": {"id": check.id, "status": check.status},
    }
