"""A network exists, under its name, with its driver and options."""

from typing import ClassVar, Literal

from pydantic import Field

from grader.checks.base import Check, Example
from grader.judging import causes, pools
from grader.judging.names import in_words
from grader.judging.netnames import NetworkMatch
from grader.judging.scene import Scene
from grader.judging.sketch import Net, Sketch
from grader.judging.verdict import Part, failed, passed
from grader.judging.wants import Wants
from grader.models.snapshot import Network


class NetworkCheck(Check):
    """The engine has a network of this name; driver, internal, subnet and gateway are judged where given.

    A network without a gateway of its own has the first address of its subnet, as Docker gives it.
    """

    kind: Literal["network"]
    network: str = Field(description="Its name. A network whose name is only a slip away is judged in its place.")
    driver: str | None = Field(default=None, description="The driver, such as bridge or overlay.")
    internal: bool | None = Field(default=None, description="Whether it is cut off from the outside.")
    subnet: str | None = Field(default=None, description="An address pool that it has, in CIDR notation.")
    gateway: str | None = Field(default=None, description="The gateway of that pool, an address in it.")

    concept: ClassVar[str] = (
        "A user-defined network is a switch of its own inside the engine. Its subnet is the pool from which Docker "
        "gives each container an address; its gateway is the engine's own address in it, to which containers send "
        "whatever lies elsewhere. Docker chooses both unless you give them, and refuses one that overlaps with another."
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
    )

    def by_hand(self, scene: Scene) -> str:
        """Inspect the network that stands for it."""
        found = scene.network(self.network).network
        return f"docker network inspect {found.name}" if found else "docker network ls"

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

    def judge(self, scene: Scene) -> list[Part]:
        """Judge the name first, then each property on the network that stands for it."""
        match = scene.network(self.network)
        missing = causes.absent_network(scene, self.network)
        named = f"a network called {self.network}"
        demands = self._properties()
        if match.network is None or missing:
            fault = missing or ""
            return [failed(want, "no such network", fault) for want in (named, *map(" ".join, demands.items()))]
        return [
            _name(match, match.network, named),
            *(self._property(match.network, key, value) for key, value in demands.items()),
        ]

    def _properties(self) -> dict[str, str]:
        given = {
            "driver": self.driver,
            "internal": None if self.internal is None else str(self.internal).lower(),
            "subnet": self.subnet,
            "gateway": self.gateway,
        }
        return {key: value for key, value in given.items() if value is not None}

    def _property(self, network: Network, key: str, value: str) -> Part:
        want, actual = f"{key} {value}", _actual(network, key)
        if self._is_met(network, key, value, actual):
            return passed(want, f"{key} {in_words(actual)}")
        seen = in_words(actual) or "none"
        return failed(
            want, f"{key} {seen}", self._fault(network, key, f"{network.name} has the {key} {seen}, not {value}")
        )

    def _is_met(self, network: Network, key: str, value: str, actual: list[str]) -> bool:
        if key == "subnet":
            return pools.has_pool(network, value)
        if key == "gateway":
            return pools.address_of(value) in map(pools.address_of, actual)
        return value in actual

    def _fault(self, network: Network, key: str, told: str) -> str:
        """Return what is wrong; a gateway that the pool has no room for is the fault of the pool."""
        wrong = pools.wrong(network, self.subnet) if self.subnet else None
        outside = key == "gateway" and not pools.is_within(self.gateway, pools.pools_of(network))
        return wrong if wrong and (outside or key == "subnet") else told


def _actual(network: Network, key: str) -> list[str]:
    match key:
        case "driver":
            return [network.driver]
        case "internal":
            return [str(network.internal).lower()]
        case "subnet":
            return [each.subnet for each in network.subnets]
        case _:
            return pools.gateways(network)


def _name(match: NetworkMatch, network: Network, want: str) -> Part:
    if match.twins:
        return failed(
            want,
            f"{match.twins + 1} networks are called so",
            f"{match.twins + 1} networks are called {match.wanted}: remove one of them by its id",
        )
    if match.slip:
        return failed(
            want,
            f"{network.name}, whose name {match.slip}",
            f"the network {network.name} should be called {match.wanted} (its name {match.slip}): {_repair(match)}",
        )
    return passed(want, network.name)


def _repair(match: NetworkMatch) -> str:
    by_hand = f"docker network create {match.wanted}, then connect the containers to it"
    if match.slip == "has a prefix":
        return f"under compose, put `name: {match.wanted}` under it in the file; by hand, {by_hand}"
    return by_hand
