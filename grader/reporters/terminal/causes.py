"""What to mend, the dearest fault first, and what could not be looked at."""

from rich.text import Text

from grader.models.report import Fault, Report
from grader.reporters import sentences
from grader.reporters.terminal.pen import BAD, HELP, QUIET, STRONG, UNSURE, Lines, Pen, widest
from grader.reporters.words import number

_INDENT = " " * 5


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
    lines = pen.hang(pen.text((f"{place:>3}  ", f"{STRONG} {BAD}")), fault.cause, STRONG)
    lines += pen.hang(Text(_INDENT), f"{sentences.price(fault)}: {sentences.prices(fault.checks)}", QUIET)
    if held := sentences.waiting_for(report, fault):
        waiting = ", ".join(check.id for check in held)
        lines += pen.hang(Text(_INDENT), f"waiting for it: {waiting}", QUIET)
    if hint := sentences.hint(fault):
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
        if place <= hints and (hint := sentences.hint(fault)):
            lines += pen.hang(Text(f"{_INDENT}Hint: ", HELP), hint, HELP, most=2)
    if more := len(report.causes) - hints - rest:
        lines += [pen.text((f"{_INDENT}and {more} more", QUIET))] if more > 0 else []
    return lines


def _loss(fault: Fault) -> str:
    return f"-{number(fault.lost)}" if fault.lost else "advice"


def not_graded(report: Report, pen: Pen) -> Lines:
    """Return what could not be looked at and why, and that it costs nothing."""
    reasons = sentences.not_looked_at(report)
    if not reasons:
        return []
    lines = pen.heading("Could not be looked at", "which costs you nothing")
    for reason, checks in reasons.items():
        lines += pen.hang(pen.text((f"  {pen.glyphs.error}  ", f"{STRONG} {UNSURE}")), reason)
        lines += pen.hang(Text(_INDENT), f"still open: {sentences.prices(checks)}", QUIET)
    return lines
