"""The report as JSON, the contract that other people's scripts rely on."""

import json

from grader.models.report import Report


def write(report: Report) -> str:
    """Return the report in the order of its fields, in ASCII, so that any pipe can carry it."""
    return json.dumps(report.model_dump(mode="json", by_alias=True), indent=2, allow_nan=False) + "\n"
