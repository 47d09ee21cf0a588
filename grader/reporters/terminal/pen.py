"""The only maker of lines for the terminal: text goes in raw and comes out harmless, folded and in style."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias

from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.text import Text

from grader.reporters.terminal.glyphs import ASCII, UNICODE, Glyphs
from grader.reporters.words import clean

Lines: TypeAlias = list[Text]

_WIDEST = 120
"""Beyond that a line is too long to find the next one."""

GOOD, BAD, UNSURE, QUIET, STRONG, HELP = "green", "red", "yellow", "dim", "bold", "cyan"


@dataclass(frozen=True, slots=True)
class Pen:
    """How wide a page is, which characters it takes, and the ways to write on it."""

    width: int
    encoding: str
    glyphs: Glyphs
    scratch: Console

    @classmethod
    def of(cls, console: Console) -> "Pen":
        """Return the pen for a console; one without Unicode, or a dumb terminal, gets ASCII."""
        plain = console.options.ascii_only or console.is_dumb_terminal
        return cls(min(console.width, _WIDEST), console.encoding, ASCII if plain else UNICODE, console)

    def clean(self, text: str) -> str:
        """Return text that is safe to print and that the console's encoding has."""
        return clean(text, self.encoding)

    def text(self, *pieces: tuple[str, str]) -> Text:
        """Return pieces of text with their styles, side by side."""
        return Text.assemble(*((self._padded(text), style) for text, style in pieces), end="")

    def _padded(self, text: str) -> str:
        """Return clean text whose blanks at both ends are kept, because they align it."""
        bare = text.strip(" ")
        if not bare:
            return text
        start = text.index(bare)
        return text[:start] + self.clean(bare) + text[start + len(bare) :]

    def clip(self, text: str, width: int) -> str:
        """Return clean text of at most so many columns, with a sign where it was cut."""
        shown = self.clean(text)
        if cell_len(shown) <= width:
            return shown
        return self._cut(shown, width)

    def fit(self, text: str, width: int) -> str:
        """Return clean text of exactly so many columns."""
        return set_cell_size(self.clip(text, width), width)

    def fold(self, text: str, width: int, most: int = 4) -> list[str]:
        """Return text broken into at most so many lines of a width; the last one shows where it was cut."""
        room = max(width, 1)
        lines = [line.plain.rstrip() for line in Text(self.clean(text)).wrap(self.scratch, room)]
        if len(lines) <= most:
            return lines
        return [*lines[: most - 1], self._cut(lines[most - 1], room)]

    def _cut(self, shown: str, width: int) -> str:
        """Return clean text that ends in the sign for more."""
        more = self.glyphs.more[:width]
        room = max(width - cell_len(more), 0)
        return (shown if cell_len(shown) <= room else set_cell_size(shown, room)) + more

    def hang(self, lead: Text, text: str, style: str = "", most: int = 4) -> Lines:
        """Return folded text that starts behind a lead and stays in its own column."""
        column = lead.cell_len
        folded = self.fold(text, self.width - column, most) or [""]
        first = Text.assemble(lead, (folded[0], style))
        return [first, *(Text(" " * column).append(line, style) for line in folded[1:])]

    def heading(self, text: str, aside: str = "") -> Lines:
        """Return the head of a section, with the blank line under it."""
        return [self.text((text, STRONG), (f"  {aside}" if aside else "", QUIET)), Text()]


def widest(texts: Iterable[str]) -> int:
    """Return how many columns the longest of some texts takes."""
    return max(map(cell_len, texts), default=0)
