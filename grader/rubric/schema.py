"""The JSON Schema of rubrics, made from the models, for editors and for CI.

`python -m grader.rubric.schema > rubrics/rubric.schema.json` writes it anew.
"""

import json
from collections.abc import Collection, Mapping
from decimal import Decimal
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue, models_json_schema
from pydantic_core import core_schema

from grader.checks import kinds
from grader.checks.base import Check
from grader.checks.nested import Nesting, nested_model
from grader.judging.ladders import OTHERWISE
from grader.judging.states import WORDS, State
from grader.rubric.examples import examples_of
from grader.rubric.model import Rubric

_REFS = "#/$defs/"


class _AsWritten(GenerateJsonSchema):
    """What the loader accepts: points are numbers, no value is null, names of roles keep to their form."""

    def decimal_schema(self, schema: core_schema.DecimalSchema) -> JsonSchemaValue:
        number, *_ = super().decimal_schema(schema)["anyOf"]
        return dict(number)

    def nullable_schema(self, schema: core_schema.NullableSchema) -> JsonSchemaValue:
        return self.generate_inner(schema["schema"])

    def dict_schema(self, schema: core_schema.DictSchema) -> JsonSchemaValue:
        made = super().dict_schema(schema)
        return made | {"additionalProperties": False} if "patternProperties" in made else made

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        made = super().default_schema(schema)
        return {key: value for key, value in made.items() if (key, value) != ("default", None)}

    def encode_default(self, dft: Any) -> Any:
        if isinstance(dft, Decimal):
            return int(dft) if dft == dft.to_integral_value() else float(dft)
        return super().encode_default(dft)


def rubric_schema() -> dict[str, Any]:
    """Return the schema; which definition an entry of `checks` follows is told by its `kind`."""
    _, made = models_json_schema(
        [(Rubric, "validation"), *((model, "validation") for kind in kinds().values() for model in _forms(kind))],
        ref_template=_REFS + "{model}",
        schema_generator=_AsWritten,
    )
    parts = made["$defs"]
    rubric = parts.pop(Rubric.__name__)
    parts.pop(Check.__name__)
    for word, kind in kinds().items():
        for model in _forms(kind):
            part = parts[model.__name__]
            part["title"] = word if model is kind else f"{word}, within another check"
            part["properties"]["kind"]["description"] = part["description"].partition("\n")[0]
            for name, field in part["properties"].items():
                if found := examples_of(kind, name):
                    field.setdefault("examples", found)
            if "hints" in part["properties"]:
                part["properties"]["hints"]["items"] = _hint(WORDS if issubclass(kind, Nesting) else kind.states)
            if issubclass(kind, Nesting):
                part["properties"]["of"]["items"] = _one_of({each: nested_model(k) for each, k in kinds().items()})
    rubric["properties"]["checks"]["items"] = _one_of(kinds())
    for part in (rubric, *parts.values()):
        for field in part["properties"].values():
            _exemplify(field)
    return {"$schema": GenerateJsonSchema.schema_dialect, **rubric, "$defs": parts}


def rubric_schema_text() -> str:
    """Return the schema as the repository keeps it."""
    return json.dumps(rubric_schema(), indent=2, ensure_ascii=False) + "\n"


def _exemplify(field: dict[str, Any]) -> None:
    """Give a field without an example, whose values are known, the first that is not the default."""
    values = field.get("enum") or ([True, False] if field.get("type") == "boolean" else [])
    others = [value for value in values if value != field.get("default")]
    if others:
        field.setdefault("examples", others[:1])


def _forms(kind: type[Check]) -> tuple[type[BaseModel], type[BaseModel]]:
    """Return the models of a kind: as an entry of the list, and within another check."""
    return kind, nested_model(kind)


def _hint(states: Collection[State]) -> dict[str, Any]:
    """Return what an entry of `hints` may be: a text, or rungs for each state that the kind may be in."""
    text = {"type": "string"}
    by_state = {
        "type": "object",
        "propertyNames": {"enum": [*sorted(set(states)), OTHERWISE]},
        "additionalProperties": {"anyOf": [text, {"type": "array", "items": text, "minItems": 1}]},
        "minProperties": 1,
    }
    return {"anyOf": [text, by_state]}


def _one_of(models: Mapping[str, type[BaseModel]]) -> dict[str, Any]:
    refs = {word: _REFS + model.__name__ for word, model in models.items()}
    return {
        "oneOf": [{"$ref": ref} for ref in refs.values()],
        "discriminator": {"propertyName": "kind", "mapping": refs},
    }


if __name__ == "__main__":
    print(rubric_schema_text(), end="")
