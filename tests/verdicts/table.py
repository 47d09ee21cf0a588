"""The verdict table: builds written down by hand, with what each of them earns."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

from grader.models.report import Report

FOLDER = Path(__file__).parent
EVIDENCE = FOLDER / "evidence"
"""What each build showed on a real engine; GRADE_UPDATE_EVIDENCE=1 makes the live tests write it anew."""
_SETTLE = 15
"""Seconds for a build to come up, so that a busy machine changes no verdict."""


@dataclass(frozen=True)
class Build:
    """One entry: the shell lines that build it, and the verdict on it."""

    exercise: str
    name: str
    script: str
    loses: dict[str, Decimal] | None
    """Points lost by check; None where everything is lost."""
    causes: frozenset[str]
    settle: float
    until: str
    never_shown: tuple[str, ...]
    hosts: tuple[str, ...]
    """The engines that are named when it is graded; none means all."""

    def __str__(self) -> str:
        """Name the build in a test's id."""
        return f"{self.exercise}/{self.name}"


def builds() -> list[Build]:
    """Return every build of every table."""
    return [build for path in sorted(FOLDER.glob("*.yaml")) if path.name != "replicas.yaml" for build in _read(path)]


def _read(path: Path) -> Iterator[Build]:
    table = yaml.safe_load(path.read_text())
    for kind in ("correct", "wrong"):
        for name, entry in table[kind].items():
            yield _build(table["exercise"], name, table["standard"], entry or {})


def _build(exercise: str, name: str, standard: dict[str, str], entry: dict[str, Any]) -> Build:
    steps = [entry.get(step, standard.get(step, "")) for step in (*standard, "then")]
    loses = entry.get("loses", {})
    return Build(
        exercise=exercise,
        name=name,
        script="\n".join(step for step in steps if step),
        loses=None if loses == "all" else {check: Decimal(str(points)) for check, points in loses.items()},
        causes=frozenset(entry.get("causes", ())),
        settle=entry.get("settle", _SETTLE),
        until=entry.get("until", ""),
        never_shown=tuple(entry.get("never_shown", ())),
        hosts=tuple(entry.get("hosts", ())),
    )


def differences(build: Build, report: Report) -> list[str]:
    """Return where the report differs from the table, in words; none if they agree."""
    lost = {check.id: check.max_score - check.score for check in report.checks if check.max_score != check.score}
    wanted = {check.id: check.max_score for check in report.checks} if build.loses is None else build.loses
    errors = [f"{check.id} is in error: {check.actual}" for check in report.checks if check.status == "error"]
    points = [
        f"{check} loses {lost.get(check, 0)}, the table says {wanted.get(check, 0)}"
        for check in sorted(lost.keys() | wanted.keys())
        if lost.get(check, 0) != wanted.get(check, 0)
    ]
    causes = {fault.cause for fault in report.causes}
    unexpected = [f"unexpected cause: {cause}" for cause in sorted(causes) if not _is_told(cause, build.causes)]
    untold = [f"missing cause: {cause}" for cause in sorted(build.causes) if not any(_fits(c, cause) for c in causes)]
    return [*errors, *points, *unexpected, *untold]


def _is_told(cause: str, wanted: frozenset[str]) -> bool:
    return any(_fits(cause, each) for each in wanted)


def _fits(cause: str, wanted: str) -> bool:
    """Return whether a cause is the wanted one; a star stands for what differs from run to run."""
    head, star, tail = wanted.partition("*")
    return cause == wanted or bool(star and cause.startswith(head) and cause.endswith(tail))
