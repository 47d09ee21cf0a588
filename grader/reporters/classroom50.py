"""The report as Classroom 50's result.json, whose marks are whole numbers: ours, times a hundred.

Its runner says in environment variables whose submission it is. While a check is in error the file is the platform's
own form of an error, without tests and with nothing to be earned; and `grade` ends with a code that is not zero.
"""

import json
import os
from datetime import UTC
from decimal import Decimal
from typing import Any

from grader.errors import UsageError
from grader.models.report import CheckResult, Report
from grader.reporters.words import clean

SCHEMA = "classroom50/result/v1"
SCALE = 100
"""Marks are exact to 0.01."""
_NEEDED = {
    "classroom": "CLASSROOM",
    "assignment": "ASSIGNMENT",
    "owner": "OWNER",
    "submission": "SUBMISSION_TAG",
    "commit": "COMMIT_URL",
    "release": "RELEASE_URL",
}


def prepare() -> None:
    """Raise UsageError where the runner's variables are not set."""
    missing = [name for name in _NEEDED.values() if not os.environ.get(name)]
    if missing:
        raise UsageError(
            f"the format classroom50 needs {', '.join(missing)}, which Classroom 50's runner sets",
            "use it within an autograder.py of Classroom 50, or set them yourself",
        )


def write(report: Report) -> str:
    """Return the report; UsageError where the runner's variables are not set."""
    prepare()
    tests = [_test(check) for check in report.checks] if report.complete else []
    result: dict[str, Any] = {
        "schema": SCHEMA,
        **{field: os.environ[name] for field, name in _NEEDED.items()},
        "assignment_type": os.environ.get("ASSIGNMENT_TYPE") or "individual",
        "review": os.environ.get("REVIEW_URL") or os.environ["COMMIT_URL"],
        "datetime": report.started_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "score": sum(test["score"] for test in tests),
        "max-score": sum(test["max-score"] for test in tests),
        "tests": tests,
    }
    return json.dumps(result, indent=2) + "\n"


def _test(check: CheckResult) -> dict[str, Any]:
    return {
        "test-name": clean(check.title) or check.id,
        "passed": check.status == "passed",
        "score": _whole(check.score),
        "max-score": _whole(check.max_score),
        "status": check.status,
        "message": clean(check.cause or check.actual),
    }


def _whole(points: Decimal) -> int:
    return int(points * SCALE)
