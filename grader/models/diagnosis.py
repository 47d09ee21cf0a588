"""What was found out about the set-up, one line at a time."""

from typing import Literal, TypeAlias

from grader.models.base import Frozen

Condition: TypeAlias = Literal["ok", "warn", "fail"]


class Symptom(Frozen):
    """One part of the set-up and how it is; with `fail` nothing can be graded, and `remedy` is what mends it."""

    condition: Condition
    about: str
    told: str
    remedy: str = ""


def ok(about: str, told: str) -> Symptom:
    """Return that a part is as it should be."""
    return Symptom(condition="ok", about=about, told=told)


def warn(about: str, told: str, remedy: str) -> Symptom:
    """Return that a part could be better, and is no obstacle."""
    return Symptom(condition="warn", about=about, told=told, remedy=remedy)


def fail(about: str, told: str, remedy: str) -> Symptom:
    """Return that nothing can be graded because of a part."""
    return Symptom(condition="fail", about=about, told=told, remedy=remedy)
