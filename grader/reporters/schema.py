"""The JSON Schema of the JSON report, made from the models so that it cannot drift from them."""

import json
from typing import Any

from grader.models.report import Report


def report_schema_text() -> str:
    """Return the schema of what the format `json` writes."""
    model = Report.model_json_schema(mode="serialization", by_alias=True)
    dialect = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    return json.dumps(dialect | _all_required(model), indent=2) + "\n"


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
