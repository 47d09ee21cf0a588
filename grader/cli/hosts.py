"""Which engine is which: the words of --host against the hosts that a rubric knows."""

import re
from collections.abc import Sequence
from difflib import get_close_matches

from grader.errors import UsageError

_NAMED = re.compile(r"([a-z0-9][a-z0-9-]*)=(.+)")


def named_hosts(known: Sequence[str], words: Sequence[str]) -> dict[str, str | None]:
    """Return the engine of each host that was given one, in the rubric's order; None is docker's own choice.

    A word without a name means the first host. UsageError for a name that is unknown or given twice.
    """
    given: dict[str, str] = {}
    for word in words:
        named = _NAMED.fullmatch(word)
        name, address = (named[1], named[2]) if named else (known[0], word)
        if name not in known:
            raise UsageError(f"--host {word}: this exercise knows no engine {name}", _advice(name, known))
        if name in given:
            raise UsageError(_twice(name, known), "name each engine once")
        given[name] = address
    if not given:
        return {known[0]: None}
    return {name: given[name] for name in known if name in given}


def without_name(word: str) -> str:
    """Return the address in a word of --host."""
    named = _NAMED.fullmatch(word)
    return named[2] if named else word


def _twice(name: str, known: Sequence[str]) -> str:
    return (
        f"--host is given twice for {name}" if len(known) > 1 else "--host is given twice, and this exercise takes one"
    )


def _advice(name: str, known: Sequence[str]) -> str:
    if len(known) == 1:
        return "it takes one engine: --host HOST, without a name"
    near = get_close_matches(name, known, n=1)
    return f"did you mean {near[0]}?" if near else f"it knows {', '.join(known)}: --host {known[0]}=HOST"
