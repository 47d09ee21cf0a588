"""What proves a rubric, or does not: findings, solutions, the floor, and every fault tried."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from pydantic import ConfigDict, Field

from grader.models.base import Frozen
from grader.models.report import Points, RubricRef

MOST_UNNAMED = 0.05
"""The share of faults whose first cause may name something else."""


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One thing that an author should mend, at a line and column counted from 1; a remark keeps nobody from passing."""

    line: int
    column: int
    rule: str
    text: str
    remedy: str
    remark: bool = False

    def told(self, path: str) -> str:
        """Return it in one line, as compilers do."""
        return f"{path}:{self.line}:{self.column}: {self.rule}: {self.text}; {self.remedy}"


class Built(Frozen):
    """A build that was made, graded and torn down; `fault` says why it could not be."""

    name: str
    percent: float | None
    lost: tuple[str, ...] = ()
    """Ids of checks that did not give all their points."""
    left: tuple[str, ...] = ()
    """What could not be removed afterwards."""
    fault: str | None = None
    right: bool
    """Whether it scored what it had to."""


class Fault(Frozen):
    """One fault tried on one correct build."""

    operator: str
    name: str
    build: str
    lost: dict[str, Points]
    own: tuple[str, ...]
    first_cause: str | None
    seen: bool
    named: bool
    collateral: tuple[str, ...] = ()
    equivalent: str | None = None
    """The rubric's reason why it costs nothing and should not."""


class Rehearsed(Frozen):
    """A fault that was made for real; `differences` is where the engine's verdict is another than the model's."""

    operator: str
    name: str
    differences: tuple[str, ...] = ()


class Verification(Frozen):
    """Whether one exercise holds."""

    model_config = ConfigDict(frozen=True, extra="forbid", validate_by_name=True, validate_by_alias=True)

    schema_id: Literal["grade/verification/v1"] = Field(default="grade/verification/v1", alias="schema")
    exercise: str
    title: str
    tool_version: str
    rubric: RubricRef
    checks: tuple[str, ...]
    """Ids of the scoring checks, in the rubric's order."""
    findings: tuple[Finding, ...] = ()
    floor: tuple[Built, ...] = ()
    solutions: tuple[Built, ...] = ()
    faults: tuple[Fault, ...] = ()
    rehearsals: tuple[Rehearsed, ...] = ()
    untried: tuple[str, ...] = ()
    """Stages that did not run, and why."""

    @property
    def survivors(self) -> tuple[Fault, ...]:
        """The faults that no check saw and the rubric does not excuse."""
        return tuple(fault for fault in self.faults if not fault.seen and fault.equivalent is None)

    @property
    def collateral(self) -> tuple[Fault, ...]:
        """The faults that cost marks of checks which they do not concern."""
        return tuple(fault for fault in self.faults if fault.collateral)

    @property
    def unnamed(self) -> tuple[Fault, ...]:
        """The faults that were seen while the first cause names something else."""
        return tuple(fault for fault in self.faults if fault.seen and not fault.named)

    @property
    def unproven(self) -> tuple[str, ...]:
        """The scoring checks that no fault fails."""
        failed = {check for fault in self.faults for check in fault.lost}
        return tuple(check for check in self.checks if check not in failed) if self.faults else ()

    @property
    def mutation_score(self) -> float:
        """The share of faults that were seen, in percent, equivalents apart."""
        counted = [fault for fault in self.faults if fault.equivalent is None or fault.seen]
        return _percent(sum(fault.seen for fault in counted), len(counted))

    @property
    def named_share(self) -> float:
        """The share of the faults seen whose first cause names them, in percent."""
        seen = sum(fault.seen for fault in self.faults)
        return _percent(seen - len(self.unnamed), seen)

    @property
    def holds(self) -> bool:
        """Whether everything that was tried is as it should be."""
        builds = (*self.floor, *self.solutions)
        return (
            not (any(not each.remark for each in self.findings) or self.survivors or self.collateral or self.unproven)
            and all(built.right and not built.left for built in builds)
            and not any(each.differences for each in self.rehearsals)
            and self.named_share >= 100 * (1 - MOST_UNNAMED)
        )


def _percent(part: int, whole: int) -> float:
    return float(round(Decimal(100 * part) / whole, 1)) if whole else 100.0
