"""A container's port is published on the engine's host."""

from typing import ClassVar, Literal

from pydantic import Field

from grader.checks.base import Check, Example, PortNumber
from grader.judging import causes
from grader.judging.names import in_words
from grader.judging.scene import Actor, Scene
from grader.judging.sketch import Net, Place, Sketch
from grader.judging.verdict import Part, failed, passed
from grader.judging.wants import Wants
from grader.models.snapshot import Binding, Protocol


class PublishesCheck(Check):
    """The engine has bound a host port to the container's port; what was asked for in vain does not count."""

    kind: Literal["publishes"]
    role: str = Field(description="Whose port is judged.")
    port: PortNumber = Field(description="The port inside the container.")
    protocol: Protocol = Field(default="tcp", description="tcp, udp or sctp.")
    host_port: PortNumber | None = Field(default=None, description="The host's port; any by default.")
    address: Literal["any", "all", "loopback"] = Field(
        default="any",
        description="Where the host listens: anywhere, on all its addresses, or on loopback only.",
    )

    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            "passed",
            "on any host port",
            {"role": "web", "port": 80},
            Sketch(nets=(Net("a"),), places=(Place("web", on=("a",), publishes=("0.0.0.0:8080->80",)),)),
        ),
        Example("failed", "not published", {"role": "web", "port": 80}, Sketch(places=(Place("web"),))),
        Example(
            "failed",
            "on all addresses, not loopback only",
            {"role": "web", "port": 80, "address": "loopback"},
            Sketch(nets=(Net("a"),), places=(Place("web", on=("a",), publishes=("0.0.0.0:8080->80",)),)),
        ),
        Example(
            "failed",
            "asked for on an internal network",
            {"role": "web", "port": 80},
            Sketch(
                nets=(Net("a", internal=True),),
                places=(Place("web", on=("a",), publishes=("0.0.0.0:8080->80",)),),
            ),
        ),
    )

    def headline(self) -> str:
        """Name the role and the port."""
        return f"{self.role}'s port {self.port} is published"

    def roles(self) -> tuple[str, ...]:
        """Name the one role."""
        return (self.role,)

    def wants(self) -> Wants:
        """Want the port looked at."""
        return Wants(ports=frozenset({self.port}))

    def judge(self, scene: Scene) -> list[Part]:
        """Judge what is in force; one replica with a published port is enough."""
        want = f"port {self.port} published{self._where()}"
        match = scene.role(self.role)
        if absent := causes.casting(match):
            return [failed(want, f"no {self.role}", absent)]
        # A port of a shared sandbox is published by the container that owns it.
        bindings = [b for a in match.actors for b in scene.owner(a).published if self._is_mine(b)]
        if any(self._fits(binding) for binding in bindings):
            return [passed(want, in_words(b.shown for b in bindings if self._fits(b)))]
        actual = in_words(b.shown for b in bindings) or "not published"
        return [failed(want, actual, self._fault(scene, match.actors[0], bindings))]

    def _where(self) -> str:
        place = {"any": "", "all": " on all addresses", "loopback": " on loopback only"}[self.address]
        return (f" as {self.host_port}" if self.host_port else "") + place

    def _is_mine(self, binding: Binding) -> bool:
        return (binding.port, binding.protocol) == (self.port, self.protocol)

    def _fits(self, binding: Binding) -> bool:
        place = {"any": True, "all": binding.wildcard, "loopback": binding.loopback}[self.address]
        return place and self.host_port in (None, binding.host_port)

    def _fault(self, scene: Scene, actor: Actor, bindings: list[Binding]) -> str:
        if bindings:
            places = in_words(b.shown for b in bindings)
            return f"{actor.label}'s port {self.port} is published at {places}, not{self._where()}"
        if idle := causes.stopped(scene, actor):
            return idle
        if actor.on_host:
            return causes.on_host(actor)
        if not any(self._is_mine(binding) for binding in scene.owner(actor).requested):
            return f"port {self.port} of {actor.label} is not published"
        internal = [n.name for name in actor.networks if (n := scene.network_called(name)) and n.internal]
        if internal:
            return f"{internal[0]} is internal, so Docker does not publish port {self.port} of {actor.label}"
        return f"port {self.port} of {actor.label} was asked for with -p, but the engine has not bound it"
