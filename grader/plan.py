"""Which containers are worth a look, and what to ask in each sandbox.

Roles are decided after probing, so every candidate is asked everything that any role may need:
another `--role`, or a rubric with a corrected port or name, is then judged without the engine.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from grader.judging import imageref, netnames, requests, sandboxes
from grader.judging.names import own_names
from grader.models.evidence import Evidence
from grader.models.probe import HOST, Connect, Echo, Lookup, Question
from grader.models.snapshot import Binding, Container, Listed, Network, Snapshot, is_called
from grader.rubric.model import Role, Rubric

_FEW = 8
"""Where no more containers exist than these, all are candidates."""
_PER_ROLE = 8
_LOOPBACK = "127.0.0.1"

ProbePlan = dict[str, tuple[Question, ...]]
"""What to ask, by source."""


@dataclass(frozen=True, slots=True)
class _Peer:
    """Somebody whom the sandboxes of an engine may meet; one on the engine's own stack has the engine's addresses."""

    container: Container
    addresses: tuple[str, ...]
    on_host: bool = False

    @property
    def ports(self) -> set[int]:
        """The TCP ports that it exposes or was to publish."""
        exposed = {port.number for port in self.container.exposed if port.protocol == "tcp"}
        return exposed | {binding.port for binding in self.container.requested if binding.protocol == "tcp"}


@dataclass(frozen=True, slots=True)
class Choice:
    """The containers to inspect, and how many plausible ones the bound left out."""

    ids: tuple[str, ...]
    left_out: int = 0


def choose(rubric: Rubric, listed: Sequence[Listed], networks: Sequence[Network], wishes: Mapping[str, str]) -> Choice:
    """Return the containers of a listing that some sign makes plausible for some role.

    A role without any sign anywhere gets the youngest running containers.
    """
    youngest = sorted(listed, key=lambda each: (each.state != "running", -each.created_at, each.id))
    if len(youngest) <= _FEW:
        return Choice(tuple(each.id for each in youngest))
    matches = netnames.match_all(rubric.wants.networks, networks)
    called = {match.network.name: wanted for wanted, match in matches.items() if match.network}
    chosen: dict[str, None] = {}
    left_out: set[str] = set()
    for name, role in rubric.roles.items():
        ranks = {each.id: _plausible(rubric, called, wishes, name, role, each) for each in youngest}
        plausible = sorted((each for each in youngest if ranks[each.id]), key=lambda each: -ranks[each.id])
        telling = any(rank > 1 for rank in ranks.values())
        picked = plausible if telling else [*plausible, *(each for each in youngest if not ranks[each.id])]
        chosen |= dict.fromkeys(each.id for each in picked[:_PER_ROLE])
        left_out |= {each.id for each in plausible[_PER_ROLE:]}
    return Choice(tuple(chosen), len(left_out - set(chosen)))


def _plausible(
    rubric: Rubric, called: Mapping[str, str], wishes: Mapping[str, str], name: str, role: Role, each: Listed
) -> int:
    """Return 0 for no sign, 1 for a network of the rubric's, more for what tells of this very role."""
    named = is_called(each, wishes.get(name, "")) or each.labels.get("grade.role") == name
    joined = {called[network] for network in each.networks if network in called}
    own = rubric.wants.networks_of(name)
    signs = (
        role.image is not None and imageref.parse(each.image).satisfies(imageref.parse(role.image)),
        role.listens in each.ports,
        each.labels.get("com.docker.compose.service") == name,
        bool(
            {name, role.called, *rubric.wants.names_of(name)} & {each.name, *re.split(r"[^a-z0-9]+", each.name.lower())}
        ),
        len(own) > 1 and own.issubset(joined),
        any((name, network) in rubric.wants.modes for network in each.networks),
    )
    # Who else lives on the host's network, or has its port, may be taken for the role from outside.
    rival = name in rubric.wants.outside and (HOST in each.networks or bool(rubric.wants.ports & {*each.host_ports}))
    return 100 * named + 2 * sum(signs) + (bool(joined) or rival)


def plan(rubric: Rubric, snapshots: Mapping[str, Snapshot]) -> dict[str, ProbePlan]:
    """Return what to ask on each engine, by source and without repetition; a shared sandbox is asked once."""
    return {
        host: _plan(rubric, snapshot, [*_near(snapshot), *_far(host, snapshots)])
        for host, snapshot in snapshots.items()
    }


def unasked(rubric: Rubric, evidence: Evidence) -> int:
    """Return how many questions the rubric would ask that the evidence does not answer."""
    missing = 0
    plans = plan(rubric, {name: host.snapshot for name, host in evidence.hosts.items()})
    for name, host in evidence.hosts.items():
        answered = {seen.source: {asked.question for asked in seen.asked} for seen in host.observations}
        for source, questions in plans[name].items():
            missing += len(set(questions) - answered.get(source, set()))
    return missing


def _plan(rubric: Rubric, snapshot: Snapshot, peers: Sequence[_Peer]) -> ProbePlan:
    asks_host = rubric.wants.outside or "ipv6" in rubric.requires
    sources: dict[str, list[Container]] = {HOST: []} if asks_host else {}
    for container in _running(snapshot):
        sources.setdefault(sandboxes.source_of(container, snapshot.containers), []).append(container)
    return {
        source: tuple(dict.fromkeys(_questions(rubric, snapshot, peers, source, residents)))
        for source, residents in sorted(sources.items())
    }


