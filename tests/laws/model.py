"""What Docker's networks do, told as simply as possible and for these laws alone.

Nothing in here looks at evidence or at how checks judge: a build is networks and boxes, and a `World`
says who meets whom. The rules are those that were measured on engines 20.10 to 28.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from typing import Literal

from grader.models.probe import Reach
from grader.models.snapshot import State

Speech = Literal["nginx", "flask", "mongo", "relay", "static", "nothing"]
"""Who speaks: `static` has a page of its own and asks nobody, `relay` is the voice of the database itself."""
HOST_KEY = "(the host)"
DEFAULT_BRIDGE = "bridge"


@dataclass(frozen=True, slots=True)
class Net:
    """A network; `meant` is the rubric's network that the learner had in mind, whatever its name."""

    name: str
    meant: str | None = None
    driver: str = "bridge"
    icc: bool = True
    internal: bool = False

    @property
    def bridged(self) -> bool:
        """Whether the engine has an address of its own on it."""
        return self.driver == "bridge"


@dataclass(frozen=True, slots=True)
class Listen:
    """A socket that accepts, and who speaks behind it."""

    port: int
    speech: Speech = "nothing"
    loopback: bool = False
    process: int = 0
    """What tells a database from others; all that a build is judged by have none."""


@dataclass(frozen=True, slots=True)
class Publish:
    """A port of the host; `at` is empty for all addresses, an address, or `@NET` for that network's gateway."""

    port: int
    host_port: int
    at: str = ""


@dataclass(frozen=True, slots=True)
class Join:
    """A box on a network, with the names that it has there besides its own."""

    net: str
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Box:
    """A container; `key` stays when its name changes, `role` is the part that the learner made it for.

    `mode` is empty, `host`, `none`, or `in:KEY` for the sandbox of another box.
    """

    key: str
    name: str
    role: str = ""
    image: str = "busybox"
    official: bool = False
    joins: tuple[Join, ...] = ()
    listens: tuple[Listen, ...] = ()
    publishes: tuple[Publish, ...] = ()
    state: State = "running"
    mode: str = ""
    hostname: str = ""
    exposes: tuple[int, ...] = ()

    @property
    def id(self) -> str:
        """The engine's id of it."""
        return sha256(self.key.encode()).hexdigest()

    @property
    def up(self) -> bool:
        """Whether its sandbox exists."""
        return self.state in ("running", "paused")


@dataclass(frozen=True, slots=True)
class Build:
    """Everything that a learner made; `labelled` tells whether each box says which role it plays."""

    nets: tuple[Net, ...] = ()
    boxes: tuple[Box, ...] = ()
    labelled: bool = True
    online: bool = False
    """Whether unknown names are denied by an outside server, or never answered."""

    def box(self, key: str) -> Box | None:
        """Return the box of that key."""
        return next((box for box in self.boxes if box.key == key), None)

    def playing(self, role: str) -> Box | None:
        """Return the box that was made for a role."""
        return next((box for box in self.boxes if box.role == role), None)


@dataclass(frozen=True)
class Meeting:
    """How a connection went, and which socket accepted it, if one did."""

    state: Reach
    socket: Listen | None = None


