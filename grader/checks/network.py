"""A network exists, under its name, with its driver and options."""

from typing import ClassVar, Literal, TypeAlias

from pydantic import Field

from grader.checks.base import Check, Example, Identifier
from grader.judging import causes, pools, swarms
from grader.judging.names import in_words
from grader.judging.netnames import NetworkMatch
from grader.judging.scene import Scene
from grader.judging.sketch import Net, Sketch
from grader.judging.states import State
from grader.judging.verdict import Cause, Part, Telling, failed, passed
from grader.judging.wants import Wants
from grader.models.snapshot import Network

Property: TypeAlias = Literal["driver", "internal", "attachable", "subnet", "gateway"]
"""What may be demanded of a network; each is the word for its own fault."""


class NetworkCheck(Check):
    """The engine has a network of this name; driver, internal, subnet and gateway are judged where given.

    A network without a gateway of its own has the first address of its subnet, as Docker gives it.
    """

    kind: Literal["network"]
    network: str = Field(description="Its name. A network whose name is only a slip away is judged in its place.")
    driver: str | None = Field(default=None, description="The driver, such as bridge or overlay.")
    internal: bool | None = Field(default=None, description="Whether it is cut off from the outside.")
    attachable: bool | None = Field(
        default=None, description="Whether containers that docker run starts may join it; only overlays tell."
    )
    subnet: str | None = Field(default=None, description="An address pool that it has, in CIDR notation.")
    gateway: str | None = Field(default=None, description="The gateway of that pool, an address in it.")
    host: Identifier | None = Field(
        default=None, description="The engine that has it; by default the first of `hosts`."
    )

    concept: ClassVar[str] = (
        "A network is a switch of Docker's own: containers on it see one another, and those on other networks not. "
        "The driver decides what it is made of: a bridge lives on one engine, an overlay spans a swarm. You make "
        "it once, by name, and it stays until you remove it."
    )
    states: ClassVar[tuple[State, ...]] = (
        "attachable",
        "driver",
        "gateway",
        "internal",
        "missing-network",
        "renamed",
        "subnet",
        "taken-subnet",
        "twins",
        "unnamed-engine",
    )
    examples: ClassVar[tuple[Example, ...]] = (
        Example("passed", "it is there", {"network": "front", "driver": "bridge"}, Sketch(nets=(Net("front"),))),
        Example(
            "passed",
            "with its subnet and gateway",
            {"network": "front", "subnet": "10.0.0.0/24", "gateway": "10.0.0.1"},
            Sketch(nets=(Net("front"),)),
        ),
        Example("failed", "it is missing", {"network": "front"}, Sketch()),
        Example(
            "failed",
            "another network has its subnet",
            {"network": "front", "subnet": "10.0.0.0/16"},
            Sketch(nets=(Net("other"),)),
        ),
        Example(
            "failed",
            "another subnet, and so another gateway",
            {"network": "front", "subnet": "10.9.0.0/24", "gateway": "10.9.0.1"},
            Sketch(nets=(Net("front"),)),
        ),
        Example(
            "failed",
            "another driver",
            {"network": "a", "driver": "bridge"},
            Sketch(nets=(Net("a", "macvlan"),)),
        ),
        Example(
            "failed",
            "compose put its prefix before it",
            {"network": "front"},
            Sketch(nets=(Net("lab_front"),)),
        ),
        Example(
            "passed",
            "an overlay that containers may join",
            {"network": "wide", "driver": "overlay", "attachable": True},
            Sketch(nets=(Net("wide", "overlay", attachable=True),)),
        ),
        Example(
            "failed",
            "an overlay for services only",
            {"network": "wide", "driver": "overlay", "attachable": True},
            Sketch(nets=(Net("wide", "overlay"),)),
        ),
        Example("failed", "on an engine that was not named", {"network": "wide", "host": "far"}, Sketch()),
    )

    def headline(self) -> str:
        """Name the network and what it should be."""
        return f"{self.driver or 'a'} network {self.network}".removeprefix("a ")

    def roles(self) -> tuple[str, ...]:
        """Name no role."""
        return ()

    def wants(self) -> Wants:
        """Want the network by its name, and its subnet free."""
        pool = frozenset({(self.network, self.subnet)} if self.subnet else ())
        return Wants(networks=frozenset({self.network}), pools=pool)

    def by_hand(self, scene: Scene) -> str:
        """Inspect the network, or list all where it is missing."""
        match = scene.network(self.network)
        return f"docker network inspect {match.network.name}" if match.network else "docker network ls"

    def judge(self, scene: Scene) -> list[Part]:
        """Judge the name first, then each property on the network that stands for it."""
        host = self.host or scene.first_host
        match, missing = scene.network(self.network, host), self._missing(scene, host)
        named = f"a network called {self.network}"
        demands = self._properties()
        if match.network is None or missing:
            fault = missing or Cause("no such network", "missing-network")
            return [failed(want, "no such network", fault) for want in (named, *map(" ".join, demands.items()))]
        return [
            _name(match, match.network, named),
            *(self._property(match.network, key, value) for key, value in demands.items()),
        ]

    def _missing(self, scene: Scene, host: str) -> Cause | None:
        """Return why the engine has no such network, or none that can stand for it."""
        if host not in scene.evidence.hosts:
            return swarms.unnamed(host)
        if absent := causes.absent_network(scene, self.network):
            return absent
        there = scene.network(self.network, host).network
        return None if there else Cause(f"{swarms.called(host)} has no network {self.network}", "missing-network")

    def _properties(self) -> dict[Property, str]:
        given: dict[Property, str | None] = {
            "driver": self.driver,
            "internal": None if self.internal is None else str(self.internal).lower(),
            "attachable": None if self.attachable is None else str(self.attachable).lower(),
            "subnet": self.subnet,
            "gateway": self.gateway,
        }
        return {key: value for key, value in given.items() if value is not None}

    def _property(self, network: Network, key: Property, value: str) -> Part:
        want, actual = f"{key} {value}", _actual(network, key)
        if self._is_met(network, key, value, actual):
            return passed(want, f"{key} {in_words(actual)}")
        seen = in_words(actual) or "none"
        return failed(want, f"{key} {seen}", self._fault(network, key, value, seen))

    def _is_met(self, network: Network, key: str, value: str, actual: list[str]) -> bool:
        if key == "subnet":
            return pools.has_pool(network, value)
        if key == "gateway":
            return pools.address_of(value) in map(pools.address_of, actual)
        return value in actual

    def _fault(self, network: Network, key: Property, value: str, seen: str) -> Cause:
        """Return what is wrong; a gateway that the pool has no room for is the fault of the pool."""
        if key == "driver" or (key == "attachable" and network.driver != "overlay"):
            return swarms.other_driver(network, value if key == "driver" else "overlay")
        if key == "attachable" and value == "true":
            return swarms.closed(network)
        wrong = pools.wrong(network, self.subnet) if self.subnet else None
        outside = key == "gateway" and not pools.is_within(self.gateway, pools.pools_of(network))
        told = Cause(f"{network.name} has the {key} {seen}, not {value}", key)
        return wrong if wrong and (outside or key == "subnet") else told


