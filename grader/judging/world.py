"""Docker's networks in small: what every sandbox of a build would report, worked out from the state of the engines.

Examples of checks and the mutants of `grade verify` are judged on it. It knows the plain rules that were measured on
engines 20.10 to 28 and nothing of how checks judge; that it tells what real engines do is tested against them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from grader.judging import sandboxes
from grader.judging.names import dns_names
from grader.judging.scene import Spot
from grader.models.probe import (
    HOST,
    Answer,
    Asked,
    Connect,
    Echo,
    Exchange,
    Exchanged,
    Found,
    Listener,
    Lookup,
    Observation,
    Question,
    Reach,
    Reached,
)
from grader.models.snapshot import Container, Endpoint, Network, Snapshot

_EVERYWHERE = ("0.0.0.0", "::")  # noqa: S104 - compared, never bound
_BAD_GATEWAY = b"HTTP/1.1 502 Bad Gateway\r\n\r\n"
_MUTE = b"?"
_WITHOUT_DNS = ("bridge", "host", "none")


@dataclass(frozen=True, slots=True)
class Voice:
    """What a program answers on a port: to one request, or to any where `request` is None. All in hexadecimal.

    A page is `chained`: it is only as good as what stands behind its program.
    """

    port: int
    response: str
    request: str | None = None
    chained: bool = False


@dataclass(frozen=True, slots=True)
class Need:
    """What a container's program needs to do its work: a name that leads to other containers, or a port of theirs."""

    targets: tuple[str, ...]
    """Ids of the containers, of which one is enough."""
    name: str | None = None
    port: int | None = None


@dataclass(frozen=True, slots=True)
class Inside:
    """What cannot be read off a container's settings.

    `blind` means that no sidecar reports its sandbox, `deaf` that nothing ever answers to it, and `pingless` that its
    sandbox lets nobody send pings. `default_route` is the network that carries it, by default the first one that can.
    """

    listens: tuple[Listener, ...] = ()
    voices: tuple[Voice, ...] = ()
    needs: tuple[Need, ...] = ()
    default_route: str | None = None
    blind: bool = False
    deaf: bool = False
    pingless: bool = False


