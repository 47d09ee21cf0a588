"""What other packages add to grade, found by their entry points.

The search reads the metadata of every installed package, which takes longer than all else that a run imports.
So it is made only for a word that is none of ours.
"""

from functools import cache
from importlib.metadata import EntryPoint, entry_points

from grader.errors import UsageError


@cache
def offered(group: str) -> dict[str, EntryPoint]:
    """Return the entry points of a group by name; UsageError where two packages offer one name."""
    found: dict[str, EntryPoint] = {}
    for each in entry_points(group=group):
        other = found.setdefault(each.name, each)
        if other.value != each.value:
            raise UsageError(
                f"{_package(other)} and {_package(each)} both add {each.name} to {group}", "uninstall one of them"
            )
    return dict(sorted(found.items()))


def plugin(group: str, name: str) -> object:
    """Return what an offered entry point names; UsageError where its package cannot be imported."""
    entry = offered(group)[name]
    try:
        return entry.load()
    except Exception as fault:  # somebody else's code, which may fail in any way
        raise UsageError(
            f"{name} of {_package(entry)} cannot be loaded: {type(fault).__name__}: {fault}",
            "repair or uninstall that package",
        ) from fault


def _package(entry: EntryPoint) -> str:
    return entry.dist.name if entry.dist else entry.value
