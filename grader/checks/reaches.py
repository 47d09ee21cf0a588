"""A container can connect to a port of another, by address, whatever the name."""

from typing import ClassVar, Literal

from pydantic import Field

from grader.checks.base import Check, Example, PortNumber
from grader.judging import causes
from grader.judging.names import in_words
from grader.judging.pairs import judge_pairs
from grader.judging.scene import Actor, Scene
from grader.judging.sketch import Net, Place, Sketch
from grader.judging.verdict import Part, failed, passed, unknown
from grader.judging.wants import Wants

_RUBRIC = {"from": "web", "to": "app", "port": 9090}


class ReachesCheck(Check):
    """A TCP connection from the source's sandbox to one of the target's addresses is accepted."""

    kind: Literal["reaches"]
    source: str = Field(alias="from", description="The role that connects.")
    target: str = Field(alias="to", description="The role that accepts.")
    port: PortNumber = Field(description="The target's port.")

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
        return f"{self.source} reaches {self.target} on port {self.port}"

    def roles(self) -> tuple[str, ...]:
        """Name both ends."""
        return (self.source, self.target)

    def wants(self) -> Wants:
        """Want the port tried."""
        edge = (self.source, self.target, self.port)
        return Wants(edges=frozenset({edge}), ports=frozenset({self.port}))

    def judge(self, scene: Scene) -> list[Part]:
        """Judge the connection at each of the target's addresses; one that is accepted is enough."""
        want = f"port {self.port} of {self.target} accepts"
        return judge_pairs(scene, self.source, self.target, want, lambda s, t: self._judge(scene, want, s, t))

    def _judge(self, scene: Scene, want: str, source: Actor, target: Actor) -> Part:
        states = scene.reaches(source, target, self.port)
        accepted = [address for address, state in states.items() if state == "open"]
        if accepted:
            return passed(want, f"{in_words(accepted)} accepted")
        if "not-observed" in states.values():
            return unknown(want, f"port {self.port} of {target.label} was not tried from {source.label}")
        how = causes.how_it_went(states)
        return failed(want, how, causes.unanswered(scene, source, target, self.port, how))
