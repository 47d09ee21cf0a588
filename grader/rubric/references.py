"""What the entries of a rubric name: checks, roles and engines, each of which has to exist."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from graphlib import CycleError, TopologicalSorter

from yaml import Node

from grader.checks.base import Check
from grader.checks.jmespath import JmespathCheck
from grader.checks.network import NetworkCheck
from grader.checks.swarm import SwarmCheck
from grader.judging.outside import OUTSIDE
from grader.rubric.model import Role
from grader.rubric.positions import holding, key_at, value_at
from grader.rubric.problems import Problem, at
from grader.rubric.shape import Entry, flat, sound
from grader.rubric.suggest import hint, listed, quoted

_LONGEST = 10
"""Checks of a circle that are named."""


def dangling(entries: Sequence[Entry], roles: Collection[str], root: Node) -> Iterator[Problem]:
    """Return the names that mean nothing, or two things."""
    yield from _repeated_ids(entries)
    yield from _taken_words(roles, root)
    yield from _unknown_roles(list(flat(entries)), roles)
    yield from _needs(entries)
    yield from _circle(entries)


def _repeated_ids(entries: Sequence[Entry]) -> Iterator[Problem]:
    lines: dict[str, int] = {}
    for entry in entries:
        if entry.id is None:
            continue
        if entry.id in lines:
            node = value_at(entry.node, ("id",))
            yield at(node, f"the id {quoted(entry.id)} is taken by the check on line {lines[entry.id]}")
        lines.setdefault(entry.id, entry.line)


def _taken_words(roles: Collection[str], root: Node) -> Iterator[Problem]:
    if OUTSIDE in roles:
        told = f"{quoted(OUTSIDE)} means whoever is outside the engine: give the role another name"
        yield at(key_at(root, ("roles", OUTSIDE)), told)


def _unknown_roles(entries: Sequence[Entry], roles: Collection[str]) -> Iterator[Problem]:
    for entry, check in sound([each for each in entries if not each.inner]):
        for role in dict.fromkeys(check.roles()):
            if role not in roles:
                node = holding(entry.node, role, ("role", "from", "to", "strangers", "shared_with"), otherwise="query")
                known = f"the roles are {listed(roles)}" if roles else "declare it under `roles:`"
                yield at(node, f"there is no role {quoted(role)}: {hint(role, roles, known)}")


def _needs(entries: Sequence[Entry]) -> Iterator[Problem]:
    ids = {entry.id for entry in entries if entry.id is not None}
    for entry, check in sound(entries):
        for index, need in enumerate(check.needs):
            node = value_at(entry.node, ("needs", index))
            if need == check.id:
                yield at(node, f"{quoted(need)} cannot need itself")
            elif need not in ids:
                others = ids - {check.id}
                told = f"there is no check {quoted(need)}"
                yield at(node, f"{told}: {hint(need, others, f'the ids are {listed(sorted(others))}')}")


def _circle(entries: Sequence[Entry]) -> Iterator[Problem]:
    """Find one circle; a check that needs itself is told of elsewhere."""
    wanted = {check.id: [need for need in check.needs if need != check.id] for _, check in sound(entries)}
    try:
        TopologicalSorter(wanted).prepare()
    except CycleError as error:
        order = {each: index for index, each in enumerate(wanted)}
        circle: list[str] = error.args[1][::-1]
        first = min(range(len(circle) - 1), key=lambda index: order[circle[index]])
        circle = [*circle[first:-1], *circle[: first + 1]]
        shown = circle if len(circle) <= _LONGEST else [*circle[: _LONGEST - 1], "…", circle[-1]]
        entry = next(entry for entry, check in sound(entries) if check.id == circle[0])
        told = " needs ".join(quoted(each) for each in shown)
        yield at(holding(entry.node, circle[1], ("needs",)), f"the checks wait for one another: {told}")


def homeless(
    roles: Mapping[str, Role], entries: Sequence[Entry], hosts: Sequence[str], root: Node
) -> Iterator[Problem]:
    """Return the roles and checks that are bound to an engine which the rubric does not know."""
    for index, host in enumerate(hosts):
        if host in hosts[:index]:
            yield at(value_at(root, ("hosts", index)), f"the engine {quoted(host)} stands here twice")
    for name, role in roles.items():
        if role.host is not None and role.host not in hosts:
            yield _homeless(value_at(root, ("roles", name, "host")), role.host, hosts)
    for entry, check in sound(list(flat(entries))):
        for host in dict.fromkeys(_hosts_of(check)):
            if host not in hosts:
                yield _homeless(holding(entry.node, host, ("host", "with")), host, hosts)
        if isinstance(check, SwarmCheck) and (home := check.host or hosts[0]) in check.together:
            at_with = value_at(entry.node, ("with", check.together.index(home)))
            yield at(at_with, f"{quoted(home)} is in one swarm with itself anyway: name others")


def _hosts_of(check: Check) -> tuple[str, ...]:
    if not isinstance(check, NetworkCheck | SwarmCheck | JmespathCheck):
        return ()
    own = (check.host,) if check.host else ()
    return (*own, *check.together) if isinstance(check, SwarmCheck) else own


def _homeless(node: Node, host: str, hosts: Sequence[str]) -> Problem:
    known = f"the engines are {listed(hosts)}; `hosts:` declares them"
    return at(node, f"there is no engine {quoted(host)}: {hint(host, hosts, known)}")
