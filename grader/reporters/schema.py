"""The JSON Schemas of the JSON report and of evidence, made from the models so that they cannot drift from them."""

import json
from typing import Any

from grader.models.evidence import Evidence
from grader.models.report import Report

_DIALECT = {"$schema": "https://json-schema.org/draft/2020-12/schema"}


def report_schema_text() -> str:
    """Return the schema of what the format `json` writes."""
    model = Report.model_json_schema(mode="serialization", by_alias=True)
    return json.dumps(_DIALECT | _all_required(model), indent=2) + "\n"


def evidence_schema_text() -> str:
    """Return the schema of what `grade snapshot` saves; what has a default may be left out."""
    return json.dumps(_DIALECT | Evidence.model_json_schema(mode="serialization", by_alias=True), indent=2) + "\n"


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
