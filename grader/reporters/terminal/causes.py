"""What to mend, the dearest fault first, and what could not be looked at."""

from collections.abc import Iterable

from rich.text import Text

from grader.models.report import CheckResult, Fault, Report
from grader.reporters.terminal.pen import BAD, HELP, QUIET, STRONG, UNSURE, Lines, Pen, widest
from grader.reporters.words import number

_INDENT = " " * 5
_NO_REASON = "it could not be observed"


def causes(report: Report, pen: Pen) -> Lines:
    """Return each fault with its price, the checks that it failed, those that wait for it, and one hint."""
    if not report.causes:
        return []
    lines = pen.heading("What to mend", "most points first" if len(report.causes) > 1 else "")
    for place, fault in enumerate(report.causes, 1):
        lines += [Text()] if place > 1 else []
        lines += _fault(report, pen, place, fault)
    return lines


def _fault(report: Report, pen: Pen, place: int, fault: Fault) -> Lines:
    held = _held_back(report, fault)
    lines = pen.hang(pen.text((f"{place:>3}  ", f"{STRONG} {BAD}")), fault.cause, STRONG)
    lines += pen.hang(Text(_INDENT), f"{_price(fault)}: {_prices(fault.checks)}", QUIET)
    if held:
        waiting = ", ".join(check.id for check in report.checks if check.id in held)
        lines += pen.hang(Text(_INDENT), f"waiting for it: {waiting}", QUIET)
    if hint := _hint(fault):
        lines += pen.hang(Text(f"{_INDENT}Hint: ", HELP), hint, HELP)
    return lines


def brief_causes(report: Report, pen: Pen, hints: int, rest: int) -> Lines:
    """Return the first faults with their hints, and of so many more only what they are and cost."""
    lines: Lines = []
    shown = report.causes[: hints + rest]
    price = widest(map(_loss, shown))
    for place, fault in enumerate(shown, 1):
        lead = pen.text((f"{place:>3}  ", f"{STRONG} {BAD}"), (f"{_loss(fault):>{price}}  ", BAD))
        lines += pen.hang(lead, fault.cause, STRONG, most=3 if place <= hints else 2)
        if place <= hints and (hint := _hint(fault)):
            lines += pen.hang(Text(f"{_INDENT}Hint: ", HELP), hint, HELP, most=2)
    if more := len(report.causes) - hints - rest:
        lines += [pen.text((f"{_INDENT}and {more} more", QUIET))] if more > 0 else []
    return lines


def _loss(fault: Fault) -> str:
    return f"-{number(fault.lost)}" if fault.lost else "advice"


def _hint(fault: Fault) -> str | None:
    """Return the hint of the first of its checks that has one."""
    return next((check.hint for check in fault.checks if check.hint), None)


def _price(fault: Fault) -> str:
    return f"costs {number(fault.lost)}" if fault.lost else "advice, costs nothing"


def _prices(checks: Iterable[CheckResult]) -> str:
    return ", ".join(f"{check.id} {number(check.max_score - check.score)}" for check in checks)


def _held_back(report: Report, fault: Fault) -> set[str]:
    """Return the skipped checks that wait for this fault to be mended, directly or behind one another."""
    roots = {check.id for check in fault.checks}
    held: set[str] = set()
    skipped = [check for check in report.checks if check.status == "skipped"]
    while more := {check.id for check in skipped if (roots | held) & set(check.waits_for)} - held:
        held |= more
    return held


def not_graded(report: Report, pen: Pen) -> Lines:
    """Return what could not be looked at and why, and that it costs nothing."""
    reasons: dict[str, list[CheckResult]] = {}
    for check in report.checks:
        if check.status == "error":
            reasons.setdefault(check.actual or check.cause or _NO_REASON, []).append(check)
    if not reasons:
        return []
    lines = pen.heading("Could not be looked at", "which costs you nothing")
    for reason, checks in reasons.items():
        lines += pen.hang(pen.text((f"  {pen.glyphs.error}  ", f"{STRONG} {UNSURE}")), reason)
        lines += pen.hang(Text(_INDENT), f"still open: {_prices(checks)}", QUIET)
    return lines
