"""The language of rubrics in words, made from the schema that editors read, so that the two cannot drift apart."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from grader.checks.base import Check
from grader.rubric.schema import rubric_schema

_REFS = "#/$defs/"
_HEAD = """\
# The language of rubrics

`grade schema rubric --markdown` prints this, from the schema that editors read (`grade schema rubric`). What each kind
of check is for, and the idea behind it, is in [CHECKS.md](CHECKS.md)."""


def language() -> str:
    """Return every key of a rubric: what it says, what it may hold, its default, and an example."""
    schema = rubric_schema()
    parts: dict[str, dict[str, Any]] = schema["$defs"]
    kinds = schema["properties"]["checks"]["items"]["discriminator"]["mapping"].values()
    names = [ref.removeprefix(_REFS) for ref in kinds]
    common = [name for name in Check.model_fields if name != "kind"]
    others = [name for name in parts if name not in names and not name.endswith("Within")]
    first = parts[names[0]]["properties"]
    sections = [
        ("The file", schema["description"], _rows(schema)),
        *((_heading(parts[name]), parts[name]["description"], _rows(parts[name])) for name in sorted(others)),
        (
            "Every check",
            "These keys are those of all kinds.",
            _rows({"properties": {n: first[n] for n in common}, "required": ["id"]}),
        ),
        *((f"kind: {parts[name]['title']}", *_kind(parts[name], common)) for name in names),
    ]
    return "\n\n".join([_HEAD, *(_section(*each) for each in sections)]) + "\n"


def _heading(part: dict[str, Any]) -> str:
    return f"A {part['title'].lower()}"


def _kind(part: dict[str, Any], common: Iterable[str]) -> tuple[str, list[str]]:
    own = {name: field for name, field in part["properties"].items() if name not in {*common, "kind"}}
    return part["description"], _rows({"properties": own, "required": part.get("required", ())})


def _section(heading: str, text: str, rows: list[str]) -> str:
    table = ["| key | what it says | holds | by default | for example |", "| --- | --- | --- | --- | --- |", *rows]
    return f"## {heading}\n\n{' '.join(text.split())}\n\n" + "\n".join(
        table if rows else ["It has no keys of its own."]
    )


def _rows(part: dict[str, Any]) -> list[str]:
    needed = part.get("required", ())
    return [
        f"| `{name}` | {_cell(field['description'])} | {_cell(', '.join(_types(field)))} | "
        f"{'needed' if name in needed else _code(field.get('default'))} | {_code(*field.get('examples', ())[:1])} |"
        for name, field in part["properties"].items()
    ]


def _types(field: dict[str, Any]) -> Iterator[str]:
    """Yield in words what a field may hold."""
    if "const" in field:
        yield f"`{json.dumps(field['const'])}`"
    elif "enum" in field:
        yield "one of " + " ".join(f"`{word}`" for word in field["enum"])
    elif "$ref" in field:
        yield f"a {field['$ref'].removeprefix(_REFS).lower()}"
    elif "anyOf" in field or "oneOf" in field:
        yield " or ".join(dict.fromkeys(word for each in field.get("anyOf", ()) for word in _types(each))) or "a check"
    elif field.get("type") == "array":
        yield "a list: " + ", ".join(_types(field.get("items", {})))
    elif field.get("type") in ("integer", "number"):
        yield " ".join(["a number", *_bounds(field)])
    else:
        yield {"string": "text", "boolean": "`true` or `false`", "object": "a mapping"}.get(
            field.get("type", ""), "any"
        )


def _bounds(field: dict[str, Any]) -> Iterator[str]:
    for key, word in (("minimum", "from"), ("maximum", "to")):
        if key in field:
            yield f"{word} {field[key]:g}"


def _code(*values: Any) -> str:
    return (
        "" if not values or values[0] in (None, "", [], {}) else _cell(f"`{json.dumps(values[0], ensure_ascii=False)}`")
    )


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
