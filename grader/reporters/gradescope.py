"""The report as Gradescope's results.json.

While a check is in error there are no scores in it at all: Gradescope then says that the autograder failed, and
nobody is given a mark that was not earned, or a zero that was not deserved.
"""

import json
from collections import Counter
from collections.abc import Iterator
from operator import itemgetter
from typing import Any

from grader.models.report import CheckResult, Report
from grader.reporters.words import clean, facts, fitted, number

LARGEST = 1_000_000
"""Bytes: beyond this, texts are left out, and then checks are told together; marks never are left out.

Gradescope names no limit of its own.
"""
_CUT = "The rest was too long for this page: grade regrade shows it."
_MOST = 100
"""Tests that are told one by one where there are too many: with titles of the widest letters they still fit."""


def write(report: Report) -> str:
    """Return the report, with fewer words where there are too many."""
    return fitted(_versions(report), LARGEST)


def _versions(report: Report) -> Iterator[str]:
    numbered = list(enumerate(report.checks, 1))
    yield _text(report, [_test(report, place, check, words=True) for place, check in numbered])
    yield _text(report, [_test(report, place, check, words=False) for place, check in numbered], cut=True)
    # What is not in order first, as Markdown has it; sorting keeps each half in the order of the rubric.
    numbered.sort(key=lambda each: each[1].status == "passed")
    tests = [_test(report, place, check, words=False) for place, check in sorted(numbered[:_MOST], key=itemgetter(0))]
    rest = [check for _, check in numbered[_MOST:]]
    yield _text(report, [*tests, *([_rest(report, rest)] if rest else [])], cut=True)


def _text(report: Report, tests: list[dict[str, Any]], *, cut: bool = False) -> str:
    return json.dumps(_results(report, tests, cut=cut), indent=2, allow_nan=False) + "\n"


def _results(report: Report, tests: list[dict[str, Any]], *, cut: bool) -> dict[str, Any]:
    return {
        **({"score": float(report.score)} if report.complete else {}),
        "execution_time": report.duration_s,
        "output": _said(report) + (f"\n{_CUT}" if cut else ""),
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


def _rest(report: Report, checks: list[CheckResult]) -> dict[str, Any]:
    """Return the checks that are told together as one test, with all their marks."""
    counts = Counter(check.status for check in checks)
    score, most = sum(each.score for each in checks), sum(each.max_score for each in checks)
    return {
        **({"score": float(score), "max_score": float(most)} if report.complete else {}),
        **({} if counts["error"] else {"status": "passed" if counts["passed"] == len(checks) else "failed"}),
        "name": f"{len(checks)} more checks",
        "name_format": "text",
        "output": ", ".join(f"{count} {status}" for status, count in counts.items()),
        "output_format": "text",
        "visibility": "visible",
    }
