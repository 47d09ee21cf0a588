"""What no single key tells: whether the parts of a rubric fit together."""

from collections.abc import Collection, Iterator, Sequence

from yaml import Node

from grader.rubric.contradictions import contradictions
from grader.rubric.demands import senseless
from grader.rubric.matrices import crooked
from grader.rubric.positions import key_at
from grader.rubric.problems import Problem, at
from grader.rubric.references import dangling
from grader.rubric.shape import Entry, flat


def misfits(entries: Sequence[Entry], roles: Collection[str], root: Node) -> Iterator[Problem]:
    """Return what does not fit together; entries whose own keys are wrong take part as far as they can."""
    yield from dangling(entries, roles, root)
    yield from senseless(entries)
    yield from crooked(list(flat(entries)), roles)
    yield from contradictions(entries)
    if entries and not any(entry.check is None or entry.check.points for entry in entries):
        yield at(key_at(root, ("checks",)), "no check has any points, so there is nothing to grade")
