"""What a reset takes down and what it leaves, before anybody is asked."""

from collections.abc import Sequence

from rich.console import Console
from rich.text import Text

from grader.reporters.terminal.pen import BAD, HELP, QUIET, STRONG, Lines, Pen, widest

Row = tuple[str, str, str]
"""The kind of a thing, its name, and why it goes."""
_LONGEST_NAME, _NARROWEST_REASON = 30, 24


def show_removal(heading: str, rows: Sequence[Row], kept: Sequence[str], console: Console | None = None) -> None:
    """Print what goes and what stays, to standard output by default."""
    console = console or Console()
    pen = Pen.of(console)
    lines = [*pen.hang(Text(), heading, STRONG), *_rows(rows, pen), *_kept(kept, pen)]
    for line in lines:
        # A command is to be copied, so only the terminal itself may break its line.
        console.print(line, no_wrap=True, overflow="ignore", crop=False, highlight=False)


def plain_removal(heading: str, rows: Sequence[Row], kept: Sequence[str], encoding: str) -> str:
    """Return the same for programs and files: one line a thing, however long."""
    from grader.reporters.words import clean

    found = [heading, *("  ".join(clean(word, encoding) for word in row) for row in rows)]
    told = (": ".join(clean(line, encoding) for line in each.split("\n")) for each in kept)
    found += ["", "These stay:", *told] if kept else []
    return "\n".join(found) + "\n"


def _rows(rows: Sequence[Row], pen: Pen) -> Lines:
    names = min(widest(pen.clean(name) for _, name, _ in rows), _LONGEST_NAME)
    lines: Lines = []
    for kind, name, because in rows:
        # What goes is never clipped: its whole name has to be read before anybody agrees.
        lead = Text.assemble((f"  {kind:<9} ", QUIET), (pen.clean(name).ljust(names), BAD), "  ")
        if lead.cell_len <= pen.width - _NARROWEST_REASON:
            lines += pen.hang(lead, because)
        else:
            lines += [*pen.hang(lead[:12], pen.clean(name), BAD, most=9), *pen.hang(Text(" " * 12), because)]
    return lines


def _kept(kept: Sequence[str], pen: Pen) -> Lines:
    if not kept:
        return []
    lines: Lines = [Text(), *pen.hang(Text(), "These stay:", STRONG)]
    for each in kept:
        reason, _, command = each.partition("\n")
        lines += pen.hang(pen.text((f"  {pen.glyphs.skipped} ", QUIET)), reason)
        lines += [Text(f"    {pen.clean(command)}", HELP)] if command else []
    return lines
