"""What goes to a worker and what comes back: plain records that another process or machine can read."""

from __future__ import annotations

import json
import zlib
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Decimal
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from grader.errors import GradebookError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from grader.host.address import Address
    from grader.models.evidence import Evidence
    from grader.models.report import Report

Policy: TypeAlias = Literal["best", "last", "first"]
_CENT = Decimal("0.01")
NOT_OBSERVED = "not-observed"
"""The word for a host of which something could not be seen."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How long things may take, in seconds, and how often they are tried."""

    timeout: float = 10.0
    settle: float = 5.0
    deadline: float = 90.0
    tries: int = 3
    pause: float = 0.5


@dataclass(frozen=True, slots=True)
class Task:
    """One exercise of one learner, with all that it takes to grade it anywhere."""

    learner: str
    exercise: str
    engines: Mapping[str, Address]
    roles: Mapping[str, str]
    rubric: str
    rubric_path: str
    limits: Limits = field(default_factory=Limits)
    nonce: str = ""

    @property
    def key(self) -> tuple[str, str]:
        """Return what tells it from the others of a run."""
        return self.learner, self.exercise


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a task: evidence and a verdict, or the reason why there is none.

    `evidence` and `report` are compressed JSON; `fault` is a word for the kind of failure, empty where there is none.
    """

    learner: str
    exercise: str
    finished_at: datetime
    evidence: bytes | None = None
    digest: str = ""
    containers: tuple[str, ...] = ()
    verdict: Verdict | None = None
    html: str | None = None
    fault: str = ""
    reason: str = ""
    remedy: str = ""

    @property
    def graded(self) -> bool:
        """Whether there is a complete verdict."""
        return self.verdict is not None and self.verdict.complete and not self.fault


@dataclass(frozen=True, slots=True)
class Verdict:
    """A report as it is kept: compressed JSON, with the figures that are asked for most."""

    rubric: str
    report: bytes
    complete: bool
    score: Decimal
    max_score: Decimal
    pass_mark: Decimal

    @property
    def checks(self) -> list[dict[str, Any]]:
        """The lines of the report, in its JSON shape."""
        found: list[dict[str, Any]] = json.loads(unpacked(self.report))["checks"]
        return found


def packed(text: str) -> bytes:
    """Return a text as it is kept."""
    return zlib.compress(text.encode())


def unpacked(data: bytes) -> str:
    """Return a text that was kept; GradebookError where it is damaged."""
    try:
        return zlib.decompress(data).decode()
    except (zlib.error, UnicodeDecodeError) as fault:
        raise GradebookError(f"what the gradebook holds of it is damaged: {fault}", "take it from a backup") from fault


def verdict_of(report: Report) -> Verdict:
    """Return a report as it is kept."""
    return Verdict(
        rubric=report.rubric.sha256,
        report=packed(report.model_dump_json(by_alias=True)),
        complete=report.complete,
        score=report.score,
        max_score=report.max_score,
        pass_mark=report.pass_mark,
    )


def judged(task: Task, evidence: Evidence, report: Report, html: str | None) -> Outcome:
    """Return what became of a task that came to a verdict; one with a check in error is not graded, and says why."""
    verdict = verdict_of(report)
    reason = unseen_in(verdict)
    return Outcome(
        task.learner,
        task.exercise,
        now(),
        evidence=packed(evidence.model_dump_json(by_alias=True)),
        digest=digest_of(evidence),
        containers=containers_of(evidence),
        verdict=verdict,
        html=html,
        fault=NOT_OBSERVED if reason else "",
        reason=reason,
    )


def unclear_in(verdict: Verdict) -> list[dict[str, Any]]:
    """Return the checks that keep a verdict from being complete."""
    return [check for check in verdict.checks if check["status"] == "error" and check["max_score"]]


def unseen_in(verdict: Verdict) -> str:
    """Return why a verdict is not complete, nothing where it is."""
    unclear = unclear_in(verdict)
    if not unclear:
        return ""
    several = len(unclear) > 1
    number = f"{len(unclear)} checks could not be judged, such as" if several else "a check could not be judged,"
    return f"{number} {unclear[0]['id']}: {unclear[0]['actual']}"


def digest_of(evidence: Evidence) -> str:
    """Return a digest of what was seen, leaving out who looked, for whom and when."""
    data = evidence.model_dump(mode="json", include={"hosts"})
    return sha256(json.dumps(data, sort_keys=True).encode()).hexdigest()


def containers_of(evidence: Evidence) -> tuple[str, ...]:
    """Return the ids of all containers in the evidence."""
    return tuple(sorted(each.id for host in evidence.hosts.values() for each in host.snapshot.containers))


def percent(score: Decimal, most: Decimal) -> Decimal:
    """Return the share of the points, rounded as reports do."""
    return (100 * score / most).quantize(_CENT, ROUND_HALF_UP) if most else Decimal(100)


def plain(value: Decimal) -> str:
    """Return a number as people write it."""
    return f"{value.normalize():f}"


def now() -> datetime:
    """Return the time, in UTC."""
    return datetime.now(UTC).replace(microsecond=0)
