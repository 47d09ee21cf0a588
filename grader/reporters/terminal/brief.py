"""A brief in the terminal: its Markdown drawn by Rich, and the target's picture where the brief shows one."""

import re
from collections.abc import Sequence

from rich.console import Console
from rich.markdown import Markdown
from rich.segment import Segment
from rich.text import Text

from grader.models.topology import Topology
from grader.reporters.terminal.pen import HELP, Pen
from grader.reporters.terminal.picture import drawing
from grader.reporters.words import clean

_PICTURE = re.compile(r"^!\[[^\]]*\]\([^)]*\)[ \t]*$", re.MULTILINE)
_BULLET = str.maketrans({"•": "*", "─": "-", "━": "=", "▌": "|"})
"""What Rich draws with, where only ASCII can be shown."""
_LONGEST_LINE = 10_000
Steps = Sequence[tuple[str, str]]
"""Commands, each with what it does."""


def show_brief(brief: str, target: Topology, steps: Steps, console: Console | None = None) -> None:
    """Print a brief, the target and what to do next, to standard output by default."""
    console = console or Console()
    pen = Pen.of(console)
    before, *after = _PICTURE.split(_harmless(brief), maxsplit=1)
    _print_markdown(before, console, pen)
    _print(console, pen.heading("What it is to look like") + drawing(target, pen)[2:])
    console.print()
    for part in after:
        _print_markdown(_PICTURE.sub("", part), console, pen)
    _print(console, _next(steps, pen))


def plain_brief(brief: str, target: Topology, steps: Steps) -> str:
    """Return a brief as it stands in its file, then the target and the next steps in plain text, 80 columns wide."""
    from io import StringIO

    file = StringIO()
    console = Console(file=file, width=80, color_system=None, force_terminal=False, legacy_windows=False, _environ={})
    pen = Pen.of(console)
    file.write(_harmless(brief).rstrip("\n") + "\n\n")
    _print(console, [*pen.heading("What it is to look like"), *drawing(target, pen)[2:], Text(), *_next(steps, pen)])
    return file.getvalue()


def _print(console: Console, lines: Sequence[Text]) -> None:
    for line in lines:
        console.print(line, no_wrap=True, overflow="crop", crop=True, highlight=False)


def _next(steps: Steps, pen: Pen) -> list[Text]:
    wide = max(len(command) for command, _ in steps)
    lines = pen.heading("Next")
    for command, purpose in steps:
        lines += pen.hang(pen.text((f"  {pen.fit(command, wide)}  ", HELP)), purpose)
    return lines


def _harmless(brief: str) -> str:
    """Return the text without what a terminal would obey, its lines as they are."""
    return "\n".join(_line(line) for line in brief.splitlines())


def _line(line: str) -> str:
    bare = line.lstrip(" ")
    # The end of a line may mean a break in Markdown; blanks within it may be code that is lined up.
    pieces = re.split(r"( {2,}| +$)", bare)
    return " " * (len(line) - len(bare)) + "".join(
        piece if piece.isspace() else clean(piece, longest=_LONGEST_LINE) if piece.strip() else piece
        for piece in pieces
    )


def _print_markdown(text: str, console: Console, pen: Pen) -> None:
    if not text.strip():
        return
    drawn = Markdown(text, code_theme="ansi_light" if console.no_color else "ansi_dark", hyperlinks=False)
    options = console.options.update(width=pen.width)
    for line in console.render_lines(drawn, options, pad=False):
        console.print(_assembled(line, pen), no_wrap=True, overflow="crop", crop=True, highlight=False)
    console.print()


def _assembled(line: Sequence[Segment], pen: Pen) -> Text:
    """Return a drawn line in signs that the console has."""
    found = Text()
    for text, style, _ in line:
        shown = text if pen.encoding.startswith("utf") and pen.glyphs.bar == "━" else text.translate(_BULLET)
        found.append(shown.encode(pen.encoding, "backslashreplace").decode(pen.encoding), style)
    found.rstrip()
    return found
