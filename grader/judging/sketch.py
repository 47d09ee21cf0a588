"""A small drawn build, as examples of checks have it, and the evidence that an engine would have given of it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256

from grader.judging.questions import questions
from grader.judging.wants import Wants
from grader.judging.world import Inside, Voice, World
from grader.models.evidence import Evidence, HostEvidence
from grader.models.probe import HOST, Listener
from grader.models.snapshot import Binding, Container, Endpoint, Engine, Network, Port, Snapshot, State, Subnet, Swarm

_CHOSEN = 32768
_HOST = "default"
_LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Net:
    """A network of a sketch; the third one drawn has the pool 10.0.2.0/24 and the gateway 10.0.2.1."""

    name: str
    driver: str = "bridge"
    internal: bool = False
    icc: bool = True
    attachable: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """A container of a sketch; `listens` as `ADDRESS:PORT`, `publishes` as `ADDRESS:PORT->PORT`.

    The first one drawn has the addresses 10.0.N.2, the second 10.0.N.3. `http` is the status code that it answers, with
    `page` as its body and `server` as what it calls itself; `hosts` are its extra entries as `NAME:ADDRESS`. The engine
    chooses a host's port of 0. `blind` means that no sidecar reported its sandbox, `deaf` that nothing ever answers to
    it, and `pingless` that its sandbox lets nobody send pings.
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
    server: str = ""
    mode: str = "default"
    hostname: str = ""
    fixed: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()
    dns: tuple[str, ...] = ()
    dns_search: tuple[str, ...] = ()
    blind: bool = False
    deaf: bool = False
    pingless: bool = False


@dataclass(frozen=True, slots=True)
class Sketch:
    """Networks and containers, in the order in which they get their addresses.

    `swarm` is the engine's part in one, and `others` are further engines, by the names that a rubric gives them.
    `blind` means that no sidecar reported the engine's own stack.
    """

    nets: tuple[Net, ...] = ()
    places: tuple[Place, ...] = ()
    swarm: Swarm | None = None
    others: Mapping[str, "Sketch"] = field(default_factory=dict)
    blind: bool = False

    @property
    def engines(self) -> dict[str, "Sketch"]:
        """All engines, by name; this one is the default."""
        return {"default": self, **self.others}

    def evidence(self, wants: Wants, roles: Iterable[str] = ()) -> Evidence:
        """Return what a run would have recorded, with each of `roles` bound to the place of its name."""
        names = {place.name for engine in self.engines.values() for place in engine.places}
        return Evidence(
            tool_version="0",
            exercise="sketch",
            started_at=_LONG_AGO,
            roles={role: role for role in roles if role in names},
            hosts={name: engine._seen(wants) for name, engine in self.engines.items()},
        )

    def _seen(self, wants: Wants) -> HostEvidence:
        snapshot = Snapshot(
            engine=Engine(
                id="sketch",
                name="sketch",
                version="28.5.2",
                api_version="1.51",
                os="linux",
                architecture="amd64",
                swarm=self.swarm,
                now=_LONG_AGO,
            ),
            networks=tuple(self._network(net) for net in self.nets),
            containers=tuple(self._container(place) for place in self.places),
        )
        insides = {self._id(place): _inside(place) for place in self.places} | {HOST: Inside(blind=self.blind)}
        world = World({_HOST: snapshot}, insides)
        seen = world.observations(_HOST, questions(wants, world.snapshots)[_HOST])
        return HostEvidence(snapshot=snapshot, observations=seen)

    def _id(self, place: Place) -> str:
        return f"{self.places.index(place):02x}" * 32

    def _network(self, net: Net) -> Network:
        base = f"10.0.{self.nets.index(net)}"
        options = {} if net.icc else {"com.docker.network.bridge.enable_icc": "false"}
        return Network(
            id=f"net-{net.name}",
            name=net.name,
            driver=net.driver,
            scope="swarm" if net.driver == "overlay" else "local",
            internal=net.internal,
            attachable=net.attachable,
            options=options,
            subnets=(Subnet(subnet=f"{base}.0/24", gateway=f"{base}.1"),),
        )

    def _container(self, place: Place) -> Container:
        number = self.places.index(place)
        running = place.state == "running"
        wanted = tuple(_binding(text) for text in place.publishes)
        bound = tuple(each if each.host_port else each.model_copy(update={"host_port": _CHOSEN}) for each in wanted)
        routed = any(net.name in place.on and not net.internal and net.driver == "bridge" for net in self.nets)
        return Container(
            id=self._id(place),
            name=place.name,
            image=place.image,
            image_id=f"sha256:{sha256(place.image.encode()).hexdigest()}",
            hostname=place.hostname or place.name,
            state=place.state,
            exit_code=place.exit_code,
            created_at=_LONG_AGO,
            started_at=_LONG_AGO,
            network_mode=place.mode,
            endpoints=tuple(self._endpoint(net, number, place, running) for net in self.nets if net.name in place.on),
            exposed=tuple(Port(number=port) for port in place.exposes),
            requested=wanted,
            published=bound if routed and running else (),
            extra_hosts=place.hosts,
            dns=place.dns,
            dns_search=place.dns_search,
        )

    def _endpoint(self, net: Net, number: int, place: Place, running: bool) -> Endpoint:
        base = f"10.0.{self.nets.index(net)}"
        address = {"ipv4": f"{base}.{number + 2}", "ipv4_prefix": 24, "gateway": f"{base}.1"} if running else {}
        fixed = tuple(each for each in place.fixed if each.startswith(f"{base}."))
        return Endpoint.model_validate({"network": net.name, "aliases": place.aliases, "fixed": fixed} | address)


def _inside(place: Place) -> Inside:
    listening = (text.rpartition(":") for text in place.listens)
    server = f"Server: {place.server}\r\n" if place.server else ""
    answer = f"HTTP/1.1 {place.http} X\r\n{server}\r\n{place.page}".encode().hex() if place.http else ""
    ports = {int(text.rpartition(":")[2]) for text in place.listens}
    return Inside(
        listens=tuple(Listener(address=address, port=int(port)) for address, _, port in listening),
        voices=tuple(Voice(port, answer) for port in sorted(ports)) if answer else (),
        blind=place.blind,
        deaf=place.deaf,
        pingless=place.pingless,
    )


def _binding(text: str) -> Binding:
    host, _, port = text.partition("->")
    address, _, host_port = host.rpartition(":")
    return Binding(port=int(port), host_ip=address, host_port=int(host_port) or None)