@dataclass(frozen=True)
class World:
    """The engines of a build, and the insides of their containers by id."""

    snapshots: Mapping[str, Snapshot]
    insides: Mapping[str, Inside] = field(default_factory=dict)

    def observations(self, host: str, plan: Mapping[str, tuple[Question, ...]]) -> tuple[Observation, ...]:
        """Return what the sidecars of one engine report when they are asked a plan."""
        return tuple(self._observed(Spot(host, source), questions) for source, questions in plan.items())

    def _observed(self, spot: Spot, questions: tuple[Question, ...]) -> Observation:
        from grader.judging.facts import facts

        if self.inside(spot.source).blind:
            return Observation(source=spot.source, sandbox=None, fault="the sidecar did not start")
        asked = tuple(Asked(question=question, answer=self._answer(spot, question)) for question in questions)
        return Observation(source=spot.source, sandbox=facts(self, spot), asked=asked)

    def _answer(self, spot: Spot, question: Question) -> Answer:
        match question:
            case Connect(address=address, port=port):
                return Reached(state=self.connect(spot, address, port))
            case Echo(address=address):
                return Reached(ask="icmp", state=self.ping(spot, address))
            case Lookup(name=name):
                found = self.lookup(spot, name)
                state = "answered" if found else "nxdomain"
                return Found.model_validate({"ipv4": state, "ipv6": state, "addresses": found})
            case Exchange(address=address, port=port):
                return self._exchanged(spot, address, port, question.request)

    # --- who is where

    def inside(self, container: str) -> Inside:
        """Return what is known of a container's inside."""
        return self.insides.get(container) or Inside()

    def containers(self, host: str) -> tuple[Container, ...]:
        """Return the containers of an engine."""
        return self.snapshots[host].containers

    def source(self, host: str, container: Container) -> str:
        """Return the sandbox that a container lives in."""
        return sandboxes.source_of(container, self.containers(host))

    def residents(self, spot: Spot) -> list[Container]:
        """Return the running containers of a sandbox."""
        return [
            each
            for each in self.containers(spot.host)
            if each.state == "running" and self.source(spot.host, each) == spot.source
        ]

    def endpoints(self, spot: Spot) -> tuple[Endpoint, ...]:
        """Return the endpoints of a sandbox that is up."""
        owner = next((each for each in self.containers(spot.host) if each.id == spot.source), None)
        return sandboxes.endpoints_of(owner, self.containers(spot.host)) if owner else ()

    def network(self, host: str, name: str) -> Network | None:
        """Return a network of an engine."""
        return next((each for each in self.snapshots[host].networks if each.name == name), None)

    def networks(self, spot: Spot) -> list[Network]:
        """Return the networks that a sandbox has an interface on."""
        names = [endpoint.network for endpoint in self.endpoints(spot) if endpoint.addresses]
        return [network for name in names if (network := self.network(spot.host, name))]

    def _holder(self, spot: Spot, address: str) -> tuple[Spot, Network] | None:
        """Return who is met at an address, and on which network, as seen from a sandbox."""
        for host, snapshot in self.snapshots.items():
            for container in snapshot.containers:
                if container.network_mode.startswith("container:") or container.state not in ("running", "paused"):
                    continue
                for endpoint in container.endpoints:
                    network = self.network(host, endpoint.network)
                    near = host == spot.host or (network is not None and network.scope == "swarm")
                    if address in endpoint.addresses and network and near:
                        return Spot(host, container.id), network
        for network in self.snapshots[spot.host].networks:
            if address in sandboxes.bridge_addresses(network, self.snapshots[spot.host]):
                return Spot(spot.host, HOST), network
        return None

    # --- who reaches whom

    def connect(self, spot: Spot, address: str, port: int) -> Reach:
        """Return how a TCP connection from a sandbox goes."""
        if self._is_own(spot, address):
            return self._accepted(spot, address, port)
        if self.inside(spot.source).deaf:
            return "timeout"
        held = self._holder(spot, address)
        if held is None:
            return self._lost(spot)
        target, network = held
        if target.source == HOST:
            return self._at_the_host(spot, network, address, port)
        if not self._wired(spot, network):
            return self._lost(spot)
        return self._accepted(target, address, port)

    def ping(self, spot: Spot, address: str) -> Reach:
        """Return how an ICMP echo request from a sandbox goes."""
        if self.inside(spot.source).pingless or spot.source == HOST:
            return "not-observed"
        if self._is_own(spot, address):
            return "open"
        if self.inside(spot.source).deaf:
            return "timeout"
        held = self._holder(spot, address)
        if held and (self._wired(spot, held[1]) or (held[0].source == HOST and self._leads_out(spot))):
            return "open"
        return self._lost(spot)

    def _is_own(self, spot: Spot, address: str) -> bool:
        if address.startswith("127.") or address == "::1":
            return True
        if spot.source == HOST:
            return address in sandboxes.engine_addresses(self.snapshots[spot.host])
        return any(address in endpoint.addresses for endpoint in self.endpoints(spot))

    def _accepted(self, spot: Spot, address: str, port: int) -> Reach:
        if self._listening(spot, address, port):
            return "open"
        return "open" if spot.source == HOST and self._bound(spot.host, address, port) else "refused"

    def _listening(self, spot: Spot, address: str, port: int) -> Container | None:
        """Return who of a sandbox accepts there."""
        places = (*_EVERYWHERE, address)
        for container in self.residents(spot):
            if any(each.port == port and each.address in places for each in self.inside(container.id).listens):
                return container
        return None

    def _at_the_host(self, spot: Spot, network: Network, address: str, port: int) -> Reach:
        if network not in self.networks(spot) and not self._leads_out(spot):
            return self._lost(spot)
        here = self._accepted(Spot(spot.host, HOST), address, port)
        blocked = not self._leads_out(spot) and not self._listening(Spot(spot.host, HOST), address, port)
        return "timeout" if here == "open" and blocked else here

    def _bound(self, host: str, address: str, port: int) -> tuple[Container, int] | None:
        """Return whose port of the engine's it is: its proxy accepts for whoever is behind."""
        for container in self.containers(host):
            for binding in container.published if container.state == "running" else ():
                local = binding.loopback and address.startswith("127.")
                family = not binding.host_ip or (":" in binding.host_ip) == (":" in address)
                met = (binding.wildcard and family) or binding.host_ip == address or local
                if binding.host_port == port and binding.protocol == "tcp" and met:
                    return container, binding.port
        return None

    def _wired(self, spot: Spot, network: Network) -> bool:
        if spot.source == HOST:
            return network.driver == "bridge"
        mine = any(each.id == network.id and each.name == network.name for each in self.networks(spot))
        return mine and (network.inter_container or network.driver != "bridge")

    def _leads_out(self, spot: Spot) -> bool:
        return spot.source == HOST or any(not network.internal for network in self.networks(spot))

    def _lost(self, spot: Spot) -> Reach:
        return "timeout" if self._leads_out(spot) else "no-route"

    # --- names and words

    def lookup(self, spot: Spot, name: str) -> tuple[str, ...]:
        """Return the addresses that Docker's DNS has for a name: those of the first network that knows it."""
        wires = [network for network in self.networks(spot) if network.name not in _WITHOUT_DNS]
        for network in sorted(wires, key=lambda each: (each.internal, each.name)):
            found = [
                address
                for host, snapshot in self.snapshots.items()
                if host == spot.host or self._spans(network, host)
                for container in snapshot.containers
                if container.state in ("running", "paused") and not container.network_mode.startswith("container:")
                for endpoint in container.endpoints
                if endpoint.network == network.name and name.lower() in _lowered(dns_names(container, [network.name]))
                for address in endpoint.addresses
            ]
            if found:
                return tuple(found)
        return ()

    def _spans(self, network: Network, host: str) -> bool:
        """Return whether a network reaches to another engine, which then has it under the same id."""
        there = self.network(host, network.name)
        return network.scope == "swarm" and there is not None and there.id == network.id

    def _exchanged(self, spot: Spot, address: str, port: int, request: str) -> Exchanged:
        state = self.connect(spot, address, port)
        if state != "open":
            return Exchanged(state=state)
        return Exchanged(state="open", ending="eof", response=self._words(spot, address, port, request))

    def _words(self, spot: Spot, address: str, port: int, request: str) -> str:
        """Return what whoever stands behind an address says; nothing where a proxy accepts for a closed port."""
        held = self._holder(spot, address)
        target = spot if self._is_own(spot, address) else held[0] if held else spot
        speaker, number = self._listening(target, address, port), port
        if speaker is None and target.source == HOST and (bound := self._bound(spot.host, address, port)):
            owner, number = bound
            behind = Spot(spot.host, self.source(spot.host, owner))
            endpoints = self.endpoints(behind)
            speaker = self._listening(behind, next((a for e in endpoints for a in e.addresses), ""), number)
        return self._said(spot.host, speaker, number, request) if speaker else ""

    def _said(self, host: str, speaker: Container, port: int, request: str) -> str:
        voices = [each for each in self.inside(speaker.id).voices if each.port == port]
        voice = next((each for each in voices if each.request in (None, request)), None)
        if voice is None:
            return _MUTE.hex()
        whole = not voice.chained or self.works(host, speaker.id)
        return voice.response if whole else _BAD_GATEWAY.hex()

    def works(self, host: str, container: str, seen: frozenset[str] = frozenset()) -> bool:
        """Return whether a program has all that it needs, and those whom it needs have too."""
        owner = next((each for each in self.containers(host) if each.id == container), None)
        if owner is None or owner.state != "running":
            return False
        here = seen | {container}
        return all(self._met(host, owner, need, here) for need in self.inside(container).needs)

    def _met(self, host: str, owner: Container, need: Need, seen: frozenset[str]) -> bool:
        """Return whether a need is met by a container that has what it needs itself."""
        spot = Spot(host, self.source(host, owner))
        found = set(self._known(spot, owner, need.name)) if need.name else set()
        for home, snapshot in self.snapshots.items():
            for target in (each for each in snapshot.containers if each.id in need.targets):
                theirs = Spot(home, self.source(home, target))
                addresses = [a for e in self.endpoints(theirs) for a in e.addresses] or ["127.0.0.1"]
                led = bool(found & set(addresses)) if need.name else True
                open_ = need.port is None or any(self.connect(spot, each, need.port) == "open" for each in addresses)
                if led and open_ and (target.id in seen or self.works(home, target.id, seen)):
                    return True
        return False

    def _known(self, spot: Spot, owner: Container, name: str) -> tuple[str, ...]:
        """Return what a program finds under a name: its hosts file goes before the DNS."""
        entries = (text.partition(":") for text in owner.extra_hosts)
        written = tuple(address for known, _, address in entries if known == name)
        return written or self.lookup(spot, name)


def _lowered(names: Iterable[str]) -> set[str]:
    """Return names as DNS compares them."""
    return {name.lower() for name in names}
