"""The kinds of check, one file each; a new file in this folder is a new kind, and other packages may add theirs."""

from collections.abc import Iterator, Mapping
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import get_args

from grader.checks.base import Check
from grader.errors import UsageError
from grader.plugins import offered, plugin

GROUP = "grader.checks"
"""The entry points of packages that add kinds: each names a class derived from `Check`."""
_COMMON = ("base", "nested")
"""What is no kind, but what kinds are made of."""


class _Kinds(Mapping[str, type[Check]]):
    """Our own kinds at once; those of other packages when somebody asks for a word that is not ours, or for all."""

    def __init__(self, own: dict[str, type[Check]]) -> None:
        self._own = own
        self._added: dict[str, type[Check]] = {}

    def __getitem__(self, word: str) -> type[Check]:
        if word in self._own:
            return self._own[word]
        if word not in self._added:
            if word not in offered(GROUP):
                raise KeyError(word)
            self._added[word] = _plugin_kind(word)
        return self._added[word]

    def __iter__(self) -> Iterator[str]:
        return iter(sorted({*self._own, *offered(GROUP)}))

    def __len__(self) -> int:
        return len({*self._own, *offered(GROUP)})


@cache
def kinds() -> Mapping[str, type[Check]]:
    """Return every kind of check by the word that a rubric uses for it, in alphabetical order."""
    names = sorted(module.name for module in iter_modules(__path__) if module.name not in _COMMON)
    modules = [import_module(f"{__name__}.{name}") for name in names]
    found = [kind for module in modules for kind in vars(module).values() if _is_kind(kind, module.__name__)]
    return _Kinds({kind_word(kind): kind for kind in found})


def kind_word(kind: type[Check]) -> str:
    """Return the word that a rubric uses for a kind: the one value of its field `kind`."""
    (word,) = get_args(kind.model_fields["kind"].annotation)
    return str(word)


def _is_kind(thing: object, module: str) -> bool:
    return isinstance(thing, type) and issubclass(thing, Check) and thing.__module__ == module


def _plugin_kind(word: str) -> type[Check]:
    """Return the kind that another package adds; UsageError where it is none, or goes by another word."""
    found = plugin(GROUP, word)
    if not (isinstance(found, type) and issubclass(found, Check) and get_args(found.model_fields["kind"].annotation)):
        raise UsageError(f"{word} of {GROUP} is no kind of check", "it has to name a class derived from Check")
    if kind_word(found) != word:
        raise UsageError(f"{word} of {GROUP} calls itself {kind_word(found)}", "give it one name")
    return found