@dataclass(frozen=True)
class World:
    """A build come to life."""

    build: Build
    nets: tuple[Net, ...] = field(init=False)

    def __post_init__(self) -> None:
        named = sorted(self.build.nets, key=lambda net: (net.name, net.driver))
        object.__setattr__(self, "nets", (Net(DEFAULT_BRIDGE), *named))

    def net(self, name: str) -> Net | None:
        """Return the network of that name."""
        return next((net for net in self.nets if net.name == name), None)

    def owner(self, box: Box) -> Box:
        """Return the box whose sandbox it lives in."""
        return self.build.box(box.mode.removeprefix("in:")) or box if box.mode.startswith("in:") else box

    def place(self, box: Box) -> str:
        """Return the key of the sandbox that a box lives in."""
        owner = self.owner(box)
        return HOST_KEY if owner.mode == "host" else owner.key

    def joined(self, box: Box) -> dict[str, Net]:
        """Return the networks that a box uses, on paper or in truth, by name."""
        owner = self.owner(box)
        if owner.mode:
            return {}
        return {join.net: net for join in owner.joins if (net := self.net(join.net))}

    def wires(self, place: str) -> dict[str, Net]:
        """Return the networks that a sandbox has an interface on."""
        box = self.build.box(place)
        return self.joined(box) if box and box.up else {}

    def gateway(self, net: Net) -> str:
        """Return the address of the engine's end of a network, which on a macvlan is nobody."""
        return f"10.{self.nets.index(net)}.0.1"

    def address(self, box: Box, net: Net) -> str:
        """Return the address of a box that owns its sandbox."""
        number = sorted(each.key for each in self.build.boxes).index(box.key)
        return f"10.{self.nets.index(net)}.0.{number + 2}"

    def addresses(self, place: str) -> list[str]:
        """Return the addresses at which a sandbox can be met by somebody, somewhere."""
        if place == HOST_KEY:
            return [self.gateway(net) for net in self.nets if net.bridged]
        box = self.build.box(place)
        return [self.address(box, net) for net in self.wires(place).values()] if box else []

    @cached_property
    def _holders(self) -> dict[str, tuple[str, Net]]:
        """Who is met at each address, and on which network."""
        places = [box.key for box in self.build.boxes if self.place(box) == box.key]
        held = {
            address: (place, net)
            for place in places
            for address, net in zip(self.addresses(place), self.wires(place).values(), strict=True)
        }
        return held | {self.gateway(net): (HOST_KEY, net) for net in self.nets if net.bridged}

    def sockets(self, place: str) -> list[Listen]:
        """Return what listens in a sandbox."""
        return [socket for box in self.build.boxes if box.up and self.place(box) == place for socket in box.listens]

    def bound(self, box: Box) -> list[Publish]:
        """Return the published ports that are in force: a bridge that leads outside has to carry them."""
        carried = any(net.bridged and not net.internal for net in self.joined(box).values())
        return list(box.publishes) if box.up and carried and self.owner(box) is box else []

    def connect(self, place: str, address: str, port: int) -> Meeting:
        """Return how a TCP connection from a sandbox goes."""
        if address.startswith("127."):
            return self._local(place, address, port)
        target, net = self._holders.get(address, ("", None))
        if target == place:
            return self._local(place, address, port)
        if target == HOST_KEY and net:
            return self._at_the_host(place, net, port)
        if net and self._wired(place, net):
            return self._accepted(target, port)
        return self._lost(place)

    def _local(self, place: str, address: str, port: int) -> Meeting:
        near = address.startswith("127.")
        sockets = [each for each in self.sockets(place) if each.port == port and (near or not each.loopback)]
        if sockets:
            return Meeting("open", sockets[0])
        return self._published(address, port) if place == HOST_KEY else Meeting("refused")

    def _at_the_host(self, place: str, net: Net, port: int) -> Meeting:
        wires = self.wires(place).values()
        routed = any(each.bridged and not each.internal for each in wires)
        if not routed and net not in wires:
            return self._lost(place)
        found = self._accepted(HOST_KEY, port)
        if found.state == "open":
            return found
        way_round = self._published(self.gateway(net), port)
        # The engine forwards nothing that comes from an internal network.
        return way_round if routed or way_round.state == "refused" else Meeting("timeout")

    def _published(self, address: str, port: int) -> Meeting:
        """Return how the engine answers at one of its own addresses: its proxy accepts for whoever is behind."""
        for box in self.build.boxes:
            for publish in self.bound(box):
                if publish.host_port == port and self.host_ip(publish) in ("", address):
                    return Meeting("open", self._accepted(self.place(box), publish.port).socket)
        return Meeting("refused")

    def host_ip(self, publish: Publish) -> str:
        """Return the engine's address that a port is bound to, empty for all."""
        net = self.net(publish.at.removeprefix("@")) if publish.at.startswith("@") else None
        return self.gateway(net) if net else publish.at.removeprefix("@")

    def _wired(self, place: str, net: Net) -> bool:
        if place == HOST_KEY:
            return net.bridged
        return net in self.wires(place).values() and (net.icc or not net.bridged)

    def _accepted(self, place: str, port: int) -> Meeting:
        sockets = [each for each in self.sockets(place) if each.port == port and not each.loopback]
        return Meeting("open", sockets[0]) if sockets else Meeting("refused")

    def _lost(self, place: str) -> Meeting:
        leads_on = any(not net.internal for net in self.wires(place).values()) or place == HOST_KEY
        return Meeting("timeout" if leads_on else "no-route")

    def resolve(self, place: str, name: str) -> list[str]:
        """Return the addresses that Docker's DNS has for a name: those of the first network that knows it."""
        wires = (net for net in self.wires(place).values() if net.name != DEFAULT_BRIDGE)
        for net in sorted(wires, key=lambda net: (net.internal, net.name)):
            found = [self.address(box, net) for box in self.build.boxes if name in self._names(box, net)]
            if found:
                return sorted(found)
        return []

    def _names(self, box: Box, net: Net) -> set[str]:
        if not box.up or box.mode:
            return set()
        here = [{*join.aliases, box.name, box.id[:12], box.hostname} for join in box.joins if join.net == net.name]
        return set().union(*here) - {""}

    def reached_by_name(self, place: str, name: str, port: int) -> Iterator[Listen]:
        """Yield the sockets that a program meets when it connects to a name."""
        for address in self.resolve(place, name):
            if socket := self.connect(place, address, port).socket:
                yield socket

    def page(self, place: str) -> int:
        """Return the status code of nginx's page in a sandbox: the chain behind it decides."""
        met = list(self.reached_by_name(place, "flask-app", 9090))
        if not met or met[0].speech not in ("flask", "static"):
            return 502
        return self.app_page(met[0])

    def app_page(self, socket: Listen) -> int:
        """Return the status code of the page behind a socket: the app's own tells whether it finds its database."""
        if socket.speech != "flask":
            return 200
        homes = {self.place(box) for box in self.build.boxes if socket in box.listens}
        fed = any(s.speech in ("mongo", "relay") for home in homes for s in self.reached_by_name(home, "mongo", 27017))
        return 200 if fed else 503
