"""A network exists, under its name, with its driver and options."""

from typing import ClassVar, Literal

from pydantic import Field

from grader.checks.base import Check, Example
from grader.judging import causes
from grader.judging.netnames import NetworkMatch
from grader.judging.scene import Scene
from grader.judging.sketch import Net, Sketch
from grader.judging.verdict import Part, Telling, failed, passed
from grader.judging.wants import Wants
from grader.models.snapshot import Network


class NetworkCheck(Check):
    """The engine has a network of this name; driver, internal and subnet are judged where given."""

    kind: Literal["network"]
    network: str = Field(description="Its name. A network whose name is only a slip away is judged in its place.")
    driver: str | None = Field(default=None, description="The driver, such as bridge or overlay.")
    internal: bool | None = Field(default=None, description="Whether it is cut off from the outside.")
    subnet: str | None = Field(default=None, description="An address pool that it has, in CIDR notation.")

    concept: ClassVar[str] = (
        "A network is a switch of Docker's own: containers on it see one another, and those on other networks not. "
        "The driver decides what it is made of: a bridge lives on one engine, an overlay spans a swarm. You make "
        "it once, by name, and it stays until you remove it."
    )
    examples: ClassVar[tuple[Example, ...]] = (
        Example("passed", "it is there", {"network": "front", "driver": "bridge"}, Sketch(nets=(Net("front"),))),
        Example("failed", "it is missing", {"network": "front"}, Sketch()),
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

    def headline(self) -> str:
        """Name the network and what it should be."""
        return f"{self.driver or 'a'} network {self.network}".removeprefix("a ")

    def roles(self) -> tuple[str, ...]:
        """Name no role."""
        return ()

    def wants(self) -> Wants:
        """Want the network by its name."""
        return Wants(networks=frozenset({self.network}))

    def by_hand(self, scene: Scene) -> str:
        """Inspect the network, or list all where it is missing."""
        match = scene.network(self.network)
        return f"docker network inspect {match.network.name}" if match.network else "docker network ls"

    def judge(self, scene: Scene) -> list[Part]:
        """Judge the name first, then each property on the network that stands for it."""
        match = scene.network(self.network)
        missing = causes.absent_network(scene, self.network)
        named = f"a network called {self.network}"
        demands = self._properties()
        if match.network is None or missing:
            fault = missing or ""
            return [failed(want, "no such network", fault) for want in (named, *demands)]
        return [
            _name(match, match.network, named),
            *(self._property(want, match.network) for want in demands),
        ]

    def _properties(self) -> tuple[str, ...]:
        given = {
            "driver": self.driver,
            "internal": None if self.internal is None else str(self.internal).lower(),
            "subnet": self.subnet,
        }
        return tuple(f"{key} {value}" for key, value in given.items() if value is not None)

    def _property(self, want: str, network: Network) -> Part:
        key, _, value = want.partition(" ")
        actual = {
            "driver": network.driver,
            "internal": str(network.internal).lower(),
            "subnet": ", ".join(pool.subnet for pool in network.subnets),
        }[key]
        if value in actual.split(", "):
            return passed(want, f"{key} {actual}")
        return failed(
            want, f"{key} {actual or 'none'}", f"{network.name} has the {key} {actual or 'none'}, not {value}"
        )


def _name(match: NetworkMatch, network: Network, want: str) -> Part:
    if match.twins:
        return failed(
            want,
            f"{match.twins + 1} networks are called so",
            Telling(f"{match.twins + 1} networks are called {match.wanted}: remove one of them by its id"),
        )
    if match.slip:
        return failed(
            want,
            f"{network.name}, whose name {match.slip}",
            Telling(
                f"the network {network.name} should be called {match.wanted} (its name {match.slip}): {_repair(match)}"
            ),
        )
    return passed(want, network.name)


def _repair(match: NetworkMatch) -> str:
    by_hand = f"docker network create {match.wanted}, then connect the containers to it"
    if match.slip == "has a prefix":
        return f"under compose, put `name: {match.wanted}` under it in the file; by hand, {by_hand}"
    return by_hand
