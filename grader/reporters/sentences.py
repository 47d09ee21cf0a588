"""What a report says in sentences, the same on screen and on a page."""

from collections.abc import Iterable

from grader.models.report import CheckResult, Fault, Report
from grader.reporters.words import number

_NO_REASON = "it could not be observed"


def judgement(report: Report) -> str:
    """Return whether it is enough."""
    if report.passed is None:
        return "so far, not graded completely"
    needed = f"{number(report.pass_mark)} %"
    if report.passed:
        return f"passed ({needed} is enough)" if report.pass_mark else "passed"
    return f"not passed yet ({needed} is needed)" if report.pass_mark else "not passed yet"


def where(report: Report) -> str:
    """Return the exercise, and the engines that were looked at."""
    several = len(report.hosts) > 1
    engines = (
        f"{f'{name}, which is ' if several else ''}{host.name} (Docker Engine {host.engine_version})"
        for name, host in report.hosts.items()
    )
    return f"{report.exercise} on {', and '.join(engines)}" if report.hosts else report.exercise


def advice(report: Report) -> str:
    """Return the one next step."""
    again = f"run grade {report.exercise} again."
    statuses = {check.status for check in report.checks}
    if report.score == report.max_score:
        return "Nothing to mend."
    if report.causes:
        return f"Mend 1{' first' if len(report.causes) > 1 else ''}, then {again}"
    if statuses & {"failed", "skipped"}:
        return f"Mend what is marked above, then {again}"
    if "error" in statuses:
        return f"Nothing to mend so far: {again}"
    return "Nothing to mend."


def further(report: Report) -> str:
    """Return where help is found, which is a command to be copied; empty where none is needed."""
    return f"Stuck? grade hint {report.exercise}" if report.causes else ""


def price(fault: Fault) -> str:
    """Return what a fault costs."""
    return f"costs {number(fault.lost)}" if fault.lost else "advice, costs nothing"


def prices(checks: Iterable[CheckResult]) -> str:
    """Return what each of some checks has lost."""
    return ", ".join(f"{check.id} {number(check.max_score - check.score)}" for check in checks)


def hint(fault: Fault) -> str | None:
    """Return the hint of the first of its checks that has one."""
    return next((check.hint for check in fault.checks if check.hint), None)


def waiting_for(report: Report, fault: Fault) -> list[CheckResult]:
    """Return the skipped checks that wait for a fault to be mended, directly or behind one another."""
    roots = {check.id for check in fault.checks}
    held: set[str] = set()
    skipped = [check for check in report.checks if check.status == "skipped"]
    while more := {check.id for check in skipped if (roots | held) & set(check.waits_for)} - held:
        held |= more
    return [check for check in report.checks if check.id in held]


def not_looked_at(report: Report) -> dict[str, list[CheckResult]]:
    """Return the checks in error by their reason."""
    reasons: dict[str, list[CheckResult]] = {}
    for check in report.checks:
        if check.status == "error":
            reasons.setdefault(check.actual or check.cause or _NO_REASON, []).append(check)
    return reasons
