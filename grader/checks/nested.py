"""Checks within a check: what `any_of` and `all_of` are made of.

A nested check is written like any other, but has no id, no points and no words of its own.
"""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Annotated, Any

from pydantic import (
    BaseModel,
    BeforeValidator,
    Field,
    SerializationInfo,
    SerializeAsAny,
    create_model,
    field_serializer,
)

from grader import checks
from grader.checks.base import Check
from grader.judging.scene import Scene
from grader.judging.states import State
from grader.judging.wants import Wants, union
from grader.models.base import Frozen

OWN_KEYS = frozenset(Check.model_fields) - {"kind"}
"""What only an entry of the rubric's list has."""
_UNNAMED = "nested"


@cache
def nested_model(kind: type[Check]) -> type[Frozen]:
    """Return the model of a kind as it is written within another check."""
    fields: dict[str, Any] = {
        name: (field.annotation, field) for name, field in kind.model_fields.items() if name not in OWN_KEYS
    }
    made: type[Frozen] = create_model(
        f"{kind.__name__}Within", __base__=Frozen, __doc__=kind.__doc__, __module__=kind.__module__, **fields
    )
    return made


def as_check(kind: type[Check], written: Frozen) -> Check:
    """Return the check that a nested one stands for."""
    keys = {name: kind.model_fields[name].alias or name for name in written.model_fields_set}
    return kind.model_validate({key: getattr(written, name) for name, key in keys.items()} | {"id": _UNNAMED})


def _check(data: object) -> object:
    """Return the nested check that plain data describes; whatever is none goes on to be refused."""
    if not isinstance(data, Mapping):
        return data
    kind = checks.kinds().get(str(data.get("kind")))
    if kind is None:
        raise ValueError(f"there is no kind {data.get('kind')}")
    return as_check(kind, nested_model(kind).model_validate(data))


class Nesting(Check):
    """A check that is made of others."""

    of: tuple[Annotated[SerializeAsAny[Check], BeforeValidator(_check)], ...] = Field(
        min_length=2, description="The checks that it is made of, without ids and points of their own."
    )

    @field_serializer("of")
    def _as_written(self, of: tuple[BaseModel, ...], info: SerializationInfo) -> list[dict[str, Any]]:
        return [
            each.model_dump(
                mode=info.mode, by_alias=info.by_alias, exclude_none=info.exclude_none, exclude=set(OWN_KEYS)
            )
            for each in of
        ]

    def roles(self) -> tuple[str, ...]:
        """Name the roles of all, each once."""
        return tuple(dict.fromkeys(role for each in self.of for role in each.roles()))

    def may_be_in(self) -> tuple[State, ...]:
        """Return the states that any of them may be in."""
        return tuple(sorted({state for each in self.of for state in each.may_be_in()}))

    def wants(self) -> Wants:
        """Want what any of them wants."""
        return union(each.wants() for each in self.of)

    def stands_on(self, wants: Wants) -> frozenset[str]:
        """Return the roles that any of them has to wait for."""
        return _all(each.stands_on(wants) for each in self.of)

    def by_hand(self, scene: Scene) -> str:
        """Show the first one that has not passed, or the first of all."""
        failed = (each for each in self.of if any(part.outcome != "passed" for part in each.verdict(scene)))
        return next(failed, self.of[0]).by_hand(scene)


def _all(sets: Iterable[frozenset[str]]) -> frozenset[str]:
    return frozenset().union(*sets)
