"""What no build can do at once, or what would cost a fault twice."""

import json
from collections.abc import Iterable, Iterator, Sequence

from grader.checks.all_of import AllOfCheck
from grader.checks.any_of import AnyOfCheck
from grader.checks.attached import AttachedCheck
from grader.checks.base import Check
from grader.checks.isolated import IsolatedCheck
from grader.checks.network import NetworkCheck
from grader.checks.resolves import ResolvesCheck
from grader.rubric.matrices import AnEdge, edges_of
from grader.rubric.positions import value_at
from grader.rubric.problems import Problem, at
from grader.rubric.shape import Entry, flat, sound
from grader.rubric.suggest import quoted


def contradictions(entries: Sequence[Entry]) -> Iterator[Problem]:
    """Return the checks that cannot all hold, and those that judge the same."""
    everything = list(flat(entries))
    yield from _both_to_and_without(everything)
    for together in _demanded_together(entries):
        yield from _open_and_closed(together)
        yield from _unlike_networks(together)
        yield from _one_name_for_all(together)
        yield from _twins(together)
    for choice in (entry.inner for entry in everything if isinstance(entry.check, AnyOfCheck)):
        yield from _twins(choice)


def _demanded_together(entries: Sequence[Entry]) -> Iterator[list[Entry]]:
    """Yield the entries that all have to hold, with those within `all_of`; then the same for every alternative."""
    yield list(_with_parts(entries))
    for entry in flat(entries):
        if isinstance(entry.check, AnyOfCheck):
            yield from (list(_with_parts([way])) for way in entry.inner if way.inner)


def _with_parts(entries: Iterable[Entry]) -> Iterator[Entry]:
    for entry in entries:
        yield entry
        if isinstance(entry.check, AllOfCheck):
            yield from _with_parts(entry.inner)


def _both_to_and_without(entries: Sequence[Entry]) -> Iterator[Problem]:
    for entry, check in sound(entries):
        if isinstance(check, AttachedCheck):
            joined = set(check.to)
            for index, network in enumerate(check.without):
                if network in joined:
                    node = value_at(entry.node, ("without", index))
                    yield at(node, f"{quoted(network)} stands in `to` as well: remove it from one of the two")


def _open_and_closed(entries: Sequence[Entry]) -> Iterator[Problem]:
    edges: dict[AnEdge, int] = {}
    for entry, check in sound(entries):
        for edge in edges_of(check, are_open=True):
            edges.setdefault(edge, entry.line)
    for entry, check in sound(entries):
        for edge in edges_of(check, are_open=False):
            line = edges.get(edge)
            if line is not None:
                source, target, _ = edge
                told = f"the check on line {line} demands that {source} does reach this port of {target}"
                yield at(entry.node, f"{told}: {_way_out(check)}")


def _way_out(check: Check) -> str:
    return "open it here too, or remove one of the two" if isinstance(check, IsolatedCheck) else "remove one of the two"


def _unlike_networks(entries: Sequence[Entry]) -> Iterator[Problem]:
    said: dict[tuple[str | None, str, str], tuple[object, int]] = {}
    for entry, check in sound(entries):
        if not isinstance(check, NetworkCheck):
            continue
        for word, value in (
            ("driver", check.driver),
            ("internal", check.internal),
            ("attachable", check.attachable),
            ("gateway", check.gateway),
        ):
            if value is None:
                continue
            other, line = said.setdefault((check.host, check.network, word), (value, entry.line))
            if other != value:
                told = f"the check on line {line} demands another `{word}` of {quoted(check.network)}"
                yield at(value_at(entry.node, (word,)), f"{told}: no network has both")


def _one_name_for_all(entries: Sequence[Entry]) -> Iterator[Problem]:
    """Find roles that are listed twice, and a name that should lead to one set of roles here and another there."""
    said: dict[tuple[str, str], tuple[set[str], int]] = {}
    for entry, check in sound(entries):
        if not isinstance(check, ResolvesCheck):
            continue
        if len(set(check.targets)) < len(check.targets):
            yield at(value_at(entry.node, ("to",)), "a role stands here twice: remove it once")
        others, line = said.setdefault((check.source, check.name), (set(check.targets), entry.line))
        if others != set(check.targets):
            told = f"the check on line {line} demands that {quoted(check.name)} leads {check.source} elsewhere"
            yield at(value_at(entry.node, ("to",)), f"{told}: put the roles that share the name into one list")


def _twins(entries: Sequence[Entry]) -> Iterator[Problem]:
    """Find checks that judge the same, whatever they are called and worth: one fault would cost twice."""
    lines: dict[str, int] = {}
    for entry, check in sound(entries):
        own = check.model_dump(mode="json", exclude=set(Check.model_fields))
        line = lines.setdefault(f"{check.kind} {json.dumps(own, sort_keys=True)}", entry.line)
        if line != entry.line:
            yield at(entry.node, f"this check judges the same as the one on line {line}: remove one of the two")
