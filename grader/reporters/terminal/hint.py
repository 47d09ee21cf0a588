"""One hint: the fault that it is for, the rung, and where to go from there."""

from collections.abc import Iterator

from rich.console import Console
from rich.text import Text

from grader.models.hint import Rung
from grader.models.report import CheckResult
from grader.reporters.terminal.checks import STYLES
from grader.reporters.terminal.pen import BAD, HELP, QUIET, STRONG, Lines, Pen
from grader.reporters.words import clean, of

_INDENT = Text("  ")
_LINES = 12


def show_hint(rung: Rung, console: Console | None = None) -> None:
    """Print a hint, to standard output by default."""
    console = console or Console()
    pen = Pen.of(console)
    lines = _check(rung.check, pen)
    if rung.text:
        head = pen.heading(f"Hint {rung.place} of {rung.most}")
        lines += [Text(), *head, *pen.hang(_INDENT, rung.text, HELP, _LINES)]
    _print([*lines, Text()], console)
    for said, command in _further(rung):
        # A command is to be copied, so only the terminal itself may break its line.
        line = Text.assemble((said, QUIET), clean(command, console.encoding))
        console.print(line, no_wrap=True, overflow="ignore", crop=False, highlight=False)


def show_no_hint(check: CheckResult | None, console: Console | None = None) -> None:
    """Say why there is nothing to give a hint for: all is well, or it could not be looked at."""
    console = console or Console()
    pen = Pen.of(console)
    if check is None:
        return _print([Text("Nothing to mend.")], console)
    passed = check.status == "passed"
    told = "It has passed: nothing to mend." if passed else "It could not be looked at, which costs you nothing."
    return _print([*_check(check, pen), Text(), Text(told)], console)


def _check(check: CheckResult, pen: Pen) -> Lines:
    sign: str = getattr(pen.glyphs, check.status)
    style = STYLES[check.status]
    score = f"  {of(check.score, check.max_score)}" if check.max_score else "  advice"
    lines = [Text.assemble((f"{sign} ", style), (pen.clean(check.title), STRONG), (score, style))]
    return lines + (pen.hang(_INDENT, check.cause, BAD, _LINES) if check.cause else [])


def _further(rung: Rung) -> Iterator[tuple[str, str]]:
    """Yield where to go from here: what it is good for, and the command."""
    which = f"{rung.exercise} {rung.check.id}"
    if not rung.text:
        yield "What to do stands in the cause." if rung.check.cause else "There is no hint for this.", ""
    yield "Once it is mended:  ", f"grade {rung.exercise}"
    if rung.place < rung.most:
        yield "The next hint:      ", f"grade hint {which}"
    else:
        yield "What is behind it:  ", f"grade explain {which}"


def _print(lines: Lines, console: Console) -> None:
    for line in lines:
        console.print(line, no_wrap=True, overflow="crop", crop=True, highlight=False)
