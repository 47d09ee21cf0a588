"""A kind of check of one's own: `kind: called` in a rubric."""

from typing import ClassVar, Literal

from pydantic import Field

from grader.checks.base import Check, Example
from grader.judging import byhand, causes
from grader.judging.scene import Scene
from grader.judging.sketch import Place, Sketch
from grader.judging.verdict import Part, failed, passed
from grader.judging.wants import Wants


class CalledCheck(Check):
    """The container has the name that the brief asks for."""

    kind: Literal["called"]
    role: str = Field(description="Whose container is judged.")
    name: str = Field(description="The name that it has to have.")

    concept: ClassVar[str] = "A container without --name gets one of two random words. Names are unique on an engine."
    examples: ClassVar[tuple[Example, ...]] = (
        Example("passed", "named so", {"role": "web", "name": "shop"}, Sketch(places=(Place("shop"),))),
        Example("failed", "named otherwise", {"role": "web", "name": "shop"}, Sketch(places=(Place("web"),))),
    )

    def headline(self) -> str:
        """Name the role and the name."""
        return f"{self.role} is called {self.name}"

    def roles(self) -> tuple[str, ...]:
        """Name the one role."""
        return (self.role,)

    def wants(self) -> Wants:
        """Want nothing that is not looked at anyway."""
        return Wants()

    def by_hand(self, scene: Scene) -> str:
        """Show the name."""
        return byhand.inspect(scene, self.role, "{{.Name}}")

    def judge(self, scene: Scene) -> list[Part]:
        """Judge the name of the container that plays the role."""
        match = scene.role(self.role)
        if absent := causes.casting(match):
            return [failed(self.name, f"no {self.role}", absent)]
        name = match.actors[0].container.name
        if name != self.name:
            return [failed(self.name, name, f"the container of {self.role} is called {name}, not {self.name}")]
        return [passed(self.name, name)]
