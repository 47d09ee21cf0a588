"""What no single key tells: whether the parts of a rubric fit together."""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from graphlib import CycleError, TopologicalSorter

from yaml import Node

from grader.checks.attached import AttachedCheck
from grader.checks.base import Check
from grader.checks.network import NetworkCheck
from grader.checks.reaches import ReachesCheck
from grader.checks.sandbox import SandboxCheck
from grader.checks.unreachable import UnreachableCheck
from grader.judging import pools
from grader.judging.outside import OUTSIDE
from grader.rubric.model import Role
from grader.rubric.positions import holding, key_at, value_at
from grader.rubric.problems import Problem, at
from grader.rubric.shape import Entry
from grader.rubric.suggest import hint, listed, quoted

_LONGEST = 10
"""Checks of a circle that are named."""


def misfits(entries: Sequence[Entry], roles: Collection[str], root: Node) -> Iterator[Problem]:
    """Return what does not fit together; entries whose own keys are wrong take part as far as they can."""
    yield from _repeated_ids(entries)
    yield from _taken_words(roles, root)
    yield from _unknown_roles(entries, roles)
    yield from _ports(entries)
    yield from _needs(entries)
    yield from _circle(entries)
    yield from _both_to_and_without(entries)
    yield from _open_and_closed(entries)
    yield from _unlike_networks(entries)
    yield from _addresses(entries)
    yield from _bare_sandboxes(entries)
    yield from _twins(entries)
    if entries and not any(entry.check is None or entry.check.points for entry in entries):
        yield at(key_at(root, ("checks",)), "no check has any points, so there is nothing to grade")


def _sound(entries: Sequence[Entry]) -> Iterator[tuple[Entry, Check]]:
    return ((entry, entry.check) for entry in entries if entry.check)


def _repeated_ids(entries: Sequence[Entry]) -> Iterator[Problem]:
    lines: dict[str, int] = {}
    for entry in entries:
        if entry.id is None:
            continue
        if entry.id in lines:
            node = value_at(entry.node, ("id",))
            yield at(node, f"the id {quoted(entry.id)} is taken by the check on line {lines[entry.id]}")
        lines.setdefault(entry.id, entry.line)


def _unknown_roles(entries: Sequence[Entry], roles: Collection[str]) -> Iterator[Problem]:
    for entry, check in _sound(entries):
        for role in dict.fromkeys(check.roles()):
            if role not in roles:
                node = holding(entry.node, role, ("role", "from", "to", "shared_with"))
                known = f"the roles are {listed(roles)}" if roles else "declare it under `roles:`"
                yield at(node, f"there is no role {quoted(role)}: {hint(role, roles, known)}")


def homeless(roles: Mapping[str, Role], hosts: Sequence[str], root: Node) -> Iterator[Problem]:
    """Return the roles that are bound to an engine which the rubric does not know."""
    for name, role in roles.items():
        if role.host is not None and role.host not in hosts:
            node = value_at(root, ("roles", name, "host"))
            known = f"the engines are {listed(hosts)}; `hosts:` declares them"
            yield at(node, f"there is no engine {quoted(role.host)}: {hint(role.host, hosts, known)}")


def _taken_words(roles: Collection[str], root: Node) -> Iterator[Problem]:
    if OUTSIDE in roles:
        told = f"{quoted(OUTSIDE)} means whoever is outside the engine: give the role another name"
        yield at(key_at(root, ("roles", OUTSIDE)), told)


def _ports(entries: Sequence[Entry]) -> Iterator[Problem]:
    """Find connections without a port, and pings with one."""
    for entry, check in _sound(entries):
        if not isinstance(check, ReachesCheck | UnreachableCheck):
            continue
        if check.protocol == "tcp" and check.port is None:
            yield at(entry.node, "this check lacks the key `port`; only `protocol: icmp`, a ping, does without")
        if check.protocol == "icmp" and check.port is not None:
            yield at(value_at(entry.node, ("port",)), "a ping has no port: remove it, or `protocol: icmp`")
        if check.protocol == "icmp" and check.source == OUTSIDE:
            yield at(value_at(entry.node, ("from",)), "from outside there are only ports to try, no pings")


def _needs(entries: Sequence[Entry]) -> Iterator[Problem]:
    ids = {entry.id for entry in entries if entry.id is not None}
    for entry, check in _sound(entries):
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
    wanted = {check.id: [need for need in check.needs if need != check.id] for _, check in _sound(entries)}
    try:
        TopologicalSorter(wanted).prepare()
    except CycleError as error:
        order = {each: index for index, each in enumerate(wanted)}
        circle: list[str] = error.args[1][::-1]
        first = min(range(len(circle) - 1), key=lambda index: order[circle[index]])
        circle = [*circle[first:-1], *circle[: first + 1]]
        shown = circle if len(circle) <= _LONGEST else [*circle[: _LONGEST - 1], "…", circle[-1]]
        entry = next(entry for entry, check in _sound(entries) if check.id == circle[0])
        told = " needs ".join(quoted(each) for each in shown)
        yield at(holding(entry.node, circle[1], ("needs",)), f"the checks wait for one another: {told}")


