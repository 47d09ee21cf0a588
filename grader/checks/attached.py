"""A container is connected to the networks that it belongs to, and not to others."""

from typing import ClassVar, Literal

from pydantic import Field

from grader.checks.base import Check, Example
from grader.judging import byhand, causes
from grader.judging.names import in_words
from grader.judging.scene import Actor, Scene
from grader.judging.sketch import Net, Place, Sketch
from grader.judging.states import ATTACHED, CAST, State
from grader.judging.verdict import Cause, Part, failed, passed
from grader.judging.wants import Wants

_NETS = (Net("front"), Net("back"))


class AttachedCheck(Check):
    """The role is connected to at least the networks of `to`, and to none of `without`.

    A network that is avoided earns its share only beside one that is joined: a container
    that is nowhere avoids everything and has shown nothing.
    """

    kind: Literal["attached"]
    role: str = Field(description="Whose connections are judged.")
    to: tuple[str, ...] = Field(min_length=1, description="Networks that it must be connected to.")
    without: tuple[str, ...] = Field(default=(), description="Networks that it must not be connected to.")

    concept: ClassVar[str] = (
        "A container has one endpoint on each network that it is connected to: an interface with an address of "
        "that network. It gets the first one when it is made, and more, or fewer, with docker network connect and "
        "disconnect. Whoever is on two networks can talk to both, and forwards nothing between them."
    )
    states: ClassVar[tuple[State, ...]] = (*CAST, *ATTACHED, "forbidden", "shared-sandbox")
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            "passed",
            "on the right one only",
            {"role": "web", "to": ["front"], "without": ["back"]},
            Sketch(nets=_NETS, places=(Place("web", on=("front",)),)),
        ),
        Example(
            "failed",
            "on the forbidden one as well",
            {"role": "web", "to": ["front"], "without": ["back"]},
            Sketch(nets=_NETS, places=(Place("web", on=("front", "back")),)),
        ),
        Example(
            "failed",
            "nowhere",
            {"role": "web", "to": ["front"], "without": ["back"]},
            Sketch(nets=_NETS, places=(Place("web"),)),
        ),
        Example("failed", "nobody plays the role", {"role": "web", "to": ["front"]}, Sketch(nets=_NETS)),
    )

    def headline(self) -> str:
        """Name the role and its networks."""
        return f"{self.role} on {in_words(self.to)}" + (f", not on {in_words(self.without)}" if self.without else "")

    def roles(self) -> tuple[str, ...]:
        """Name the one role."""
        return (self.role,)

    def wants(self) -> Wants:
        """Want the networks, and the connections to those of `to`."""
        return Wants(
            networks=frozenset((*self.to, *self.without)),
            attachments=frozenset((self.role, network) for network in self.to),
        )

    def by_hand(self, scene: Scene) -> str:
        """List the networks of the container."""
        return byhand.inspect(scene, self.role, "{{range $name, $_ := .NetworkSettings.Networks}}{{$name}} {{end}}")

    def judge(self, scene: Scene) -> list[Part]:
        """Judge each network apart; replicas have to agree."""
        match = scene.role(self.role)
        absent = causes.casting(match)
        if absent:
            return [failed(want, f"no {self.role}", absent) for want in self._demands()]
        joined = [_joined(scene, match.actors, network) for network in self.to]
        nowhere = None if any(part.outcome == "passed" for part in joined) else joined[0].fault
        return [*joined, *(_avoided(scene, match.actors, network, nowhere) for network in self.without)]

    def _demands(self) -> list[str]:
        return [*(f"on {network}" for network in self.to), *(f"not on {network}" for network in self.without)]


def _joined(scene: Scene, actors: tuple[Actor, ...], network: str) -> Part:
    for actor in actors:
        if fault := causes.unattached(scene, actor, network):
            return failed(f"on {network}", f"on {_places(scene, actor)}", fault)
    return passed(f"on {network}", f"on {_places(scene, actors[0])}")


def _avoided(scene: Scene, actors: tuple[Actor, ...], network: str, nowhere: Cause | None) -> Part:
    want = f"not on {network}"
    for actor in actors:
        if scene.is_on(actor, network):
            return failed(want, f"on {_places(scene, actor)}", causes.trespass(scene, actor, network))
    if nowhere:
        return failed(want, f"on {_places(scene, actors[0])}", nowhere)
    return passed(want, f"on {_places(scene, actors[0])}")


def _places(scene: Scene, actor: Actor) -> str:
    if actor.on_host:
        return "the host's own network"
    gone = scene.removed(actor)
    return in_words(name for name in actor.networks if name not in gone) or "no network"
