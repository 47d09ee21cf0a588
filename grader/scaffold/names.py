"""What an exercise may be called."""

import re
from collections.abc import Collection
from difflib import get_close_matches

from grader.errors import UsageError

_NAME = re.compile(r"[a-z0-9][a-z0-9-]*")
_LONGEST = 40


def check_name(name: str, commands: Collection[str]) -> None:
    """Raise UsageError where `grade NAME` would not grade an exercise of this name."""
    if not _NAME.fullmatch(name):
        plain = "-".join(re.findall(r"[a-z0-9]+", name.lower()))
        remedy = f"did you mean {plain}?" if plain else "for example web-and-client"
        told = "only small letters, digits and hyphens will do, the first one no hyphen"
        raise UsageError(f"{name or 'an empty word'} is no name for an exercise: {told}", remedy)
    if len(name) > _LONGEST:
        raise UsageError(f"{name} is longer than {_LONGEST} characters", "learners type it each time: make it short")
    if name in commands:
        told = f"{name} is a command of grade, so nobody could grade an exercise of this name"
        raise UsageError(told, f"did you mean {name}-lab?")


def too_near(name: str, known: Collection[str]) -> str | None:
    """Return an exercise whose name learners will mistake for this one; lesson-1 and lesson-2 nobody does."""
    others = [other for other in known if _unnumbered(other) != _unnumbered(name)]
    return next(iter(get_close_matches(name, others, n=1, cutoff=0.85)), None)


def _unnumbered(name: str) -> str:
    return re.sub(r"[0-9]+", "", name)
