"""What the sandboxes of a sketch report.

The reachability in here is the plain rule of Docker's networks (one network in common, `icc` on, somebody
listening), not a copy of how checks judge.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.judging import requests, sandboxes
from grader.judging.names import own_names
from grader.models.probe import (
    HOST,
    Answer,
    Asked,
    Connect,
    Echo,
    Exchange,
    Exchanged,
    Found,
    HostsEntry,
    Interface,
    Listener,
    Lookup,
    Observation,
    Question,
    Reach,
    Reached,
    Route,
    Sandbox,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from grader.judging.sketch import Place
    from grader.judging.wants import Wants
    from grader.models.snapshot import Container, Snapshot

HOSTS_RESOLVER = "192.0.2.53"
"""The server that the engine's own resolv.conf names."""
_LOOPBACK = "127.0.0.1"


def observations(places: Sequence[Place], snapshot: Snapshot, wants: Wants) -> tuple[Observation, ...]:
    """Return what a sidecar in each sandbox of the sketch reports."""
    return tuple(_World(places, snapshot, wants).observed())


class _World:
    """A sketch come to life."""

    def __init__(self, places: Sequence[Place], snapshot: Snapshot, wants: Wants) -> None:
        self.pairs = list(zip(places, snapshot.containers, strict=True))
        self.snapshot = snapshot
        self.wants = wants

    def observed(self) -> Iterator[Observation]:
        if self.wants.outside or any(place.mode == HOST for place, _ in self.pairs):
            questions = dict.fromkeys(self._host_questions())
            asked = tuple(Asked(question=each, answer=self._for_host(each)) for each in questions)
            yield Observation(source=HOST, sandbox=Sandbox(), asked=asked)
        for place, container in self.pairs:
            if place.state != "running" or self._source(container) != container.id:
                continue
            if place.blind:
                yield Observation(source=container.id, sandbox=None, fault="the sidecar did not start")
                continue
            answers = (
                Asked(question=each, answer=self._answer(place, container, each))
                for each in dict.fromkeys(self._questions(container))
            )
            yield Observation(source=container.id, sandbox=self._sandbox(place, container), asked=tuple(answers))

    def _source(self, container: Container) -> str:
        return sandboxes.source_of(container, self.snapshot.containers)

    def _residents(self, source: str) -> list[Place]:
        return [place for place, each in self.pairs if place.state == "running" and self._source(each) == source]

    # --- what is asked

    def _questions(self, source: Container) -> Iterator[Question]:
        names = {source.name, *(wanted.name for wanted in self.wants.names)}
        if self.wants.own_names:
            names |= {name for _, each in self.pairs for name in own_names(each)}
        yield from (Lookup(name=name) for name in sorted(names))
        for address in self._addresses():
            yield from self._at(address)
        yield from (Connect(address=_LOOPBACK, port=port) for port in sorted(self.wants.ports))
        for gateway in (endpoint.gateway for endpoint in source.endpoints if endpoint.gateway):
            yield Connect(address=gateway, port=requests.CONTROL_PORT)
            yield from (requests.knock(gateway, port, service) for port, service in self._bound())

    def _host_questions(self) -> Iterator[Question]:
        for address in sandboxes.engine_addresses(self.snapshot):
            yield Connect(address=address, port=requests.CONTROL_PORT)
            yield from self._at(address)
            for port, service in self._bound():
                yield requests.knock(address, port, service)
                yield from (requests.http_get(address, port, page.path) for page in self.wants.requests)

    def _at(self, address: str) -> Iterator[Question]:
        yield Echo(address=address)
        yield from (Connect(address=address, port=port) for port in sorted(self.wants.ports))
        yield from (requests.knock(address, port, port) for port in sorted(self.wants.ports))
        yield from (requests.http_get(address, page.port, page.path) for page in self.wants.requests)

    def _addresses(self) -> list[str]:
        return [address for _, container in self.pairs for address in container.addresses]

    def _bound(self) -> list[tuple[int, int]]:
        return [(b.host_port, b.port) for _, container in self.pairs for b in container.published if b.host_port]

    # --- what is answered

    def _answer(self, place: Place, source: Container, question: Question) -> Answer:
        match question:
            case Connect(address=address, port=port):
                return Reached(state=self._reach(place, source, address, port))
            case Echo(address=address):
                return Reached(ask="icmp", state=self._ping(place, source, address))
            case Lookup(name=name):
                return self._lookup(source, name)
            case Exchange(address=address, port=port):
                return self._exchanged(self._reach(place, source, address, port), address, port)

    def _for_host(self, question: Question) -> Answer:
        match question:
            case Connect(port=port):
                listening = any(_accepts(place, "", port) for place in self._residents(HOST))
                return Reached(state="open" if listening or self._binding_at(port) else "refused")
            case Exchange(address=address, port=port):
                return self._exchanged("open" if self._binding_at(port) else "refused", address, port)
            case _:
                return Reached(ask="icmp", state="not-observed")

    def _binding_at(self, host_port: int) -> bool:
        bindings = (binding for _, each in self.pairs for binding in each.published)
        return any(binding.host_port == host_port and binding.wildcard for binding in bindings)

    def _exchanged(self, state: Reach, address: str, port: int) -> Exchanged:
        if state != "open":
            return Exchanged(state=state)
        return Exchanged(state="open", ending="eof", response=self._words(address, port).hex())

    def _reach(self, place: Place, source: Container, address: str, port: int) -> Reach:
        own = (*source.addresses, _LOOPBACK)
        if place.deaf and address not in own:
            return "timeout"
        if address in own:
            near = [address, "0.0.0.0"]  # noqa: S104 - compared, never bound
            mine = self._residents(source.id)
            return "open" if any(f"{where}:{port}" in each.listens for where in near for each in mine) else "refused"
        if address in {endpoint.gateway for endpoint in source.endpoints}:
            return "open" if self._binding_at(port) else "refused"
        met = self._met(source, address)
        if met is None:
            return "timeout"
        return "open" if any(_accepts(each, address, port) for each in self._residents(met.id)) else "refused"

    def _ping(self, place: Place, source: Container, address: str) -> Reach:
        if place.pingless:
            return "not-observed"
        return "open" if address in source.addresses or self._met(source, address) else "timeout"

    def _met(self, source: Container, address: str) -> Container | None:
        """Return whose address it is, if the source shares the network and may talk there."""
        mine = {endpoint.network for endpoint in source.endpoints}
        talking = {net.name for net in self.snapshot.networks if net.inter_container}
        for _, container in self.pairs:
            for endpoint in container.endpoints:
                if endpoint.ipv4 == address and endpoint.network in mine & talking:
                    return container
        return None

    def _words(self, address: str, port: int) -> bytes:
        """Return what whoever stands behind an address says; behind a gateway, whoever is published there."""
        for place, container in self.pairs:
            published = any(binding.host_port == port for binding in container.published)
            if address in container.addresses or (published and address in self._gateways()):
                return f"HTTP/1.1 {place.http} X\r\n\r\n".encode() if place.http else b"?"
        return b"?"

    def _gateways(self) -> tuple[str, ...]:
        return sandboxes.engine_addresses(self.snapshot)

    def _lookup(self, source: Container, name: str) -> Found:
        mine = {endpoint.network for endpoint in source.endpoints} - {"bridge"}
        found = tuple(
            endpoint.ipv4
            for _, container in self.pairs
            for endpoint in container.endpoints
            if endpoint.network in mine
            and endpoint.ipv4
            and name in (container.name, container.hostname, container.id[:12], *endpoint.aliases)
        )
        state = "answered" if found else "nxdomain"
        return Found.model_validate({"ipv4": state, "ipv6": state, "addresses": found})

    # --- what the sandbox looks like

    def _routes(self, container: Container) -> Iterator[Route]:
        """Yield a route for each network, and the default through the first by name that is not internal."""
        routed = sorted(net.name for net in self.snapshot.networks if not net.internal)
        joined = {endpoint.network for endpoint in container.endpoints}
        out = next((name for name in routed if name in joined), None)
        for number, endpoint in enumerate(container.endpoints):
            if endpoint.network == out and endpoint.gateway:
                yield Route(interface=f"eth{number}", destination="0.0.0.0/0", gateway=endpoint.gateway)
            if endpoint.gateway:
                pool = f"{endpoint.gateway.rpartition('.')[0]}.0/24"
                yield Route(interface=f"eth{number}", destination=pool, gateway=None)

    def _sandbox(self, place: Place, container: Container) -> Sandbox:
        embedded = any(endpoint.network != "bridge" for endpoint in container.endpoints)
        servers = (sandboxes.EMBEDDED_DNS,) if embedded else place.dns or (HOSTS_RESOLVER,)
        listening = (text.rpartition(":") for each in self._residents(container.id) for text in each.listens)
        return Sandbox(
            interfaces=tuple(_interfaces(container)),
            routes=tuple(self._routes(container)),
            nameservers=servers,
            search=place.dns_search,
            hosts=tuple(_hosts(place, container)),
            listeners=tuple(Listener(address=address, port=int(port)) for address, _, port in listening),
        )


def _interfaces(container: Container) -> Iterator[Interface]:
    yield Interface(name="lo", address=_LOOPBACK, prefix=8)
    for number, address in enumerate(container.addresses):
        yield Interface(name=f"eth{number}", address=address, prefix=24)


def _hosts(place: Place, container: Container) -> Iterator[HostsEntry]:
    yield HostsEntry(address=_LOOPBACK, names=("localhost",))
    for text in place.hosts:
        name, _, address = text.partition(":")
        yield HostsEntry(address=address, names=(name,))
    yield from (HostsEntry(address=address, names=(container.hostname,)) for address in container.addresses)


def _accepts(place: Place, address: str, port: int) -> bool:
    return any(text in (f"0.0.0.0:{port}", f"{address}:{port}") for text in place.listens)
