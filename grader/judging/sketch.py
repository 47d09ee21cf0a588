"""A small drawn build and what an engine would have shown of it.

Examples of checks are written as sketches. The reachability in here is the plain rule of Docker bridges
(one network in common, `icc` on, somebody listening), not a copy of how checks judge.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from grader.judging import requests, sandboxes
from grader.judging.wants import Wants
from grader.models.evidence import Evidence, HostEvidence
from grader.models.probe import (
    Answer,
    Asked,
    Connect,
    Exchange,
    Exchanged,
    Found,
    Interface,
    Listener,
    Lookup,
    Observation,
    Question,
    Reach,
    Reached,
    Sandbox,
)
from grader.models.snapshot import (
    Binding,
    Container,
    Endpoint,
    Engine,
    Network,
    Port,
    Snapshot,
    State,
    Subnet,
)

_LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Net:
    """A network of a sketch."""

    name: str
    driver: str = "bridge"
    internal: bool = False
    icc: bool = True


@dataclass(frozen=True, slots=True)
class Place:
    """A container of a sketch; `listens` as `ADDRESS:PORT`, `publishes` as `ADDRESS:PORT->PORT`.

    `http` is the status code that it answers, with `page` as its body, `blind` means that no sidecar
    reported its sandbox, and `deaf` that nothing ever answers to it.
    """

    name: str
    image: str = "busybox"
    on: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    listens: tuple[str, ...] = ()
    exposes: tuple[int, ...] = ()
    publishes: tuple[str, ...] = ()
    state: State = "running"
    exit_code: int = 0
    http: int | None = None
    page: str = ""
    mode: str = "default"
    blind: bool = False
    deaf: bool = False


@dataclass(frozen=True, slots=True)
class Sketch:
    """Networks and containers, in the order in which they get their addresses."""

    nets: tuple[Net, ...] = ()
    places: tuple[Place, ...] = ()

    def evidence(self, wants: Wants, roles: Iterable[str] = ()) -> Evidence:
        """Return what a run would have recorded, with each of `roles` bound to the place of its name."""
        snapshot = Snapshot(
            engine=Engine(
                id="sketch",
                name="sketch",
                version="28.5.2",
                api_version="1.51",
                os="linux",
                architecture="amd64",
                now=_LONG_AGO,
            ),
            networks=tuple(self._network(net) for net in self.nets),
            containers=tuple(self._container(place) for place in self.places),
        )
        names = {place.name for place in self.places}
        return Evidence(
            tool_version="0",
            exercise="sketch",
            started_at=_LONG_AGO,
            roles={role: role for role in roles if role in names},
            hosts={"default": HostEvidence(snapshot=snapshot, observations=tuple(self._observe(snapshot, wants)))},
        )

    def _network(self, net: Net) -> Network:
        base = f"10.0.{self.nets.index(net)}"
        options = {} if net.icc else {"com.docker.network.bridge.enable_icc": "false"}
        return Network(
            id=f"net-{net.name}",
            name=net.name,
            driver=net.driver,
            internal=net.internal,
            options=options,
            subnets=(Subnet(subnet=f"{base}.0/24", gateway=f"{base}.1"),),
        )

    def _container(self, place: Place) -> Container:
        number = self.places.index(place)
        running = place.state == "running"
        wanted = tuple(_binding(text) for text in place.publishes)
        routed = any(net.name in place.on and not net.internal and net.driver == "bridge" for net in self.nets)
        return Container(
            id=f"{number:02x}" * 32,
            name=place.name,
            image=place.image,
            image_id="sha256:" + "0" * 64,
            hostname=place.name,
            state=place.state,
            exit_code=place.exit_code,
            created_at=_LONG_AGO,
            started_at=_LONG_AGO,
            network_mode=place.mode,
            endpoints=tuple(
                self._endpoint(net, number, place.aliases, running) for net in self.nets if net.name in place.on
            ),
            exposed=tuple(Port(number=port) for port in place.exposes),
            requested=wanted,
            published=wanted if routed and running else (),
        )

    def _endpoint(self, net: Net, number: int, aliases: tuple[str, ...], running: bool) -> Endpoint:
        base = f"10.0.{self.nets.index(net)}"
        address = {"ipv4": f"{base}.{number + 2}", "ipv4_prefix": 24, "gateway": f"{base}.1"} if running else {}
        return Endpoint.model_validate({"network": net.name, "aliases": aliases} | address)

    def _observe(self, snapshot: Snapshot, wants: Wants) -> Iterator[Observation]:
        for place, container in zip(self.places, snapshot.containers, strict=True):
            if place.state != "running" or sandboxes.source_of(container, snapshot.containers) != container.id:
                continue
            if place.blind:
                yield Observation(source=container.id, sandbox=None, fault="the sidecar did not start")
                continue
            questions = dict.fromkeys(_questions(snapshot, container, wants))
            asked = (Asked(question=q, answer=self._answer(snapshot, place, container, q)) for q in questions)
            yield Observation(source=container.id, sandbox=_sandbox(place, container), asked=tuple(asked))

    def _answer(self, snapshot: Snapshot, place: Place, source: Container, question: Question) -> Answer:
        match question:
            case Connect(address=address, port=port):
                return Reached(state=self._reach(snapshot, place, source, address, port))
            case Lookup(name=name):
                return _lookup(snapshot, source, name)
            case Exchange(address=address, port=port):
                state = self._reach(snapshot, place, source, address, port)
                if state != "open":
                    return Exchanged(state=state)
                return Exchanged(state="open", ending="eof", response=self._words(snapshot, address).hex())
            case _:
                return Reached(state="not-observed")

    def _reach(self, snapshot: Snapshot, place: Place, source: Container, address: str, port: int) -> Reach:
        if place.deaf and address not in source.addresses:
            return "timeout"
        if address in {endpoint.gateway for endpoint in source.endpoints}:
            bound = any(b.wildcard and b.host_port == port for c in snapshot.containers for b in c.published)
            return "open" if bound else "refused"
        for target, container in zip(self.places, snapshot.containers, strict=True):
            for endpoint in container.endpoints:
                if endpoint.ipv4 == address and self._wired(source, container, endpoint.network):
                    return "open" if _accepts(target, address, port) else "refused"
        return "timeout"

    def _wired(self, source: Container, target: Container, network: str) -> bool:
        net = next(net for net in self.nets if net.name == network)
        return source.id == target.id or (net.icc and network in {e.network for e in source.endpoints})

    def _words(self, snapshot: Snapshot, address: str) -> bytes:
        """Return what whoever stands behind an address says; behind a gateway, whoever is published."""
        for place, container in zip(self.places, snapshot.containers, strict=True):
            if address in container.addresses:
                return f"HTTP/1.1 {place.http} X\r\n\r\n{place.page}".encode() if place.http else b"?"
        return b"?"


def _questions(snapshot: Snapshot, source: Container, wants: Wants) -> Iterator[Question]:
    bound = {binding.host_port: binding.port for c in snapshot.containers for binding in c.published}
    yield from (Lookup(name=name) for name in (source.name, *(wanted.name for wanted in wants.names)))
    for address in (address for container in snapshot.containers for address in container.addresses):
        yield from (Connect(address=address, port=port) for port in sorted(wants.ports))
        yield from (requests.knock(address, port, port) for port in sorted(wants.ports))
        yield from (requests.http_get(address, page.port, page.path) for page in wants.requests)
    for gateway in (endpoint.gateway for endpoint in source.endpoints if endpoint.gateway):
        yield Connect(address=gateway, port=requests.CONTROL_PORT)
        yield from (requests.knock(gateway, port, service) for port, service in bound.items() if port)


def _lookup(snapshot: Snapshot, source: Container, name: str) -> Found:
    mine = {endpoint.network for endpoint in source.endpoints} - {"bridge"}
    found = tuple(
        endpoint.ipv4
        for container in snapshot.containers
        for endpoint in container.endpoints
        if endpoint.network in mine and endpoint.ipv4 and name in (container.name, container.id[:12], *endpoint.aliases)
    )
    state = "answered" if found else "nxdomain"
    return Found.model_validate({"ipv4": state, "ipv6": state, "addresses": found})


def _accepts(place: Place, address: str, port: int) -> bool:
    return any(text in (f"0.0.0.0:{port}", f"{address}:{port}") for text in place.listens)


def _sandbox(place: Place, container: Container) -> Sandbox:
    own = (Interface(name=f"eth{i}", address=a, prefix=24) for i, a in enumerate(container.addresses))
    listening = (text.rpartition(":") for text in place.listens)
    return Sandbox(
        interfaces=(Interface(name="lo", address="127.0.0.1", prefix=8), *own),
        nameservers=("127.0.0.11",),
        listeners=tuple(Listener(address=address, port=int(port)) for address, _, port in listening),
    )


def _binding(text: str) -> Binding:
    host, _, port = text.partition("->")
    address, _, host_port = host.rpartition(":")
    return Binding(port=int(port), host_ip=address, host_port=int(host_port))
