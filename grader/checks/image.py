"""A container was created from the image that the brief asks for."""

from typing import ClassVar, Literal

from pydantic import Field

from grader.checks.base import Check, Example
from grader.judging import byhand, causes, imageref
from grader.judging.names import in_words
from grader.judging.scene import Actor, Scene
from grader.judging.sketch import Place, Sketch
from grader.judging.states import CAST, State
from grader.judging.verdict import Cause, Part, failed, passed
from grader.judging.wants import Wants


class ImageCheck(Check):
    """The role's container was created from this repository, with this tag if one is given.

    The reference that the container was created from counts, without registry host, `library/`, tag
    and digest; the image's own tags count only where the container was created from an image id.
    """

    kind: Literal["image"]
    role: str = Field(description="Whose image is judged.")
    image: str = Field(description="The repository, such as mongo, or with a tag mongo:7.")

    concept: ClassVar[str] = (
        "A container is made from one image and keeps it for life. An image's name says where it comes from: "
        "official images have no slash in their name, docker.io/library/ is silently put before it. The tag behind "
        "the colon picks a version, latest if there is none."
    )
    states: ClassVar[tuple[State, ...]] = (*CAST, "image")
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            "passed",
            "the official image by its long name",
            {"role": "db", "image": "mongo"},
            Sketch(places=(Place("db", image="docker.io/library/mongo:7"),)),
        ),
        Example(
            "failed",
            "somebody else's image",
            {"role": "db", "image": "mongo"},
            Sketch(places=(Place("db", image="bitnami/mongodb:7.0"),)),
        ),
        Example("failed", "nobody plays the role", {"role": "db", "image": "mongo"}, Sketch()),
    )

    def headline(self) -> str:
        """Name the role and its image."""
        return f"{self.role} from the image {self.image}"

    def roles(self) -> tuple[str, ...]:
        """Name the one role."""
        return (self.role,)

    def wants(self) -> Wants:
        """Want to know which local images carry the name."""
        return Wants(images=frozenset({imageref.parse(self.image).repository}))

    def by_hand(self, scene: Scene) -> str:
        """Show what the container was created from."""
        return byhand.inspect(scene, self.role, "{{.Config.Image}}")

    def judge(self, scene: Scene) -> list[Part]:
        """Judge every replica's reference; the state of the container does not matter."""
        want = f"created from {self.image}"
        match = scene.role(self.role)
        if absent := causes.casting(match):
            return [failed(want, f"no {self.role}", absent)]
        wrong = next((actor for actor in match.actors if not self._fits(actor)), None)
        if wrong:
            actual = in_words(references(wrong))
            fault = Cause(f"{wrong.label} was created from {actual}, not {self.image}", "image")
            return [failed(want, f"created from {actual}", fault)]
        return [passed(want, f"created from {in_words(references(match.actors[0]))}")]

    def _fits(self, actor: Actor) -> bool:
        wanted = imageref.parse(self.image)
        return any(imageref.parse(reference).satisfies(wanted) for reference in references(actor))


def references(actor: Actor) -> tuple[str, ...]:
    """Return the names that the container's image goes by: its reference, or the tags behind an id."""
    container = actor.container
    if imageref.is_id(container.image) and container.image_tags:
        return container.image_tags
    return (container.image,)
