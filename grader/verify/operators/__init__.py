"""The faults that learners make, one file each; a new file in this folder is a new operator."""

from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType

from grader.verify.mutant import Mutant, Stage


@cache
def operators() -> dict[str, ModuleType]:
    """Return every operator by its word, in alphabetical order."""
    names = sorted(module.name for module in iter_modules(__path__))
    return {name.replace("_", "-"): import_module(f"{__name__}.{name}") for name in names}


def mutants(stage: Stage) -> Iterator[Mutant]:
    """Yield every fault of every operator that the rubric talks about."""
    for operator in operators().values():
        yield from operator.mutants(stage)
