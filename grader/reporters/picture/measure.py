"""How long text is where every character takes one column, and those of East Asia two."""

import unicodedata
from collections.abc import Iterable


def columns(text: str) -> int:
    """Return how many columns a text takes."""
    return sum(map(_breadth, text))


def widest(texts: Iterable[str]) -> int:
    """Return how many columns the longest of some texts takes."""
    return max(map(columns, texts), default=0)


def clip(text: str, width: int) -> str:
    """Return a text of at most so many columns, with a sign where it was cut."""
    if columns(text) <= width:
        return text
    kept = ""
    for character in text:
        if columns(kept + character) > width - 1:
            break
        kept += character
    return f"{kept}…"


def fold(text: str, width: int, most: int) -> list[str]:
    """Return a text broken at blanks into at most so many lines of a width."""
    lines: list[str] = []
    for word in text.split():
        if lines and (columns(lines[-1]) + 1 + columns(word) <= width or len(lines) == most):
            lines[-1] = f"{lines[-1]} {word}"
        else:
            lines.append(word)
    return [clip(line, width) for line in lines]


def _breadth(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