def _both_to_and_without(entries: Sequence[Entry]) -> Iterator[Problem]:
    for entry, check in _sound(entries):
        if isinstance(check, AttachedCheck):
            joined = set(check.to)
            for index, network in enumerate(check.without):
                if network in joined:
                    node = value_at(entry.node, ("without", index))
                    yield at(node, f"{quoted(network)} stands in `to` as well: remove it from one of the two")


def _open_and_closed(entries: Sequence[Entry]) -> Iterator[Problem]:
    edges = {
        (check.source, check.target, check.port): entry.line
        for entry, check in _sound(entries)
        if isinstance(check, ReachesCheck)
    }
    for entry, check in _sound(entries):
        if isinstance(check, UnreachableCheck):
            line = edges.get((check.source, check.target, check.port))
            if line is not None:
                told = f"the check on line {line} demands that {check.source} does reach this port"
                yield at(entry.node, f"{told} of {check.target}: remove one of the two")


def _unlike_networks(entries: Sequence[Entry]) -> Iterator[Problem]:
    said: dict[tuple[str, str], tuple[object, int]] = {}
    for entry, check in _sound(entries):
        if not isinstance(check, NetworkCheck):
            continue
        given = {"driver": check.driver, "internal": check.internal, "gateway": check.gateway}
        for word, value in given.items():
            if value is None:
                continue
            other, line = said.setdefault((check.network, word), (value, entry.line))
            if other != value:
                told = f"the check on line {line} demands another `{word}` of {quoted(check.network)}"
                yield at(value_at(entry.node, (word,)), f"{told}: no network has both")


def _addresses(entries: Sequence[Entry]) -> Iterator[Problem]:
    """Find subnets and addresses that are none, and those that lie outside of their network."""
    subnets = {
        check.network: check.subnet
        for _, check in _sound(entries)
        if isinstance(check, NetworkCheck) and check.subnet and _is_subnet(check.subnet)
    }
    for entry, check in _sound(entries):
        if isinstance(check, NetworkCheck):
            if check.subnet and not _is_subnet(check.subnet):
                found = pools.pool_of(check.subnet)
                told = f"did you mean {quoted(str(found))}?" if found else "write it as 10.20.0.0/24"
                yield at(value_at(entry.node, ("subnet",)), f"{quoted(check.subnet)} is no subnet: {told}")
            yield from _stray(entry, ("gateway",), check.gateway, check.subnet if check.network in subnets else None)
        if isinstance(check, SandboxCheck):
            for network, address in check.addresses.items():
                yield from _stray(entry, ("addresses", network), address, subnets.get(network))


def _is_subnet(text: str) -> bool:
    return "/" in text and str(pools.pool_of(text)) == text


def _stray(entry: Entry, path: tuple[str, ...], address: str | None, subnet: str | None) -> Iterator[Problem]:
    if address is None:
        return
    if "/" in address or pools.address_of(address) is None:
        yield at(value_at(entry.node, path), f"{quoted(address)} is no address: write it as 10.20.0.5")
    elif subnet and not pools.is_within(address, [pool for pool in [pools.pool_of(subnet)] if pool]):
        yield at(value_at(entry.node, path), f"{quoted(address)} does not lie in the subnet {subnet}")


def _bare_sandboxes(entries: Sequence[Entry]) -> Iterator[Problem]:
    for entry, check in _sound(entries):
        if not isinstance(check, SandboxCheck):
            continue
        if not check.demands():
            yield at(entry.node, "this check demands nothing of the sandbox: give it one of its keys")
        if check.shared_with == check.role:
            yield at(value_at(entry.node, ("shared_with",)), f"{check.role} always lives in its own sandbox")


def _twins(entries: Sequence[Entry]) -> Iterator[Problem]:
    """Find checks that judge the same, whatever they are called and worth: one fault would cost twice."""
    lines: dict[str, int] = {}
    for entry, check in _sound(entries):
        own = check.model_dump(mode="json", exclude=set(Check.model_fields))
        line = lines.setdefault(f"{check.kind} {json.dumps(own, sort_keys=True)}", entry.line)
        if line != entry.line:
            yield at(entry.node, f"this check judges the same as the one on line {line}: remove one of the two")
