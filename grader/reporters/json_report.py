"""The report as JSON, the contract that other people's scripts rely on, and its schema."""

import json
from typing import Any

from grader.models.report import Report

_SCHEMA_ID = "https://json-schema.org/draft/2020-12/schema"


def write(report: Report) -> str:
    """Return the report in the order of its fields, in ASCII, so that any pipe can carry it."""
    return _dumped(report.model_dump(mode="json", by_alias=True))


def schema() -> str:
    """Return the JSON Schema of what `write` returns."""
    model = Report.model_json_schema(mode="serialization", by_alias=True)
    return _dumped({"$schema": _SCHEMA_ID, **_all_required(model)})


def _dumped(content: dict[str, Any]) -> str:
    return json.dumps(content, indent=2, allow_nan=False) + "\n"


def _all_required(node: Any) -> Any:
    """Require every key: a field with a default may be left out of a model, but never of a report."""
    if isinstance(node, list):
        return [_all_required(each) for each in node]
    if not isinstance(node, dict):
        return node
    known = {key: _all_required(value) for key, value in node.items() if key != "required"}
    if "additionalProperties" in node and "properties" in node:
        known["required"] = list(node["properties"])
    return known
