"""A container can not get through to another, on no address and no way round.

A failed connection proves nothing by itself. The check passes only when the source could connect to
something else, the target does accept somewhere, every address was tried in vain, no published port
leads round through the host, and nobody stands between the two.
"""

from dataclasses import replace
from typing import ClassVar, Literal

from pydantic import Field

from grader.checks.base import Check, Example, PortNumber
from grader.judging import byhand
from grader.judging.outside import OUTSIDE
from grader.judging.scene import Scene
from grader.judging.sketch import Net, Place, Sketch
from grader.judging.states import DEAF, IDLE, MERGED, State
from grader.judging.verdict import Part
from grader.judging.wants import Wants
from grader.judging.ways_shut import judge_shut

_RUBRIC = {"from": "web", "to": "db", "port": 27017}
_NETS = (Net("a"), Net("b"))
_DB = Place("db", on=("b",), listens=("0.0.0.0:27017",))
_OUTSIDE = {"from": "outside", "to": "db", "port": 27017}


def _published(*bindings: str) -> Sketch:
    return Sketch(nets=_NETS, places=(replace(_DB, publishes=bindings),))


class UnreachableCheck(Check):
    """Neither a TCP connection to the target's port nor, with `icmp`, a ping gets through from the source's sandbox."""

    kind: Literal["unreachable"]
    source: str = Field(alias="from", description="The role that must not get through, or outside.")
    target: str = Field(alias="to", description="The role that is to be protected.")
    port: PortNumber | None = Field(default=None, description="The target's port; with `protocol: icmp` there is none.")
    protocol: Literal["tcp", "icmp"] = Field(default="tcp", description="tcp, or icmp for pings.")

    concept: ClassVar[str] = (
        "Containers on different networks do not reach one another: Docker drops what goes from bridge to bridge. "
        "Two things open a way round: a network that both are on, and a port that is published on the host, "
        "because every container can talk to its host. Silence alone proves nothing, so something else has to "
        "answer from the same place."
    )
    states: ClassVar[tuple[State, ...]] = (*IDLE, *DEAF, *MERGED, "open", "way-round")
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            "passed",
            "no network in common",
            _RUBRIC,
            Sketch(nets=_NETS, places=(Place("web", on=("a",)), _DB)),
        ),
        Example(
            "failed",
            "a network in common",
            _RUBRIC,
            Sketch(nets=_NETS, places=(Place("web", on=("b",)), _DB)),
        ),
        Example(
            "failed",
            "the target does not listen at all",
            _RUBRIC,
            Sketch(nets=_NETS, places=(Place("web", on=("a",)), Place("db", on=("b",)))),
        ),
        Example(
            "failed",
            "a published port leads round through the host",
            _RUBRIC,
            Sketch(
                nets=_NETS,
                places=(
                    Place("web", on=("a",)),
                    Place("db", on=("b",), listens=("0.0.0.0:27017",), publishes=("0.0.0.0:27017->27017",)),
                ),
            ),
        ),
        Example(
            "failed",
            "a container on both networks listens on the same port",
            _RUBRIC,
            Sketch(
                nets=_NETS,
                places=(
                    Place("web", on=("a",)),
                    _DB,
                    Place("relay", on=("a", "b"), listens=("0.0.0.0:27017",)),
                ),
            ),
        ),
        Example(
            "passed",
            "a target that has loopback alone",
            {"from": "web", "to": "db", "protocol": "icmp"},
            Sketch(nets=_NETS, places=(Place("web", on=("a",)), Place("db", mode="none"))),
        ),
        Example("failed", "nothing is built", _RUBRIC, Sketch()),
        Example("passed", "outside, nothing is published", _OUTSIDE, _published()),
        Example("passed", "outside, published on loopback only", _OUTSIDE, _published("127.0.0.1:80->27017")),
        Example("failed", "outside, published", _OUTSIDE, _published("0.0.0.0:80->27017")),
        Example("failed", "outside, published at one address", _OUTSIDE, _published("10.0.0.1:80->27017")),
        Example("failed", "outside, published for IPv6 alone", _OUTSIDE, _published(":::80->27017")),
        Example(
            "failed",
            "outside, not published, but nobody listens",
            _OUTSIDE,
            Sketch(nets=_NETS, places=(Place("db", on=("a",)),)),
        ),
        Example(
            "failed",
            "outside, on the host's network",
            _OUTSIDE,
            Sketch(nets=_NETS, places=(Place("db", mode="host", listens=("0.0.0.0:27017",)),)),
        ),
        Example(
            "failed",
            "outside, in the LAN itself",
            _OUTSIDE,
            Sketch(nets=(*_NETS, Net("lan", driver="macvlan")), places=(replace(_DB, on=("b", "lan")),)),
        ),
        Example("error", "outside, no sidecar looked there", _OUTSIDE, replace(_published(), blind=True)),
        Example(
            "error",
            "no sidecar looked into the source",
            _RUBRIC,
            Sketch(nets=_NETS, places=(Place("web", on=("a",), blind=True), _DB)),
        ),
        Example(
            "error",
            "nothing at all answers the source",
            _RUBRIC,
            Sketch(nets=_NETS, places=(Place("web", on=("a",), deaf=True), _DB)),
        ),
    )

    def headline(self) -> str:
        """Name both ends and the port."""
        return f"{self.source} cannot reach {self.target}" + (f" on port {self.port}" if self.port else " with a ping")

    def roles(self) -> tuple[str, ...]:
        """Name both ends, as far as they are roles."""
        return (self.target,) if self.source == OUTSIDE else (self.source, self.target)

    def denies(self) -> tuple[str, ...]:
        """Name the protected one."""
        return (self.target,)

    def wants(self) -> Wants:
        """Want the port tried, and asked for words through published ports; or pings."""
        if self.port is None:
            return Wants(pings=frozenset({(self.source, self.target)}))
        outsiders = frozenset({self.target} if self.source == OUTSIDE else ())
        return Wants(ports=frozenset({self.port}), outside=outsiders)

    def by_hand(self, scene: Scene) -> str:
        """Try the same way."""
        if self.source == OUTSIDE:
            return byhand.from_outside(scene, self.target)
        return byhand.towards(scene, self.source, self.target, self.port)

    def judge(self, scene: Scene) -> list[Part]:
        """Judge by the six rules, in the order in which a doubt about one spoils the next."""
        want = f"port {self.port} of {self.target} out of reach" if self.port else f"{self.target} out of reach"
        return judge_shut(scene, self.source, self.target, self.port, want)
