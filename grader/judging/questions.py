"""What is worth asking in each sandbox, whoever plays which role."""

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace

from grader.judging import requests, sandboxes
from grader.judging.names import own_names
from grader.judging.wants import Wants
from grader.models.probe import HOST, Connect, Echo, Lookup, Question
from grader.models.snapshot import Binding, Container, Snapshot

_LOOPBACK = "127.0.0.1"
_PORTS_EACH = 32
"""How many ports that no rubric names are tried of one container: a range of thousands would drown all the rest."""

ProbePlan = dict[str, tuple[Question, ...]]
"""What to ask, by source."""


@dataclass(frozen=True, slots=True)
class _Peer:
    """Somebody whom the sandboxes of an engine may meet; one on the engine's own stack has the engine's addresses."""

    container: Container
    addresses: tuple[str, ...]
    on_host: bool = False

    def ports(self, wanted: Set[int]) -> list[int]:
        """Return the rubric's TCP ports, and those that it was to publish or exposes, as far as they are few."""
        bound = {binding.port for binding in self.container.requested if binding.protocol == "tcp"} - wanted
        exposed = {port.number for port in self.container.exposed if port.protocol == "tcp"} - wanted - bound
        return sorted({*wanted, *[*sorted(bound), *sorted(exposed)][:_PORTS_EACH]})

    def published(self, wanted: Set[int]) -> list[Binding]:
        """Return the TCP ports that are really open on the host: the rubric's, and others as far as they are few."""
        found = [each for each in self.container.published if each.protocol == "tcp" and each.host_port]
        few = set(sorted({each.port for each in found} - wanted)[:_PORTS_EACH])
        return [each for each in found if each.port in wanted or each.port in few]


def questions(
    wants: Wants, snapshots: Mapping[str, Snapshot], *, host_too: bool = False, every_name: bool = False
) -> dict[str, ProbePlan]:
    """Return what to ask on each engine, by source and without repetition; a shared sandbox is asked once.

    The engine's own stack is a source where a container uses it, or somebody wants to look from there. Sources that
    will wait longest for answers come first. With `every_name`, the names that learners gave their containers are
    asked for too, which a corrected rubric may want, and the gateways are pinged, which no verdict needs as a rule.
    """
    if every_name:
        wants = replace(wants, own_names=wants.own_names | {"*"})
    host_too = host_too or bool(wants.outside)
    plans = {
        host: _plan(wants, snapshot, [*_near(snapshot), *_far(host, snapshots)], host_too)
        for host, snapshot in snapshots.items()
    }
    return {host: _pinged(plan) for host, plan in plans.items()} if every_name else plans


def _pinged(plan: ProbePlan) -> ProbePlan:
    """Return a plan with a second control: a host's firewall may drop what nobody listens for, and let pings in."""
    return {source: asked if source == HOST else (*asked, *_pings(asked)) for source, asked in plan.items()}


def _pings(asked: Sequence[Question]) -> Iterator[Question]:
    controls = (each for each in asked if isinstance(each, Connect) and each.port == requests.CONTROL_PORT)
    pings = (Echo(address=control.address) for control in controls)
    yield from (ping for ping in dict.fromkeys(pings) if ping not in asked)


def _plan(wants: Wants, snapshot: Snapshot, peers: Sequence[_Peer], host_too: bool) -> ProbePlan:
    sources: dict[str, list[Container]] = {HOST: []} if host_too else {}
    for container in _running(snapshot):
        sources.setdefault(sandboxes.source_of(container, snapshot.containers), []).append(container)
    patient_first = sorted(sources, key=lambda source: (-_strangers(snapshot, peers, sources[source]), source))
    return {
        source: tuple(dict.fromkeys(_questions(wants, snapshot, peers, source, sources[source])))
        for source in patient_first
    }


