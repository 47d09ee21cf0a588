"""The kinds of check, one file each; a new file in this folder is a new kind."""

from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import get_args

from grader.checks.base import Check

_COMMON = ("base", "nested")
"""What is no kind, but what kinds are made of."""


@cache
def kinds() -> dict[str, type[Check]]:
    """Return every kind of check by the word that a rubric uses for it, in alphabetical order."""
    names = sorted(module.name for module in iter_modules(__path__) if module.name not in _COMMON)
    modules = [import_module(f"{__name__}.{name}") for name in names]
    found = [kind for module in modules for kind in vars(module).values() if _is_kind(kind, module.__name__)]
    return {kind_word(kind): kind for kind in found}


def kind_word(kind: type[Check]) -> str:
    """Return the word that a rubric uses for a kind: the one value of its field `kind`."""
    (word,) = get_args(kind.model_fields["kind"].annotation)
    return str(word)


def _is_kind(thing: object, module: str) -> bool:
    return isinstance(thing, type) and issubclass(thing, Check) and thing.__module__ == module
