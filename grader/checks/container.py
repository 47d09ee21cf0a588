"""A container runs, with the hostname and network mode that the brief asks for."""

from typing import ClassVar, Literal

from pydantic import Field

from grader.checks.base import Check, Example
from grader.judging import causes, lodging
from grader.judging.scene import Actor, Scene
from grader.judging.sketch import Place, Sketch
from grader.judging.verdict import Part, failed, passed
from grader.judging.wants import Wants


class ContainerCheck(Check):
    """The role's container is running; hostname and network mode are judged where given."""

    kind: Literal["container"]
    role: str = Field(description="Whose container is judged.")
    hostname: str | None = Field(default=None, description="The hostname that it has.")
    network_mode: Literal["bridge", "host", "none"] | None = Field(
        default=None, description="What it was started on with --network."
    )

    examples: ClassVar[tuple[Example, ...]] = (
        Example("passed", "it runs", {"role": "web"}, Sketch(places=(Place("web"),))),
        Example("failed", "it has stopped", {"role": "web"}, Sketch(places=(Place("web", state="exited"),))),
        Example("failed", "another hostname", {"role": "web", "hostname": "www"}, Sketch(places=(Place("web"),))),
    )

    def headline(self) -> str:
        """Name the role."""
        return f"{self.role} is running"

    def roles(self) -> tuple[str, ...]:
        """Name the one role."""
        return (self.role,)

    def wants(self) -> Wants:
        """Want nothing beyond the role."""
        return Wants()

    def judge(self, scene: Scene) -> list[Part]:
        """Judge the state first, then each property."""
        match = scene.role(self.role)
        demands = {"hostname": self.hostname, "network mode": self.network_mode}
        given = {what: wanted for what, wanted in demands.items() if wanted is not None}
        if absent := causes.casting(match):
            return [failed(want, f"no {self.role}", absent) for want in ("running", *given)]
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
        actual = actor.container.hostname if what == "hostname" else _mode(scene, actor)
        if actual != wanted:
            told = f"{actor.label} has the {what} {actual}, not {wanted}"
            company = lodging.not_alone(scene, actor) if (what, wanted) == ("network mode", "none") else None
            return failed(f"{what} {wanted}", f"{what} {actual}", company or told)
    return passed(f"{what} {wanted}", f"{what} {wanted}")


def _mode(scene: Scene, actor: Actor) -> str:
    mode = actor.container.network_mode
    if (owner := scene.owner(actor)).id != actor.container.id:
        return f"container:{owner.name}"
    return "bridge" if mode == "default" else mode
