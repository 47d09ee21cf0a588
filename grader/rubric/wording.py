"""Pydantic's errors as an author of rubrics would put them."""

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from pydantic import BaseModel
from yaml import Node, ScalarNode
from yaml.constructor import SafeConstructor

from grader.rubric.plain import YAML_TAG
from grader.rubric.positions import Step, is_text, key_at, value_at
from grader.rubric.problems import Problem, at
from grader.rubric.suggest import found, hint, listed, quoted

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

_IDENTIFIER = r"^[a-z0-9][a-z0-9-]*$"
PATTERNS = {
    _IDENTIFIER: "only small letters, digits and hyphens will do, the first one no hyphen",
    r"^\S.*$": "it is one line, and begins with a word",
    r"^/[!-~]*$": "it has to begin with / and to hold no spaces",
}
"""What the regular expressions of the models mean."""
_LIMITS = {
    "greater_than_equal": ("at least", "ge"),
    "less_than_equal": ("at most", "le"),
    "greater_than": ("more than", "gt"),
    "less_than": ("less than", "lt"),
    "multiple_of": ("a multiple of", "multiple_of"),
}
_SHAPES = {
    "tuple_type": "a list",
    "dict_type": "a mapping of keys and values",
    "model_type": "a mapping of keys and values",
    "bool_type": "true or false",
    "string_type": "text",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "decimal_type": "a number",
    "float_type": "a number",
}


def keys_of(model: type[BaseModel]) -> list[str]:
    """Return the keys of a model as an author writes them."""
    return [field.alias or name for name, field in model.model_fields.items()]


def worded(error: "ErrorDetails", node: Node, model: type[BaseModel], what: str) -> Problem:
    """Return the problem that an error of pydantic's tells of; `what` names what `model` describes."""
    path = error["loc"]
    match error["type"]:
        case "extra_forbidden":
            return at(key_at(node, path), _unknown(path, model, what))
        case "missing":
            return at(value_at(node, path[:-1]), _missing(path, model, what))
        case _ if path[-1:] == ("[key]",):
            return at(key_at(node, path[:-1]), f"{quoted(str(path[-2]))} is no name: {PATTERNS[_IDENTIFIER]}")
        case _:
            value = value_at(node, path)
            return at(value, _unfit(error, _name(path, what), value))


def no_number(path: Sequence[Step], node: Node) -> Problem:
    """Return that text stands where a number is wanted."""
    return at(node, f"{_name(path, '')} has to be a number, not {found(node)}{_mend('decimal_type', node)}")


def _unknown(path: Sequence[Step], model: type[BaseModel], what: str) -> str:
    told = f"{what} has no key {quoted(str(path[-1]))}"
    keys = keys_of(model)
    return f"{told}: {hint(str(path[-1]), keys, f'its keys are {listed(keys)}')}" if len(path) == 1 else told


def _missing(path: Sequence[Step], model: type[BaseModel], what: str) -> str:
    fields = {field.alias or name: field for name, field in model.model_fields.items()}
    purpose = fields[str(path[-1])].description if len(path) == 1 and str(path[-1]) in fields else None
    first = (purpose or "").partition(".")[0]
    return f"{what} lacks the key {quoted(str(path[-1]))}" + (f" ({first[0].lower()}{first[1:]})" if first else "")


def _name(path: Sequence[Step], what: str) -> str:
    names = [step for step in path if isinstance(step, str)]
    if not names:
        return what
    return f"an item of {quoted(names[-1])}" if isinstance(path[-1], int) else quoted(names[-1])


def _unfit(error: "ErrorDetails", name: str, node: Node) -> str:
    kind, details = error["type"], error.get("ctx", {})
    match kind:
        case _ if kind in _SHAPES:
            return f"{name} has to be {_SHAPES[kind]}, not {found(node)}{_mend(kind, node)}"
        case _ if kind in _LIMITS:
            words, limit = _LIMITS[kind]
            return f"{name} has to be {words} {details[limit]}, not {found(node)}"
        case "literal_error":
            allowed = re.findall(r"'([^']*)'", details["expected"])
            if not allowed:
                return f"{name} has to be {details['expected']}, not {found(node)}"
            meant = hint(str(node.value), allowed, f"it is one of {listed(allowed)}")
            return f"{name} cannot be {found(node)}: {meant}"
        case "decimal_max_places":
            return f"{name} may have {details['decimal_places']} decimals at most, not {found(node)}"
        case "string_pattern_mismatch":
            words = PATTERNS.get(details["pattern"], f"it has to match {details['pattern']}")
            return f"{name} cannot be {found(node)}: {words}"
        case "string_too_short" | "too_short":
            return f"{name} must not be empty"
        case "string_too_long":
            return f"{name} is longer than {details['max_length']} characters"
        case _:
            return f"{name} cannot be {found(node)}: {error['msg'][:1].lower()}{error['msg'][1:]}"


def _mend(kind: str, node: Node) -> str:
    """Return how to mend a value of the wrong type, for the slips that YAML invites."""
    if not isinstance(node, ScalarNode):
        return ": begin each item with `- `" if kind == "tuple_type" else ""
    if kind == "string_type" and not is_text(node):
        truth = SafeConstructor.bool_values.get(node.value.lower()) if node.tag == YAML_TAG + "bool" else None
        read = "a number" if truth is None else str(truth).lower()
        return f', which YAML reads as {read}: quote it, "{node.value}"'
    if kind == "tuple_type":
        return f": write [{node.value}]"
    if is_text(node) and re.fullmatch(r"-?\d+(\.\d+)?|true|false", node.value):
        return ": remove the quotes"
    return ""
