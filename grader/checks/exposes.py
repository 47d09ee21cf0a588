"""A container declares a port with EXPOSE."""

from typing import ClassVar, Literal

from pydantic import Field

from grader.checks.base import Check, Example, PortNumber
from grader.judging import byhand, causes
from grader.judging.scene import Scene
from grader.judging.sketch import Place, Sketch
from grader.judging.states import CAST, State
from grader.judging.verdict import Cause, Part, failed, passed
from grader.judging.wants import Wants
from grader.models.snapshot import Port, Protocol


class ExposesCheck(Check):
    """The image or the container declares the port, which documents it and publishes nothing."""

    kind: Literal["exposes"]
    role: str = Field(description="Whose declaration is judged.")
    port: PortNumber = Field(description="The port inside the container.")
    protocol: Protocol = Field(default="tcp", description="tcp, udp or sctp.")

    concept: ClassVar[str] = (
        "EXPOSE in a Dockerfile, or --expose, is a note on the image: this program listens here. It opens nothing. "
        "Containers on one network reach every port of each other without it, and the host none because of it. "
        "Only docker run -P reads the note, and publishes the ports that it names."
    )
    states: ClassVar[tuple[State, ...]] = (*CAST, "undeclared")
    examples: ClassVar[tuple[Example, ...]] = (
        Example("passed", "declared", {"role": "web", "port": 80}, Sketch(places=(Place("web", exposes=(80,)),))),
        Example("failed", "not declared", {"role": "web", "port": 80}, Sketch(places=(Place("web"),))),
        Example("failed", "nobody plays the role", {"role": "web", "port": 80}, Sketch()),
    )

    def headline(self) -> str:
        """Name the role and the port."""
        return f"{self.role} exposes {self.port}/{self.protocol}"

    def roles(self) -> tuple[str, ...]:
        """Name the one role."""
        return (self.role,)

    def wants(self) -> Wants:
        """Want the port looked at."""
        return Wants(ports=frozenset({self.port}))

    def by_hand(self, scene: Scene) -> str:
        """Show the declared ports."""
        return byhand.inspect(scene, self.role, "{{json .Config.ExposedPorts}}")

    def judge(self, scene: Scene) -> list[Part]:
        """Judge the declaration of every replica."""
        want = f"EXPOSE {self.port}/{self.protocol}"
        match = scene.role(self.role)
        if absent := causes.casting(match):
            return [failed(want, f"no {self.role}", absent)]
        for actor in match.actors:
            if Port(number=self.port, protocol=self.protocol) not in actor.container.exposed:
                declared = ", ".join(f"{p.number}/{p.protocol}" for p in actor.container.exposed) or "no port"
                fault = Cause(f"{actor.label} does not declare port {self.port}", "undeclared")
                return [failed(want, f"declares {declared}", fault)]
        return [passed(want, want)]
