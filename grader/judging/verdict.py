"""What a check says of a scene, part by part."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Literal, Self, TypeAlias

from grader.judging.states import State

Outcome: TypeAlias = Literal["passed", "failed", "error"]


class Cause(str):
    """One sentence that names a fault, with the word for the state that the build is in."""

    __slots__ = ("state",)
    state: State

    def __new__(cls, told: str, state: State) -> Self:
        """Make a sentence that knows its state."""
        made = super().__new__(cls, told)
        made.state = state
        return made


class Passing(Cause):
    """A cause that time may mend while a container is still starting."""

    __slots__ = ()


class Unexplained(Passing):
    """A symptom whose cause was not found, so that it is worth a second look before it costs marks."""

    __slots__ = ()


class Telling(Cause):
    """A cause that says itself what to do next, so that a hint beside it would only lead away."""

    __slots__ = ()


class TellingPassing(Passing, Telling):
    """Both: time may mend it, and it says what to do if time does not."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Part:
    """One demand of a check and how it was met; parts weigh the same unless a check gives them other weights.

    `cause` is one sentence that names the fault behind a failure; equal causes are one fault.
    """

    outcome: Outcome
    expected: str
    actual: str
    cause: str | None = None
    evidence: tuple[str, ...] = ()
    weight: Fraction = Fraction(1)

    @property
    def fault(self) -> Cause | None:
        """The cause of a failure, with its state; what could not be looked into has none."""
        return self.cause if isinstance(self.cause, Cause) else None

    def seen(self, *facts: str) -> "Part":
        """Return the same part with facts that a reader may want to see."""
        return replace(self, evidence=(*self.evidence, *facts))


def passed(expected: str, actual: str) -> Part:
    """Return a demand that is met."""
    return Part("passed", expected, actual)


def failed(expected: str, actual: str, cause: Cause) -> Part:
    """Return a demand that the learner's build does not meet."""
    return Part("failed", expected, actual, cause)


def unknown(expected: str, why: str) -> Part:
    """Return a demand that we could not look into: it costs nothing and earns nothing."""
    return Part("error", expected, why, why)


def share(parts: Sequence[Part]) -> Fraction:
    """Return which share of the whole the parts that passed make up."""
    met = sum((part.weight for part in parts if part.outcome == "passed"), Fraction(0))
    return met / sum((part.weight for part in parts), Fraction(0))
