"""Shorthand for what the laws compare."""

from decimal import Decimal

from grader.evaluate import evaluate
from grader.models.report import CheckResult, Report
from tests.flagship import RUBRIC
from tests.laws.builds import ROLES
from tests.laws.engine import evidence
from tests.laws.model import Build


def judged(build: Build) -> Report:
    """Return the report on a build that was seen as it is."""
    return evaluate(RUBRIC, evidence(build))


def by_id(report: Report) -> dict[str, CheckResult]:
    """Return the lines of a report by the ids of their checks."""
    return {check.id: check for check in report.checks}


def cast(report: Report) -> dict[str, str | None]:
    """Return the ids of the containers that were taken for the roles."""
    return {name: role.id if role else None for name, role in report.roles.items()}


def meant(build: Build) -> dict[str, str | None]:
    """Return the ids of the containers that were made for the roles."""
    return {role: box.id if (box := build.playing(role)) else None for role in ROLES}


def marks(report: Report) -> dict[str, tuple[str, Decimal]]:
    """Return the status and the score of each check."""
    return {check.id: (check.status, check.score) for check in report.checks}
