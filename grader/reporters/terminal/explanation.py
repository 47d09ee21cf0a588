"""One check, explained: what was expected and seen, the idea behind it, and a command to try."""

from rich.console import Console
from rich.text import Text

from grader.models.report import Explanation
from grader.reporters.terminal.checks import STYLES
from grader.reporters.terminal.pen import BAD, HELP, QUIET, STRONG, Lines, Pen
from grader.reporters.words import clean, of

_INDENT = "  "
_LINES = 12
"""A concept may be longer than what a report has room for."""
_LONGEST_COMMAND = 1000


def show_explanation(explanation: Explanation, console: Console | None = None) -> None:
    """Print the explanation, to standard output by default."""
    console = console or Console()
    pen = Pen.of(console)
    for line in [*_verdict(explanation, pen), *_ideas(explanation, pen)]:
        console.print(line, no_wrap=True, overflow="crop", crop=True, highlight=False)
    if explanation.by_hand:
        # A command is to be copied, so only the terminal itself may break its line.
        command = Text(_INDENT + clean(explanation.by_hand, console.encoding, _LONGEST_COMMAND), HELP)
        for text in (Text(), *pen.heading("See for yourself"), command):
            console.print(text, no_wrap=True, overflow="ignore", crop=False, highlight=False)


def _verdict(explanation: Explanation, pen: Pen) -> Lines:
    check = explanation.check
    sign: str = getattr(pen.glyphs, check.status)
    style = STYLES[check.status]
    score = f"  {of(check.score, check.max_score)}"
    lines = [Text.assemble((f"{sign} ", style), (pen.clean(check.title), STRONG), (score, style)), Text()]
    facts = [("expected", check.expected, ""), ("found", check.actual, ""), ("cause", check.cause or "", BAD)]
    facts += [("seen", fact, QUIET) for fact in check.evidence]
    for label, text, colour in facts:
        if text and not (label == "cause" and text == check.actual):
            lines += pen.hang(pen.text((f"{_INDENT}{label:<10}", QUIET)), text, colour, most=_LINES)
    return lines


def _ideas(explanation: Explanation, pen: Pen) -> Lines:
    lines: Lines = []
    for heading, text in (("The brief asks", explanation.brief), ("What Docker does", explanation.concept)):
        if text:
            lines += [Text(), *pen.heading(heading), *pen.hang(Text(_INDENT), text, most=_LINES)]
    return lines
