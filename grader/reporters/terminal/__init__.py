"""The report for a learner's eyes: what to mend first, then every check, who plays what, and the picture."""

from io import StringIO

from rich.console import Console
from rich.text import Text

from grader.models.report import Report
from grader.reporters.terminal.causes import causes, not_graded
from grader.reporters.terminal.checks import checks
from grader.reporters.terminal.closing import next_step, notes
from grader.reporters.terminal.pen import Pen
from grader.reporters.terminal.picture import picture
from grader.reporters.terminal.roles import roles
from grader.reporters.terminal.score import score

_PLAIN_WIDTH = 80
"""Columns of a report in a file: what any window, mail and printout holds."""


class _Screen(Console):
    """Standard output."""

    def on_broken_pipe(self) -> None:
        """Leave it to the caller; Rich would end the process with a code that means something else here."""
        raise BrokenPipeError


def show(report: Report) -> None:
    """Print the report to standard output, whatever that is."""
    render(report, _Screen())


def render(report: Report, console: Console) -> None:
    """Print the report at the console's width, in ASCII where it cannot show more."""
    pen = Pen.of(console)
    sections = (score, not_graded, causes, checks, roles, picture, notes, next_step)
    shown = [lines for section in sections if (lines := section(report, pen))]
    for place, lines in enumerate(shown):
        for line in [Text(), *lines] if place else lines:
            console.print(line, no_wrap=True, overflow="crop", crop=True, highlight=False)


def write(report: Report) -> str:
    """Return the report as plain text, 80 columns wide."""
    file = StringIO()
    # The environment says how the user's terminal looks, which must not leak into a file.
    console = Console(
        file=file,
        width=_PLAIN_WIDTH,
        color_system=None,
        force_terminal=False,
        legacy_windows=False,
        _environ={},
    )
    render(report, console)
    return file.getvalue()