def _strangers(snapshot: Snapshot, peers: Sequence[_Peer], residents: Sequence[Container]) -> int:
    """Return how many peers share no network with a sandbox: they will be silent, and silence takes longest."""
    endpoints = sandboxes.endpoints_of(residents[0], snapshot.containers) if residents else ()
    joined = {endpoint.network for endpoint in endpoints}
    if not joined:
        return 0
    afar = [peer.container for peer in peers if peer.addresses and not peer.on_host]
    return sum(joined.isdisjoint(each.network for each in container.endpoints) for container in afar)


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
    wants: Wants, snapshot: Snapshot, peers: Sequence[_Peer], source: str, residents: Sequence[Container]
) -> Iterator[Question]:
    endpoints = sandboxes.endpoints_of(residents[0], snapshot.containers) if source != HOST else ()
    own = [address for endpoint in endpoints for address in endpoint.addresses]
    gateways = sandboxes.gateways_of(endpoints, snapshot)
    if source == HOST:
        own, gateways = list(sandboxes.engine_addresses(snapshot)), sandboxes.front_addresses(snapshot)
    yield from _names(wants, snapshot, peers, residents)
    yield from (Connect(address=gateway, port=requests.CONTROL_PORT) for gateway in gateways)
    yield from _connections(wants, peers, own, residents, gateways)
    yield from _echoes(wants, peers, own)
    yield from _pages(wants, peers, source, gateways, own)
    yield from _knocks(wants, peers, source, gateways, own)
    if source == HOST:
        yield from _introductions(wants, peers)


def _names(
    wants: Wants, snapshot: Snapshot, peers: Sequence[_Peer], residents: Sequence[Container]
) -> Iterator[Question]:
    """Ask the rubric's names, and as a control those of the residents, which their resolver has to know.

    A container that Docker has named itself answers to its short id alone (20.10).
    """
    owners = (sandboxes.owner_of(container, snapshot.containers) for container in residents)
    names = {name for container in (*residents, *owners) if container for name in (container.name, container.short_id)}
    if wants.own_names:
        names |= {name for peer in peers for name in own_names(peer.container)}
    yield from (Lookup(name=name) for name in sorted({*names, *(w.name for w in wants.names)}))


def _connections(
    wants: Wants,
    peers: Sequence[_Peer],
    own: Sequence[str],
    residents: Sequence[Container],
    gateways: Sequence[str],
) -> Iterator[Question]:
    for peer in peers:
        addresses = (*gateways, *peer.addresses) if peer.on_host else peer.addresses
        ports = peer.ports(wants.ports)
        yield from (Connect(address=address, port=port) for address in addresses for port in ports)
    ports = sorted({*wants.ports, *(port for each in residents for port in _Peer(each, ()).ports(wants.ports))})
    yield from (Connect(address=address, port=port) for address in (_LOOPBACK, *own) for port in ports)


def _echoes(wants: Wants, peers: Sequence[_Peer], own: Sequence[str]) -> Iterator[Question]:
    if wants.pings:
        yield from (Echo(address=address) for address in (*own, *(a for peer in peers for a in peer.addresses)))


def _pages(
    wants: Wants, peers: Sequence[_Peer], source: str, gateways: Sequence[str], own: Sequence[str]
) -> Iterator[Question]:
    for page in sorted(wants.requests, key=lambda each: (each.port, each.path)):
        others = [address for peer in peers for address in peer.addresses] if page.by_others else []
        yield from (requests.http_get(address, page.port, page.path) for address in (*own, *others))
        if source == HOST:
            yield from (
                requests.http_get(address, binding.host_port or 0, page.path)
                for peer in peers
                for binding in peer.published(wants.ports)
                if binding.port == page.port
                for address in sandboxes.ways_in(binding, gateways, on_host=True)
            )


def _knocks(
    wants: Wants, peers: Sequence[_Peer], source: str, gateways: Sequence[str], own: Sequence[str]
) -> Iterator[Question]:
    """Knock at every published port, and at the same services in their own sandboxes to hear how they speak."""
    for peer in peers:
        for binding in peer.published(wants.ports):
            yield from (
                requests.knock(address, binding.host_port or 0, binding.port)
                for address in sandboxes.ways_in(binding, gateways, on_host=source == HOST)
            )
            if set(peer.addresses) & set(own):
                yield from (requests.knock(address, binding.port, binding.port) for address in peer.addresses)


def _introductions(wants: Wants, peers: Sequence[_Peer]) -> Iterator[Question]:
    """Ask who speaks on the host and who in the containers, where somebody on the host may pass on to them."""
    if any(peer.on_host for peer in peers):
        addresses = dict.fromkeys(address for peer in peers for address in peer.addresses)
        ports = [port for port in sorted(wants.ports) if requests.has_identity(port)]
        yield from (requests.introduction(address, port) for address in addresses for port in ports)
