"""Consoles that print into memory."""

from io import BytesIO, TextIOWrapper

from rich.console import Console

from grader.models.report import Report
from grader.reporters.terminal import render


def printed(report: Report, width: int, encoding: str = "utf-8", *, terminal: bool = False, term: str = "xterm") -> str:
    """Return what a console of this width and encoding would receive."""
    raw = BytesIO()
    file = TextIOWrapper(raw, encoding=encoding, newline="\n")
    console = Console(
        file=file,
        width=width,
        force_terminal=terminal,
        legacy_windows=False,
        _environ={"TERM": term, "COLORTERM": "truecolor"},
    )
    render(report, console)
    file.flush()
    return raw.getvalue().decode(encoding)
