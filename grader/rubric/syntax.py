"""YAML's own complaints in plain words, for both of PyYAML's parsers."""

import re

from yaml import MarkedYAMLError, YAMLError

from grader.rubric.problems import Problem, at_index

_INDENT_TAB = re.compile(r"[ -]*\t")
_INDENTED = "this line does not fit under those above it: mind the indentation"
_WORDS = {
    "mapping values are not allowed": "a `: ` does not fit here: quote a text with one, mind the indentation",
    "sequence entries are not allowed": "a list cannot begin here: begin it on the next line",
    "mapping keys are not allowed": "a key cannot begin here: mind the indentation",
    "cannot start any token": "a text cannot begin with this character: quote it",
    "while scanning a directive": "a text cannot begin with this character: quote it",
    "unknown escape character": "a backslash means something within double quotes: use single quotes",
    "undefined alias": "this is an alias of no anchor: quote a text that begins with *",
    "while scanning an alias": "this is no alias: quote a text that begins with *",
    "while scanning an anchor": "this is no anchor: quote a text that begins with &",
    "undefined tag handle": "a text cannot begin with !: quote it",
    "while scanning a tag": "a text cannot begin with !: quote it",
    "expected a single document": "a rubric is one YAML document: remove the second one",
    "expected <document start>": "this does not belong to what stands above it: mind the indentation",
    "expected '-' indicator": _INDENTED,
    "expected <block end>": _INDENTED,
    "expected key": _INDENTED,
}
"""What the parsers of libyaml and of PyYAML have in common in their complaints, and what we say for it."""


def explain(error: YAMLError, text: str) -> Problem:
    """Return where the text is no YAML, and what to do about it."""
    if not isinstance(error, MarkedYAMLError):
        return Problem(1, 1, f"this is no YAML: {error}")
    context, mark = error.context_mark, error.problem_mark or error.context_mark
    if mark is None:
        return Problem(1, 1, f"this is no YAML: {error.problem}")
    said = " ".join(filter(None, (error.problem, error.note)))
    line, column = mark.line + 1, mark.column + 1
    if tab := _tab(text, mark.line):
        return Problem(line, tab, "this line is indented with a tab: YAML wants spaces")
    if context and "scanning a quoted scalar" in (error.context or ""):
        return Problem(context.line + 1, context.column + 1, "the quote that opens here is never closed")
    if context and "could not find expected ':'" in said:
        return Problem(context.line + 1, context.column + 1, "this key has no `: ` after it")
    if context and (closing := re.search(r"expected ',' or '([]}])'", said)):
        if _ends(text, mark.line, mark.column):
            return Problem(context.line + 1, context.column + 1, "the bracket that opens here is never closed")
        opened = "[" if closing[1] == "]" else "{"
        told = f"a comma or `{closing[1]}` is missing here, for the `{opened}` on line {context.line + 1}"
        return Problem(line, column, told)
    known = (words for sign, words in _WORDS.items() if sign in f"{error.context} {said}")
    return Problem(line, column, next(known, f"this is no YAML: {said}"))


def misplaced_character(text: str, index: int) -> Problem:
    """Return that a character is none that may stand in YAML."""
    return at_index(text, index, f"the character U+{ord(text[index]):04X} may not stand in YAML: remove it")


def _ends(text: str, line: int, column: int) -> bool:
    """Return whether nothing but blanks follows."""
    first, *others = text.splitlines()[line:] or [""]
    return not (first[column:] + "".join(others)).strip()


def _tab(text: str, line: int) -> int | None:
    """Return the column of a tab in the line's indentation, though the parser may stumble only behind it."""
    lines = text.splitlines()
    found = _INDENT_TAB.match(lines[line]) if line < len(lines) else None
    return found.end() if found else None
