"""A container runs, with the hostname and network mode that the brief asks for."""

from typing import ClassVar, Literal

from pydantic import Field

from grader.checks.base import Check, Example
from grader.judging import byhand, causes, lodging
from grader.judging.scene import Actor, Scene
from grader.judging.sketch import Net, Place, Sketch
from grader.judging.states import IDLE, State
from grader.judging.verdict import Cause, Part, failed, passed
from grader.judging.wants import Wants

_ON_HOST = Place("web", mode="host")


class ContainerCheck(Check):
    """The role's container is running; hostname and network mode are judged where given."""

    kind: Literal["container"]
    role: str = Field(description="Whose container is judged.")
    hostname: str | None = Field(default=None, description="The hostname that it has.")
    network_mode: Literal["bridge", "host", "none"] | None = Field(
        default=None, description="What it was started on with --network."
    )

    concept: ClassVar[str] = (
        "A container lives as long as its first process. When that ends the container stops, keeps its files and "
        "its exit code, and gives up its addresses. A stopped container still shows in docker ps --all, and its "
        "last words are in docker logs."
    )
    states: ClassVar[tuple[State, ...]] = (*IDLE, "forbidden", "hostname", "network-mode")
    examples: ClassVar[tuple[Example, ...]] = (
        Example("passed", "it runs", {"role": "web"}, Sketch(places=(Place("web"),))),
        Example("failed", "it has stopped", {"role": "web"}, Sketch(places=(Place("web", state="exited"),))),
        Example("passed", "on the host's network", {"role": "web", "network_mode": "host"}, Sketch(places=(_ON_HOST,))),
        Example(
            "failed",
            "on a bridge, not on the host's network",
            {"role": "web", "network_mode": "host"},
            Sketch(nets=(Net("a"),), places=(Place("web", on=("a",), mode="a"),)),
        ),
        Example(
            "failed",
            "in the sandbox of another that is on the host's network",
            {"role": "web", "network_mode": "host"},
            Sketch(places=(Place("web", mode="container:pod"), Place("pod", mode="host"))),
        ),
        Example("failed", "another hostname", {"role": "web", "hostname": "www"}, Sketch(places=(Place("web"),))),
    )

    def headline(self) -> str:
        """Name the role."""
        return f"{self.role} is running"

    def roles(self) -> tuple[str, ...]:
        """Name the one role."""
        return (self.role,)

    def wants(self) -> Wants:
        """Want nothing beyond the role; on the host's network or on none is a sign of it."""
        special = self.network_mode in ("host", "none")
        return Wants(modes=frozenset({(self.role, self.network_mode)} if self.network_mode and special else ()))

    def by_hand(self, scene: Scene) -> str:
        """Show the properties that may be judged."""
        return byhand.inspect(scene, self.role, "{{.State.Status}} {{.Config.Hostname}} {{.HostConfig.NetworkMode}}")

    def judge(self, scene: Scene) -> list[Part]:
        """Judge the state first, then each property."""
        match = scene.role(self.role)
        demands = {"hostname": self.hostname, "network mode": self.network_mode}
        given = {what: wanted for what, wanted in demands.items() if wanted is not None}
        if absent := causes.casting(match):
            wanted = ("running", *(f"{what} {value}" for what, value in given.items()))
            return [failed(want, f"no {self.role}", absent) for want in wanted]
        return [
            _running(scene, self.role, match.actors),
            *(_has(scene, match.actors, *each) for each in given.items()),
        ]


def _running(scene: Scene, role: str, actors: tuple[Actor, ...]) -> Part:
    fault = causes.idle(scene, role)
    state = next((a.container.state for a in actors if a.container.state != "running"), "running")
    return failed("running", state, fault) if fault else passed("running", state)


def _has(scene: Scene, actors: tuple[Actor, ...], what: str, wanted: str) -> Part:
    for actor in actors:
        mode = lodging.network_mode(scene, actor)
        actual = actor.container.hostname if what == "hostname" else mode
        if actual != wanted:
            misnamed = Cause(f"{actor.label} has the hostname {actual}, not {wanted}", "hostname")
            company = lodging.not_alone(scene, actor) if (what, wanted) == ("network mode", "none") else None
            fault = misnamed if what == "hostname" else company or lodging.misplaced(scene, actor, wanted)
            return failed(f"{what} {wanted}", f"{what} {actual}", fault)
    return passed(f"{what} {wanted}", f"{what} {wanted}")
