"""Ladders of hints: the first rung gives least away, and each state of a build may have rungs of its own."""

from collections.abc import Mapping, Sequence
from typing import Annotated, TypeAlias

from pydantic import BeforeValidator, Field
from pydantic_core import PydanticKnownError

OTHERWISE = "otherwise"
"""The word for every state that an entry does not name."""


def _rungs(value: object) -> object:
    """Return one text as a ladder of one rung."""
    if isinstance(value, str):
        return (value,)
    if isinstance(value, list | tuple):
        return tuple(value)
    raise PydanticKnownError("string_type")


def _by_state(value: object) -> object:
    """Return a mere text as what is said in every state."""
    if isinstance(value, str):
        return {OTHERWISE: (value,)}
    if isinstance(value, Mapping):
        return dict(value)
    raise PydanticKnownError("string_type")


Rungs: TypeAlias = Annotated[tuple[str, ...], Field(min_length=1), BeforeValidator(_rungs)]
Hint: TypeAlias = Annotated[dict[str, Rungs], Field(min_length=1), BeforeValidator(_by_state)]
"""One entry of `hints`: the rungs for each state by its word; a mere text is for all."""
Hints: TypeAlias = tuple[Hint, ...]


def ladder(hints: Sequence[Mapping[str, Sequence[str]]], state: str | None) -> tuple[str, ...]:
    """Return the rungs for a state, in the order of the entries."""
    return tuple(rung for entry in hints for rung in entry.get(state or OTHERWISE, entry.get(OTHERWISE, ())))


def own_rungs(hints: Sequence[Mapping[str, Sequence[str]]], state: str | None) -> tuple[str, ...]:
    """Return those rungs alone that name the state: what is left to say where the cause says itself what to do."""
    return tuple(rung for entry in hints if state in entry for rung in entry.get(state or OTHERWISE, ()))


def longest(hints: Sequence[Mapping[str, Sequence[str]]]) -> int:
    """Return how many rungs the longest ladder has."""
    words = {word for entry in hints for word in entry}
    return max((len(ladder(hints, word)) for word in words | {OTHERWISE}), default=0)
