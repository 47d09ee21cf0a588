"""Which container was taken for which role, and because of what."""

from rich.text import Text

from grader.models.report import Report, RoleResult
from grader.reporters.terminal.pen import BAD, QUIET, Lines, Pen, widest

_LONGEST = 24
_MOST_REASONS = 3
"""The strongest come first."""


def roles(report: Report, pen: Pen) -> Lines:
    """Return one line a role; absent ones say so."""
    if not report.roles:
        return []
    several = len(report.hosts) > 1
    names = min(widest(map(pen.clean, report.roles)), _LONGEST)
    taken = min(widest(pen.clean(_container(role, several)) for role in report.roles.values()), _LONGEST)
    lines = pen.heading("Who plays what")
    for name, role in report.roles.items():
        lead = pen.text(("  " + pen.fit(name, names) + "  ", ""))
        if role is None:
            lines += pen.hang(lead, "nobody", BAD)
            continue
        lead.append(pen.fit(_container(role, several), taken) + "  ")
        lines += pen.hang(lead, _because(role), QUIET, most=2) if role.because else [_bare(lead)]
    return lines


def _container(role: RoleResult | None, several: bool) -> str:
    if role is None:
        return ""
    return f"{role.container} on {role.host}" if several else role.container


def _because(role: RoleResult) -> str:
    return ", ".join(role.because[:_MOST_REASONS])


def _bare(line: Text) -> Text:
    line.rstrip()
    return line
