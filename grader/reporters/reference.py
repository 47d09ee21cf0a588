"""The kinds of check in words, made from their models, so that the reference cannot drift from what they do."""

import json
from collections.abc import Iterator, Mapping
from decimal import Decimal
from inspect import cleandoc
from typing import Any

import yaml
from pydantic.fields import FieldInfo

from grader.checks import kinds
from grader.checks.base import Check
from grader.judging.states import MEANINGS

_OF_ALL = tuple(Check.model_fields)


def summary() -> str:
    """Return a line a kind: its word and the first sentence about it."""
    widest = max(map(len, kinds()))
    return "".join(f"{word:<{widest}}  {_about(kind).partition('.')[0]}\n" for word, kind in kinds().items())


def chapter(word: str) -> str:
    """Return all about one kind, in Markdown."""
    kind = kinds()[word]
    parts = [f"## {word}", _about(kind), kind.concept, "\n".join(_keys(kind)), *_examples(word, kind), _states(kind)]
    return "\n\n".join(part for part in parts if part) + "\n"


def reference() -> str:
    """Return all about all kinds, in Markdown."""
    head = (
        "# The kinds of check\n\n"
        "`grade checks --markdown` prints this. Each entry of `checks:` in a rubric has a `kind:`, the keys of that\n"
        "kind, and these:\n\n" + "\n".join(_rows(Check.model_fields, [name for name in _OF_ALL if name != "kind"]))
    )
    return "\n\n".join([head, *(chapter(word) for word in kinds())])


def _about(kind: type[Check]) -> str:
    return " ".join(cleandoc(kind.__doc__ or "").split())


def _keys(kind: type[Check]) -> Iterator[str]:
    return _rows(kind.model_fields, [name for name in kind.model_fields if name not in _OF_ALL])


def _rows(fields: Mapping[str, FieldInfo], names: list[str]) -> Iterator[str]:
    if names:
        yield "| key | what it says | by default |"
        yield "| --- | --- | --- |"
    for name in names:
        field = fields[name]
        default = "needed" if field.is_required() else _shown(field.get_default(call_default_factory=True))
        yield f"| `{field.alias or name}` | {field.description} | {default} |"


def _shown(value: Any) -> str:
    plain = float(value) if isinstance(value, Decimal) else value
    return "" if plain is None or plain in ("", (), {}) else f"`{json.dumps(plain)}`"


def _states(kind: type[Check]) -> str:
    """Return the states that hints may tell apart."""
    if not kind.states:
        return "Its hints may name the states of the kinds within it."
    rows = [f"| `{state}` | {MEANINGS[state]} |" for state in sorted(set(kind.states))]
    return "\n".join(["| a state, for hints | when |", "| --- | --- |", *rows])


def _examples(word: str, kind: type[Check]) -> Iterator[str]:
    """Yield the first rubric entry that passes, and the stories of all examples."""
    first = next((each for each in kind.examples if each.outcome == "passed"), None)
    if first:
        entry = {"id": "example", "kind": word, **first.rubric}
        text = yaml.safe_dump([entry], sort_keys=False, default_flow_style=None, width=100)
        yield f"```yaml\n{text}```"
    yield "\n".join(f"- {each.outcome}: {each.story}" for each in kind.examples)
