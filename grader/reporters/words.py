"""Strangers' text made harmless, and numbers as people write them.

Names, answers and sentences of a report come from other people's machines. Whatever prints them takes
them through `clean`, so that no escape sequence reaches a terminal and no override turns a line round.
"""

import unicodedata
from collections.abc import Iterable
from decimal import Decimal

from grader.models.report import CheckResult

_LONGEST = 400
"""Characters of one text that a reader could still want; the JSON report has the rest."""

_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Controls, overrides and zero-width marks, halves of characters, and what no font has."""


def clean(text: str, encoding: str = "utf-8", longest: int = _LONGEST) -> str:
    r"""Return one line of visible text: blanks are single, and what hides shows itself as `\u200b` does."""
    shown = "".join(map(_visible, " ".join(text[: 2 * longest].split())))
    cut = shown if len(shown) <= longest else shown[: longest - 1] + "…"
    if not encoding.startswith("utf"):
        cut = cut.replace("…", "...")
    return cut.encode(encoding, "backslashreplace").decode(encoding)


def _visible(character: str) -> str:
    if unicodedata.category(character) in _HIDDEN:
        return character.encode("unicode_escape").decode("ascii")
    return character


def number(value: Decimal | float) -> str:
    """Return points or a percentage without needless digits: `8`, `2.5`, `0.33`."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def of(score: Decimal, most: Decimal) -> str:
    """Return what was earned and what could have been: `4/8`."""
    return f"{number(score)}/{number(most)}"


def facts(check: CheckResult) -> list[str]:
    """Return what there is to say of a check besides its name and marks: for formats that have one text for it."""
    told = {
        "cause": check.cause or "",
        "expected": check.expected,
        "seen": check.actual,
        "hint": check.hint or "",
        "waits for": ", ".join(check.waits_for),
    }
    return [f"{label}: {clean(text)}" for label, text in told.items() if text]


def fitted(texts: Iterable[str], most: int) -> str:
    """Return the first text of at most so many bytes, or the last one where none is: the longest comes first."""
    text = ""
    for text in texts:
        if len(text.encode("utf-8", "surrogatepass")) <= most:
            break
    return text
