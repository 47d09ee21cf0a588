"""What one check demands, where its keys are right by themselves and make no sense together."""

from collections.abc import Iterator, Sequence

from grader import queries
from grader.checks.dns import DnsCheck
from grader.checks.jmespath import JmespathCheck
from grader.checks.network import NetworkCheck
from grader.checks.publishes import PublishesCheck
from grader.checks.reaches import ReachesCheck
from grader.checks.sandbox import SandboxCheck
from grader.checks.unreachable import UnreachableCheck
from grader.judging import pools
from grader.judging.ladders import OTHERWISE
from grader.judging.outside import OUTSIDE
from grader.rubric.positions import key_at, value_at
from grader.rubric.problems import Problem, at
from grader.rubric.shape import Entry, flat, sound
from grader.rubric.suggest import hint, listed, quoted


def senseless(entries: Sequence[Entry]) -> Iterator[Problem]:
    """Return what makes no sense in a check by itself."""
    everything = list(flat(entries))
    yield from _ports(everything)
    yield from _publishing(everything)
    yield from _void(entries)
    yield from _empty_dns(everything)
    yield from _addresses(everything)
    yield from _bare_sandboxes(everything)
    yield from _queries(everything)
    yield from _states(everything)


def _ports(entries: Sequence[Entry]) -> Iterator[Problem]:
    """Find connections without a port, and pings with one."""
    for entry, check in sound(entries):
        if not isinstance(check, ReachesCheck | UnreachableCheck):
            continue
        if check.protocol == "tcp" and check.port is None:
            yield at(entry.node, "this check lacks the key `port`; only `protocol: icmp`, a ping, does without")
        if check.protocol == "icmp" and check.port is not None:
            yield at(value_at(entry.node, ("port",)), "a ping has no port: remove it, or `protocol: icmp`")
        if check.protocol == "icmp" and check.source == OUTSIDE:
            yield at(value_at(entry.node, ("from",)), "from outside there are only ports to try, no pings")


def _publishing(entries: Sequence[Entry]) -> Iterator[Problem]:
    for entry, check in sound(entries):
        if not isinstance(check, PublishesCheck):
            continue
        if check.random and check.host_port:
            told = "a port that Docker chooses has no number: remove `random` or `host_port`"
            yield at(value_at(entry.node, ("random",)), told)
        if check.address == "nowhere" and (check.random or check.host_port):
            other = "host_port" if check.host_port else "random"
            told = f"what is published nowhere has no port on the host: remove `address` or `{other}`"
            yield at(value_at(entry.node, ("address",)), told)


def _empty_dns(entries: Sequence[Entry]) -> Iterator[Problem]:
    """Find checks of name services that demand nothing, or that a role does not know itself."""
    for entry, check in sound(entries):
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
        for _, check in sound(entries)
        if isinstance(check, NetworkCheck) and check.subnet and _is_subnet(check.subnet)
    }
    for entry, check in sound(entries):
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
    for entry, check in sound(entries):
        if not isinstance(check, SandboxCheck):
            continue
        if not check.demands():
            yield at(entry.node, "this check demands nothing of the sandbox: give it one of its keys")
        if check.shared_with == check.role:
            yield at(value_at(entry.node, ("shared_with",)), f"{check.role} always lives in its own sandbox")


def _queries(entries: Sequence[Entry]) -> Iterator[Problem]:
    for entry, check in sound(entries):
        if isinstance(check, JmespathCheck):
            try:
                queries.checked(check.query)
            except queries.BadQuery as bad:
                yield at(value_at(entry.node, ("query",)), f"`query` is no JMESPath: {bad}")


def _states(entries: Sequence[Entry]) -> Iterator[Problem]:
    """Find hints for states that a check cannot be in."""
    for entry, check in sound(entries):
        known = [*check.may_be_in(), OTHERWISE]
        for index, each in enumerate(check.hints):
            for word in each:
                if word not in known:
                    told = f"a check of the kind {quoted(check.kind)} is never in the state {quoted(word)}"
                    others = f"its states are {listed(known, most=None)}"
                    yield at(key_at(entry.node, ("hints", index, word)), f"{told}: {hint(word, known, others)}")


def _void(entries: Sequence[Entry]) -> Iterator[Problem]:
    """Yield checks that are void and do not say why, and checks that say why and are not."""
    for entry, check in sound(entries):
        if check.void and not check.reason.strip():
            told = "a check that is void needs a `reason`, which learners will read"
            yield at(value_at(entry.node, ("void",)), told)
        if check.reason and not check.void:
            yield at(value_at(entry.node, ("reason",)), "only a check that is void has a `reason`: void: full or drop")
