"""What no single key tells: whether the parts of a rubric fit together."""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from graphlib import CycleError, TopologicalSorter

from yaml import Node

from grader import queries
from grader.checks.all_of import AllOfCheck
from grader.checks.any_of import AnyOfCheck
from grader.checks.attached import AttachedCheck
from grader.checks.base import Check
from grader.checks.dns import DnsCheck
from grader.checks.isolated import IsolatedCheck
from grader.checks.jmespath import JmespathCheck
from grader.checks.network import NetworkCheck
from grader.checks.publishes import PublishesCheck
from grader.checks.reaches import ReachesCheck
from grader.checks.resolves import ResolvesCheck
from grader.checks.sandbox import SandboxCheck
from grader.checks.swarm import SwarmCheck
from grader.checks.unreachable import UnreachableCheck
from grader.judging import pools
from grader.judging.ladders import OTHERWISE
from grader.judging.outside import OUTSIDE
from grader.rubric.matrices import AnEdge, crooked, edges_of
from grader.rubric.model import Role
from grader.rubric.positions import holding, key_at, value_at
from grader.rubric.problems import Problem, at
from grader.rubric.shape import Entry, flat
from grader.rubric.suggest import hint, listed, quoted

_LONGEST = 10
"""Checks of a circle that are named."""


def misfits(entries: Sequence[Entry], roles: Collection[str], root: Node) -> Iterator[Problem]:
    """Return what does not fit together; entries whose own keys are wrong take part as far as they can."""
    everything = list(flat(entries))
    yield from _repeated_ids(entries)
    yield from _taken_words(roles, root)
    yield from _unknown_roles(everything, roles)
    yield from _ports(everything)
    yield from _publishing(everything)
    yield from _needs(entries)
    yield from _circle(entries)
    yield from _both_to_and_without(everything)
    yield from _empty_dns(everything)
    yield from _void(entries)
    yield from _addresses(everything)
    yield from _bare_sandboxes(everything)
    yield from crooked(everything, roles)
    yield from _queries(everything)
    yield from _states(everything)
    for together in _demanded_together(entries):
        yield from _open_and_closed(together)
        yield from _unlike_networks(together)
        yield from _one_name_for_all(together)
        yield from _twins(together)
    for choice in (entry.inner for entry in everything if isinstance(entry.check, AnyOfCheck)):
        yield from _twins(choice)
    if entries and not any(entry.check is None or entry.check.points for entry in entries):
        yield at(key_at(root, ("checks",)), "no check has any points, so there is nothing to grade")


def _void(entries: Sequence[Entry]) -> Iterator[Problem]:
    """Yield checks that are void and do not say why, and checks that say why and are not."""
    for entry, check in _sound(entries):
        if check.void and not check.reason.strip():
            told = "a check that is void needs a `reason`, which learners will read"
            yield at(value_at(entry.node, ("void",)), told)
        if check.reason and not check.void:
            yield at(value_at(entry.node, ("reason",)), "only a check that is void has a `reason`: void: full or drop")


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
    for entry, check in _sound([each for each in entries if not each.inner]):
        for role in dict.fromkeys(check.roles()):
            if role not in roles:
                node = holding(entry.node, role, ("role", "from", "to", "strangers", "shared_with"), otherwise="query")
                known = f"the roles are {listed(roles)}" if roles else "declare it under `roles:`"
                yield at(node, f"there is no role {quoted(role)}: {hint(role, roles, known)}")


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
    for entry, check in _sound(list(flat(entries))):
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


def _publishing(entries: Sequence[Entry]) -> Iterator[Problem]:
    for entry, check in _sound(entries):
        if not isinstance(check, PublishesCheck):
            continue
        if check.random and check.host_port:
            told = "a port that Docker chooses has no number: remove `random` or `host_port`"
            yield at(value_at(entry.node, ("random",)), told)
        if check.address == "nowhere" and (check.random or check.host_port):
            other = "host_port" if check.host_port else "random"
            told = f"what is published nowhere has no port on the host: remove `address` or `{other}`"
            yield at(value_at(entry.node, ("address",)), told)


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


def _queries(entries: Sequence[Entry]) -> Iterator[Problem]:
    for entry, check in _sound(entries):
        if isinstance(check, JmespathCheck):
            try:
                queries.checked(check.query)
            except queries.BadQuery as bad:
                yield at(value_at(entry.node, ("query",)), f"`query` is no JMESPath: {bad}")


def _states(entries: Sequence[Entry]) -> Iterator[Problem]:
    """Find hints for states that a check cannot be in."""
    for entry, check in _sound(entries):
        known = [*check.may_be_in(), OTHERWISE]
        for index, each in enumerate(check.hints):
            for word in each:
                if word not in known:
                    told = f"a check of the kind {quoted(check.kind)} is never in the state {quoted(word)}"
                    others = f"its states are {listed(known, most=None)}"
                    yield at(key_at(entry.node, ("hints", index, word)), f"{told}: {hint(word, known, others)}")


def _both_to_and_without(entries: Sequence[Entry]) -> Iterator[Problem]:
    for entry, check in _sound(entries):
        if isinstance(check, AttachedCheck):
            joined = set(check.to)
            for index, network in enumerate(check.without):
                if network in joined:
                    node = value_at(entry.node, ("without", index))
                    yield at(node, f"{quoted(network)} stands in `to` as well: remove it from one of the two")


def _open_and_closed(entries: Sequence[Entry]) -> Iterator[Problem]:
    edges: dict[AnEdge, int] = {}
    for entry, check in _sound(entries):
        for edge in edges_of(check, are_open=True):
            edges.setdefault(edge, entry.line)
    for entry, check in _sound(entries):
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
    for entry, check in _sound(entries):
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
    for entry, check in _sound(entries):
        if not isinstance(check, ResolvesCheck):
            continue
        if len(set(check.targets)) < len(check.targets):
            yield at(value_at(entry.node, ("to",)), "a role stands here twice: remove it once")
        others, line = said.setdefault((check.source, check.name), (set(check.targets), entry.line))
        if others != set(check.targets):
            told = f"the check on line {line} demands that {quoted(check.name)} leads {check.source} elsewhere"
            yield at(value_at(entry.node, ("to",)), f"{told}: put the roles that share the name into one list")


def _empty_dns(entries: Sequence[Entry]) -> Iterator[Problem]:
    """Find checks of name services that demand nothing, or that a role does not know itself."""
    for entry, check in _sound(entries):
        if not isinstance(check, DnsCheck):
            continue
        if not any((check.resolver, check.servers, check.search, check.hosts, check.strangers)):
            keys = listed(("resolver", "servers", "search", "hosts", "strangers"))
            yield at(entry.node, f"this check demands nothing: give it one of {keys}")
        if check.role in check.strangers:
            node = value_at(entry.node, ("strangers", check.strangers.index(check.role)))
            yield at(node, f"{quoted(check.role)} cannot be a stranger to itself")


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
