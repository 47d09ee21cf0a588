"""Whether a matrix of who reaches whom holds together in itself, and which edges a check demands."""

from collections.abc import Collection, Iterator, Sequence

from grader.checks.base import Check
from grader.checks.isolated import IsolatedCheck
from grader.checks.reaches import ReachesCheck
from grader.checks.unreachable import UnreachableCheck
from grader.rubric.positions import value_at
from grader.rubric.problems import Problem, at
from grader.rubric.shape import Entry
from grader.rubric.suggest import listed, quoted

AnEdge = tuple[str, str, int | None]


def edges_of(check: Check, *, are_open: bool) -> list[AnEdge]:
    """Return the edges that a check wants open, or closed; a ping is one without a port."""
    match check:
        case IsolatedCheck():
            return [(edge.source, edge.target, edge.port) for edge in check.edges() if edge.is_open == are_open]
        case ReachesCheck() if are_open:
            return [(check.source, check.target, check.port)]
        case UnreachableCheck() if not are_open:
            return [(check.source, check.target, check.port)]
        case _:
            return []


def crooked(entries: Sequence[Entry], roles: Collection[str]) -> Iterator[Problem]:
    """Return the pairs of a matrix that are no pairs, that stand there twice, or that have no port to try."""
    for entry in entries:
        if isinstance(entry.check, IsolatedCheck):
            yield from _pairs(entry, entry.check, roles)
            if not entry.check.edges():
                yield at(entry.node, "this matrix has no pair to judge: name a second role")


def _pairs(entry: Entry, check: IsolatedCheck, roles: Collection[str]) -> Iterator[Problem]:
    seen: dict[tuple[str, str], int] = {}
    for key, rows in (("open", check.open), ("either", check.either)):
        for source, targets in rows.items():
            for index, target in enumerate(targets):
                node = value_at(entry.node, (key, source, index))
                if target == source:
                    yield at(node, f"{quoted(source)} always reaches itself: remove it")
                elif target in roles and target not in check.ports:
                    yield at(node, f"`ports` names no port of {quoted(target)}, only of {listed(check.ports)}")
                elif (source, target) in seen:
                    told = (
                        f"that {quoted(source)} reaches {quoted(target)} stands on line {seen[source, target]} already"
                    )
                    yield at(node, f"{told}: remove one of the two")
                seen.setdefault((source, target), node.start_mark.line + 1)
