"""Words for what was found and what was probably meant."""

from collections.abc import Iterable
from difflib import get_close_matches

from yaml import MappingNode, Node, ScalarNode, SequenceNode

_LONGEST = 40
_MOST_LISTED = 20


def near(word: str, words: Iterable[str]) -> str | None:
    """Return the one of `words` that was probably meant, whatever its case."""
    lower = {known.lower(): known for known in words}
    found = get_close_matches(word.lower(), lower, n=1)
    return lower[found[0]] if found else None


def hint(word: str, words: Iterable[str], otherwise: str) -> str:
    """Return a question with the nearest word, or `otherwise` where none is near."""
    known = list(words)
    meant = near(word, known)
    return f"did you mean {quoted(meant)}?" if meant else otherwise


def listed(words: Iterable[str], most: int | None = _MOST_LISTED) -> str:
    """Return the words as a list to choose from, the first ones of many, or `none`."""
    known = list(words)
    cut = most is not None and len(known) > most
    return ", ".join(known[:most] + ["…"] * cut) or "none"


def quoted(text: str) -> str:
    """Return the text on one line, cut where it is long, in backticks, as our messages quote the file."""
    plain = "".join(letter if letter.isprintable() else " " for letter in text)
    return f"`{plain}`" if len(plain) <= _LONGEST else f"`{plain[:_LONGEST]}…`"


def found(node: Node) -> str:
    """Return what stands there, as an author would call it."""
    match node:
        case MappingNode():
            return "a mapping"
        case SequenceNode():
            return "a list"
        case ScalarNode(value="", style=style) if style in ("'", '"'):
            return "an empty text"
        case ScalarNode(style=style) if style in ("'", '"'):
            return f"the text {quoted(node.value)}"
        case _:
            return quoted(str(node.value))
