"""Each part of a rubric against its own model: keys, types and ranges, before anything is compared."""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, TypeVar

from pydantic import BaseModel, Field, ValidationError, create_model
from yaml import Node

from grader.checks import kind_word, kinds
from grader.checks.base import Check, Identifier
from grader.checks.nested import OWN_KEYS, Nesting, as_check, nested_model
from grader.errors import UsageError
from grader.rubric.model import Role, Rubric
from grader.rubric.positions import is_text, key_at, value_at, values_of
from grader.rubric.problems import MOST, Problem, at
from grader.rubric.suggest import found, hint, listed, quoted
from grader.rubric.wording import no_number, worded

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

M = TypeVar("M", bound=BaseModel)
Data = Mapping[str, object]
Path = tuple[str | int, ...]

Head = create_model(
    "Head",
    __base__=Rubric,
    roles=(
        dict[Identifier, dict[str, object]],
        Field(default={}, description=Rubric.model_fields["roles"].description),
    ),
    checks=(
        tuple[dict[str, object], ...],
        Field(min_length=1, description=Rubric.model_fields["checks"].description),
    ),
)
"""A rubric whose roles and checks are plain data still, each to be held against a model of its own."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the list of checks, or one within another; `check` is None while its own keys are wrong."""

    node: Node
    data: Data
    check: Check | None
    inner: tuple["Entry", ...] = ()

    @property
    def id(self) -> str | None:
        """Its id, as far as it has one."""
        found = self.data.get("id")
        return found if isinstance(found, str) else None

    @property
    def line(self) -> int:
        """The line on which it begins."""
        return self.node.start_mark.line + 1


def validated(
    model: type[M], data: Data, node: Node, what: str, problems: list[Problem], told: Collection[Path] = ()
) -> M | None:
    """Return the model made of the data; or None, with everything that the model has against it noted.

    What stands at a path of `told` has been looked at already. JSON in strict mode is what YAML means: lists and
    numbers, and no text that is read as a number.
    """
    texts = [no_number((key,), value) for key, value in _texts_for_numbers(model, data, node)]
    problems += texts
    try:
        made = model.model_validate_json(json.dumps(data), strict=True)
    except ValidationError as invalid:
        spoilt = {problem.position for problem in texts}
        errors = (error for error in _innermost(invalid) if error["loc"][:2] not in told)
        found = [worded(error, node, model, what) for error in errors]
        problems += [problem for problem in found if problem.position not in spoilt]
        return None
    return made


def roles(data: Data, root: Node, problems: list[Problem]) -> dict[str, Role]:
    """Return the roles that hold, and note what is wrong with the others."""
    nodes = values_of(value_at(root, ("roles",)))
    held: dict[str, Role] = {}
    for name, each in _mappings(data.get("roles")):
        role = validated(Role, each, nodes[name], f"the role {quoted(name)}", problems)
        if role is not None:
            held[name] = role
    return held


def entries(data: Data, root: Node, problems: list[Problem]) -> list[Entry]:
    """Return the entries of the list of checks, and note what is wrong with their own keys."""
    listed_checks = data.get("checks")
    if not isinstance(listed_checks, list):
        return []
    return _entries(listed_checks, value_at(root, ("checks",)), problems)


def _entries(items: list[object], node: Node, problems: list[Problem], *, within: bool = False) -> list[Entry]:
    pairs = zip(items, node.value, strict=True)
    return [_entry(each, item, problems, within=within) for each, item in pairs if isinstance(each, dict)]


def _entry(data: Data, node: Node, problems: list[Problem], *, within: bool) -> Entry:
    word = data.get("kind")
    try:
        kind = kinds().get(word) if isinstance(word, str) else None
    except UsageError as fault:  # another package adds it, and is broken
        problems.append(at(value_at(node, ("kind",)), f"{fault.message}: {fault.remedy}"))
        return Entry(node, data, None)
    if kind is None:
        problems.append(_no_kind(data, node))
        return Entry(node, data, None)
    of = data.get("of")
    if not (issubclass(kind, Nesting) and isinstance(of, list)):
        return Entry(node, data, _check(kind, data, node, problems, within=within))
    inner = tuple(_entries(of, value_at(node, ("of",)), problems, within=True))
    told = {("of", index) for index, each in enumerate(of) if isinstance(each, dict)}
    return Entry(node, data, _check(kind, data, node, problems, within=within, told=told), inner)


def _check(
    kind: type[Check],
    data: Data,
    node: Node,
    problems: list[Problem],
    *,
    within: bool,
    told: Collection[Path] = (),
) -> Check | None:
    what = f"a check of the kind {quoted(kind_word(kind))}"
    if not within:
        return validated(kind, data, node, what, problems, told)
    problems += [at(key_at(node, (key,)), _not_its_own(key)) for key in data if key in OWN_KEYS]
    rest = {key: value for key, value in data.items() if key not in OWN_KEYS}
    written = validated(nested_model(kind), rest, node, f"{what} within another", problems, told)
    return as_check(kind, written) if written else None


def _not_its_own(key: str) -> str:
    return f"a check within another has no {quoted(key)} of its own: remove it"


def _no_kind(data: Data, node: Node) -> Problem:
    choice, value = f"the kinds are {listed(kinds())}", value_at(node, ("kind",))
    if "kind" not in data:
        return at(node, f"this check lacks the key `kind`: {choice}")
    word = data["kind"]
    if not isinstance(word, str):
        return at(value, f"`kind` has to be text, not {found(value)}")
    return at(value, f"there is no kind {quoted(word)}: {hint(word, kinds(), choice)}")


def _innermost(invalid: ValidationError) -> "list[ErrorDetails]":
    """Leave out errors of a whole that come of its parts: a list of one wrong item is not empty."""
    errors = invalid.errors(include_url=False, include_input=False)
    wholes = {error["loc"][:depth] for error in errors for depth in range(len(error["loc"]))}
    return [error for error in errors if error["loc"] not in wholes][: MOST + 1]


def _texts_for_numbers(model: type[BaseModel], data: Data, node: Node) -> Iterator[tuple[str, Node]]:
    """Find decimals that were given as text, which pydantic accepts even in strict mode."""
    for name, field in model.model_fields.items():
        if field.annotation is Decimal and name in data:
            value = value_at(node, (name,))
            if is_text(value):
                yield name, value


def _mappings(data: object) -> Iterator[tuple[str, Data]]:
    if isinstance(data, dict):
        yield from ((name, each) for name, each in data.items() if isinstance(each, dict))


def flat(entries: Iterable[Entry]) -> Iterator[Entry]:
    """Yield the entries and those within them."""
    for entry in entries:
        yield entry
        yield from flat(entry.inner)


def sound(entries: Sequence[Entry]) -> Iterator[tuple[Entry, Check]]:
    """Yield the entries whose own keys are right, with what they say."""
    return ((entry, entry.check) for entry in entries if entry.check)
