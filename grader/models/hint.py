"""A hint that a learner asked for."""

from grader.models.base import Frozen
from grader.models.report import CheckResult


class Rung(Frozen):
    """One rung of the ladder of a check in its present state; without text there is none to climb."""

    exercise: str
    check: CheckResult
    place: int
    """Which rung it is, counted from 1; 0 where there is no ladder."""
    text: str | None

    @property
    def most(self) -> int:
        """How many rungs the ladder has."""
        return len(self.check.hints)
