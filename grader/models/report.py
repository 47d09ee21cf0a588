"""The verdict on one build, in the shape of the JSON report."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Literal, TypeAlias

from pydantic import ConfigDict, Field, PlainSerializer

from grader.models.base import Frozen
from grader.models.topology import Topology

Status: TypeAlias = Literal["passed", "failed", "skipped", "error"]
HINTS_ASKED = "hints asked for: "
TAKEN_BACK = "does not count: "
"""How the line of a check begins that was taken back; its reason follows."""
"""How the line of a check's evidence begins that tells how far up its ladder the learner asked."""
Points: TypeAlias = Annotated[Decimal, PlainSerializer(float, return_type=float, when_used="json")]


class RubricRef(Frozen):
    """Which rubric judged: its file and the digest of its text."""

    path: str
    sha256: str


class HostRef(Frozen):
    """Which engine was judged."""

    name: str
    engine_version: str
    api_version: str
    engine_id: str


class RoleResult(Frozen):
    """Which container was taken for a role, and because of what."""

    host: str
    container: str
    id: str
    because: tuple[str, ...] = ()


class CheckResult(Frozen):
    """One line of the report.

    `cause` names the fault behind the failure, `hint` the next thing to try, `waits_for` the checks that
    have to pass before this one can be judged, `evidence` what was seen, in one line a fact.
    """

    id: str
    kind: str
    title: str
    status: Status
    score: Points
    max_score: Points
    expected: str
    actual: str
    cause: str | None = None
    hint: str | None = None
    waits_for: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    state: str | None = Field(default=None, exclude=True)
    """The word for the state that a failure is in; no part of the JSON contract."""
    hints: tuple[str, ...] = Field(default=(), exclude=True)
    """The ladder of hints for this state, the first of which is `hint`; no part of the JSON contract."""
    settling: bool = Field(default=False, exclude=True)
    """Whether time may mend it while a container is still starting; no part of the JSON contract."""
    unexplained: bool = Field(default=False, exclude=True)
    """Whether it failed for a symptom whose cause was not found; no part of the JSON contract."""


class Report(Frozen):
    """The whole verdict; while any scoring check is in error, `percent` and `passed` are None."""

    model_config = ConfigDict(frozen=True, extra="forbid", validate_by_name=True, validate_by_alias=True)

    schema_id: Literal["grade/report/v1"] = Field(default="grade/report/v1", alias="schema")
    exercise: str
    title: str
    rubric: RubricRef
    tool_version: str
    hosts: dict[str, HostRef]
    started_at: datetime
    duration_s: float
    complete: bool
    score: Points
    max_score: Points
    percent: float | None
    passed: bool | None
    pass_mark: Points = Field(default=Decimal(0), exclude=True)
    """The percentage from which on it is passed; no part of the JSON contract."""
    roles: dict[str, RoleResult | None]
    checks: tuple[CheckResult, ...]
    notes: tuple[str, ...] = Field(default=(), exclude=True)
    """Remarks that concern no check, such as candidates left out; no part of the JSON contract."""
    topology: Topology = Field(default=Topology(), exclude=True)
    """What the picture of the build is drawn from; no part of the JSON contract."""
    target: Topology = Field(default=Topology(), exclude=True)
    """What the picture of what is asked for is drawn from; no part of the JSON contract."""

    @property
    def causes(self) -> tuple["Fault", ...]:
        """The faults behind the failures, the dearest first; checks in error are none of the learner's."""
        faults: dict[str, list[CheckResult]] = {}
        for check in self.checks:
            if check.status == "failed" and check.cause:
                faults.setdefault(check.cause, []).append(check)
        found = [Fault(cause=cause, checks=tuple(checks)) for cause, checks in faults.items()]
        return tuple(sorted(found, key=lambda fault: -fault.lost))


class Explanation(Frozen):
    """One line of a report, with what a learner may want to know behind it."""

    exercise: str
    check: CheckResult
    brief: str
    """The sentence of the brief that asks for it."""
    concept: str
    """What Docker does here."""
    by_hand: str
    """The command that shows it without grade."""


class Fault(Frozen):
    """One cause with the checks that failed for it."""

    cause: str
    checks: tuple[CheckResult, ...]

    @property
    def lost(self) -> Decimal:
        """The points that it cost."""
        return sum((check.max_score - check.score for check in self.checks), Decimal(0))
