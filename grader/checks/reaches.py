"""A container can connect to a port of another, by address, whatever the name."""

from dataclasses import replace
from typing import ClassVar, Literal

from pydantic import Field

from grader.checks.base import Check, Example, PortNumber
from grader.judging import byhand
from grader.judging.outside import OUTSIDE
from grader.judging.scene import Scene
from grader.judging.sketch import Net, Place, Sketch
from grader.judging.states import DEAF, IDLE, UNPUBLISHED, State
from grader.judging.verdict import Part
from grader.judging.wants import Wants
from grader.judging.ways_open import judge_open

_RUBRIC = {"from": "web", "to": "app", "port": 9090}
_OUTSIDE = {"from": "outside", "to": "app", "port": 9090}
_ON_HOST = Place("app", mode="host", listens=("0.0.0.0:9090",))


def _published(*bindings: str) -> Sketch:
    place = Place("app", on=("a",), listens=("0.0.0.0:9090",), publishes=bindings, http=200)
    return Sketch(nets=(Net("a"),), places=(place,))


class ReachesCheck(Check):
    """A TCP connection from the source's sandbox to one of the target's addresses is accepted; or a ping answered.

    `from: outside` looks from the engine's host at published ports, where only words of the target itself count.
    """

    kind: Literal["reaches"]
    source: str = Field(alias="from", description="The role that connects, or outside.")
    target: str = Field(alias="to", description="The role that accepts.")
    port: PortNumber | None = Field(default=None, description="The target's port; with `protocol: icmp` there is none.")
    protocol: Literal["tcp", "icmp"] = Field(default="tcp", description="tcp, or icmp for a ping.")

    concept: ClassVar[str] = (
        "Two containers can talk when they share a network: every port on which somebody listens is open there, "
        "published or not. A program that listens on 127.0.0.1 listens within its own sandbox only; 0.0.0.0 means "
        "all its addresses. Refused means that packets arrive and nobody listens; silence means that they do not "
        "arrive."
    )
    states: ClassVar[tuple[State, ...]] = (*IDLE, *DEAF, *UNPUBLISHED)
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            "passed",
            "both on one network",
            _RUBRIC,
            Sketch(
                nets=(Net("a"),),
                places=(Place("web", on=("a",)), Place("app", on=("a",), listens=("0.0.0.0:9090",))),
            ),
        ),
        Example(
            "failed",
            "the target listens on loopback only",
            _RUBRIC,
            Sketch(
                nets=(Net("a"),),
                places=(Place("web", on=("a",)), Place("app", on=("a",), listens=("127.0.0.1:9090",))),
            ),
        ),
        Example(
            "passed",
            "a ping is answered",
            {"from": "web", "to": "app", "protocol": "icmp"},
            Sketch(nets=(Net("a"),), places=(Place("web", on=("a",)), Place("app", on=("a",)))),
        ),
        Example(
            "failed",
            "a ping is lost between two networks",
            {"from": "web", "to": "app", "protocol": "icmp"},
            Sketch(nets=(Net("a"), Net("b")), places=(Place("web", on=("a",)), Place("app", on=("b",)))),
        ),
        Example(
            "error",
            "the sandbox forbids pings",
            {"from": "web", "to": "app", "protocol": "icmp"},
            Sketch(nets=(Net("a"),), places=(Place("web", on=("a",), pingless=True), Place("app", on=("a",)))),
        ),
        Example("passed", "outside, through a published port", _OUTSIDE, _published("0.0.0.0:80->9090")),
        Example("passed", "outside, at one address of the engine's", _OUTSIDE, _published("10.0.0.1:80->9090")),
        Example("passed", "outside, by IPv6 alone", _OUTSIDE, _published(":::80->9090")),
        Example("passed", "outside, on a port that the engine chose", _OUTSIDE, _published("0.0.0.0:0->9090")),
        Example("failed", "outside, published on loopback only", _OUTSIDE, _published("127.0.0.1:80->9090")),
        Example("failed", "outside, another port is published", _OUTSIDE, _published("0.0.0.0:80->9091")),
        Example("failed", "outside, nothing is published", _OUTSIDE, _published()),
        Example(
            "failed",
            "outside, published, but nobody listens",
            _OUTSIDE,
            Sketch(nets=(Net("a"),), places=(Place("app", on=("a",), publishes=("0.0.0.0:80->9090",)),)),
        ),
        Example("passed", "outside, on the host's network", _OUTSIDE, Sketch(nets=(Net("a"),), places=(_ON_HOST,))),
        Example(
            "failed",
            "outside, on the host's network, but the port is published by another",
            _OUTSIDE,
            Sketch(
                nets=(Net("a"),),
                places=(
                    Place("app", mode="host"),
                    Place("web", on=("a",), listens=("0.0.0.0:80",), publishes=("0.0.0.0:9090->80",), http=200),
                ),
            ),
        ),
        Example(
            "passed",
            "outside, on the host's network, where another publishes the port at another address",
            _OUTSIDE,
            Sketch(
                nets=(Net("a"),),
                places=(
                    Place("app", mode="host", listens=("10.0.0.1:9090",)),
                    Place("web", on=("a",), listens=("0.0.0.0:80",), publishes=("10.9.9.9:9090->80",), http=200),
                ),
            ),
        ),
        Example(
            "error",
            "outside, on the host's network beside another who may hold the port",
            _OUTSIDE,
            Sketch(nets=(Net("a"),), places=(_ON_HOST, Place("other", mode="host"))),
        ),
        Example(
            "error",
            "outside, in the LAN itself",
            _OUTSIDE,
            Sketch(
                nets=(Net("a"), Net("lan", driver="macvlan")),
                places=(Place("app", on=("lan",), listens=("0.0.0.0:9090",)),),
            ),
        ),
        Example(
            "error", "outside, no sidecar looked there", _OUTSIDE, replace(_published("0.0.0.0:80->9090"), blind=True)
        ),
        Example(
            "failed",
            "no network in common",
            _RUBRIC,
            Sketch(
                nets=(Net("a"), Net("b")),
                places=(Place("web", on=("a",)), Place("app", on=("b",), listens=("0.0.0.0:9090",))),
            ),
        ),
        Example(
            "error",
            "no sidecar looked into the source",
            _RUBRIC,
            Sketch(
                nets=(Net("a"),),
                places=(
                    Place("web", on=("a",), blind=True),
                    Place("app", on=("a",), listens=("0.0.0.0:9090",)),
                ),
            ),
        ),
    )

    def headline(self) -> str:
        """Name both ends and the port."""
        return f"{self.source} reaches {self.target}" + (f" on port {self.port}" if self.port else " with a ping")

    def roles(self) -> tuple[str, ...]:
        """Name both ends, as far as they are roles."""
        return (self.target,) if self.source == OUTSIDE else (self.source, self.target)

    def wants(self) -> Wants:
        """Want the port tried, or pings."""
        if self.source == OUTSIDE:
            return Wants(outside=frozenset({self.target}), ports=frozenset({self.port} if self.port else ()))
        if self.port is None:
            return Wants(pings=frozenset({(self.source, self.target)}))
        return Wants(edges=frozenset({(self.source, self.target, self.port)}), ports=frozenset({self.port}))

    def by_hand(self, scene: Scene) -> str:
        """Try the same way."""
        if self.source == OUTSIDE:
            return byhand.from_outside(scene, self.target)
        return byhand.towards(scene, self.source, self.target, self.port)

    def judge(self, scene: Scene) -> list[Part]:
        """Judge the connection at each of the target's addresses; one that is accepted is enough."""
        want = f"port {self.port} of {self.target} accepts" if self.port else f"{self.target} answers pings"
        return judge_open(scene, self.source, self.target, self.port, want)