def _running(snapshot: Snapshot) -> list[Container]:
    return [container for container in snapshot.containers if container.state == "running"]


def _near(snapshot: Snapshot) -> Iterator[_Peer]:
    """Yield who may be met on the same engine: one that is paused lends its addresses to who shares its sandbox."""
    running, containers = _running(snapshot), snapshot.containers
    owners = {owner.id for container in running if (owner := sandboxes.owner_of(container, containers))}
    for container in containers:
        if container.state == "running" or container.id in owners:
            on_host = sandboxes.source_of(container, containers) == HOST
            yield _Peer(container, sandboxes.engine_addresses(snapshot) if on_host else container.addresses, on_host)


def _far(host: str, snapshots: Mapping[str, Snapshot]) -> Iterator[_Peer]:
    """Yield who may be met on other engines: their addresses on a swarm's networks."""
    for other, snapshot in snapshots.items():
        if other == host:
            continue
        reaching = {network.name for network in snapshot.networks if network.scope == "swarm"}
        for container in _running(snapshot):
            endpoints = (each for each in container.endpoints if each.network in reaching)
            if addresses := tuple(address for each in endpoints for address in each.addresses):
                yield _Peer(container, addresses)


def _questions(
    rubric: Rubric, snapshot: Snapshot, peers: Sequence[_Peer], source: str, residents: Sequence[Container]
) -> Iterator[Question]:
    endpoints = sandboxes.endpoints_of(residents[0], snapshot.containers) if source != HOST else ()
    own = [address for endpoint in endpoints for address in endpoint.addresses]
    gateways = sandboxes.gateways_of(endpoints, snapshot)
    if source == HOST:
        own, gateways = list(sandboxes.engine_addresses(snapshot)), sandboxes.front_addresses(snapshot)
    yield from _names(rubric, snapshot, peers, residents)
    yield from (Connect(address=gateway, port=requests.CONTROL_PORT) for gateway in gateways)
    yield from _connections(rubric, peers, own, residents, gateways)
    yield from _echoes(rubric, peers, own)
    yield from _pages(rubric, peers, source, gateways, own)
    yield from _knocks(peers, source, gateways, own)


def _names(
    rubric: Rubric, snapshot: Snapshot, peers: Sequence[_Peer], residents: Sequence[Container]
) -> Iterator[Question]:
    """Ask the rubric's names, and as a control those of the residents, which their resolver has to know."""
    owners = (sandboxes.owner_of(container, snapshot.containers) for container in residents)
    names = {container.name for container in (*residents, *owners) if container}
    if rubric.wants.own_names:
        names |= {name for peer in peers for name in own_names(peer.container)}
    yield from (Lookup(name=name) for name in sorted({*names, *(w.name for w in rubric.wants.names)}))


def _connections(
    rubric: Rubric,
    peers: Sequence[_Peer],
    own: Sequence[str],
    residents: Sequence[Container],
    gateways: Sequence[str],
) -> Iterator[Question]:
    for peer in peers:
        addresses = (*gateways, *peer.addresses) if peer.on_host else peer.addresses
        ports = sorted(rubric.wants.ports | peer.ports)
        yield from (Connect(address=address, port=port) for address in addresses for port in ports)
    ports = sorted(rubric.wants.ports | {port for each in residents for port in _Peer(each, ()).ports})
    yield from (Connect(address=address, port=port) for address in (_LOOPBACK, *own) for port in ports)


def _echoes(rubric: Rubric, peers: Sequence[_Peer], own: Sequence[str]) -> Iterator[Question]:
    if rubric.wants.pings:
        yield from (Echo(address=address) for address in (*own, *(a for peer in peers for a in peer.addresses)))


def _pages(
    rubric: Rubric, peers: Sequence[_Peer], source: str, gateways: Sequence[str], own: Sequence[str]
) -> Iterator[Question]:
    for page in sorted(rubric.wants.requests, key=lambda each: (each.port, each.path)):
        others = [address for peer in peers for address in peer.addresses] if page.by_others else []
        yield from (requests.http_get(address, page.port, page.path) for address in (*own, *others))
        if source == HOST:
            yield from (
                requests.http_get(address, binding.host_port or 0, page.path)
                for peer in peers
                for binding in _published(peer.container)
                if binding.port == page.port
                for address in sandboxes.ways_in(binding, gateways, on_host=True)
            )


def _knocks(peers: Sequence[_Peer], source: str, gateways: Sequence[str], own: Sequence[str]) -> Iterator[Question]:
    """Knock at every published port, and at the same services in their own sandboxes to hear how they speak."""
    for peer in peers:
        for binding in _published(peer.container):
            yield from (
                requests.knock(address, binding.host_port or 0, binding.port)
                for address in sandboxes.ways_in(binding, gateways, on_host=source == HOST)
            )
            if set(peer.addresses) & set(own):
                yield from (requests.knock(address, binding.port, binding.port) for address in peer.addresses)


def _published(container: Container) -> Iterator[Binding]:
    """Yield the TCP ports that are really open on the host."""
    return (each for each in container.published if each.protocol == "tcp" and each.host_port)
