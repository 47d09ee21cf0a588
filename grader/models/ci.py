"""What is to be said of a whole course: its exercises, and what its author should mend, file by file."""

from typing import Literal

from pydantic import ConfigDict, Field

from grader.models.base import Frozen
from grader.models.verification import Verification


class Problem(Frozen):
    """One thing to mend, at a line and column of a file of the course, counted from 1; a remark fails nothing."""

    path: str
    """From the course's folder, with forward slashes."""
    line: int = Field(default=1, ge=1)
    column: int = Field(default=1, ge=1)
    rule: str
    text: str
    remedy: str = ""
    remark: bool = False


class CourseCheck(Frozen):
    """Whether a course holds, and what was looked at to tell."""

    model_config = ConfigDict(frozen=True, extra="forbid", validate_by_name=True, validate_by_alias=True)

    schema_id: Literal["grade/ci/v1"] = Field(default="grade/ci/v1", alias="schema")
    tool_version: str
    live: bool
    """Whether reference solutions were built on an engine."""
    changed_since: str | None = None
    """The commit against which exercises were chosen, where not all were looked at."""
    left_out: tuple[str, ...] = ()
    """Exercises that were not looked at, because nothing of them has changed."""
    broken: tuple[str, ...] = ()
    """Exercises whose rubric cannot be read."""
    exercises: tuple[Verification, ...] = ()
    problems: tuple[Problem, ...] = ()

    @property
    def holds(self) -> bool:
        """Whether there is nothing to mend."""
        return all(problem.remark for problem in self.problems)