def _actual(network: Network, key: str) -> list[str]:
    match key:
        case "driver":
            return [network.driver]
        case "internal":
            return [str(network.internal).lower()]
        case "attachable":
            return [str(network.attachable).lower()]
        case "subnet":
            return [each.subnet for each in network.subnets]
        case _:
            return pools.gateways(network)


def _name(match: NetworkMatch, network: Network, want: str) -> Part:
    if match.twins:
        return failed(
            want,
            f"{match.twins + 1} networks are called so",
            Telling(f"{match.twins + 1} networks are called {match.wanted}: remove one of them by its id", "twins"),
        )
    if match.slip:
        spare = f"; an empty {match.wanted} is there as well" if match.spare else ""
        told = f"the network {network.name} should be called {match.wanted} (its name {match.slip}){spare}"
        return failed(
            want,
            f"{network.name}, whose name {match.slip}",
            Telling(f"{told}: {_repair(match, network)}", "renamed"),
        )
    return passed(want, network.name)


def _repair(match: NetworkMatch, network: Network) -> str:
    options = "--driver overlay --attachable " if network.driver == "overlay" else ""
    made = "" if match.spare else f"docker network create {options}{match.wanted}, then "
    by_hand = f"{made}connect the containers to {'it' if made else match.wanted}"
    if match.slip == "has a prefix":
        # Compose refuses a network of this name that it did not make itself, unless it is told so.
        words = f"`name: {match.wanted}`" + (" and `external: true`" if match.spare else "")
        return f"under compose, put {words} under it in the file; by hand, {by_hand}"
    return by_hand
