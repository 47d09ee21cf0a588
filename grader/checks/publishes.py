"""A container's port is published on the engine's host."""

from collections.abc import Collection
from typing import ClassVar, Literal

from pydantic import Field

from grader.checks.base import Check, Example, PortNumber
from grader.judging import byhand, causes, outside, ports
from grader.judging.names import in_words
from grader.judging.scene import Actor, Scene
from grader.judging.sketch import Net, Place, Sketch
from grader.judging.states import IDLE, UNPUBLISHED, State
from grader.judging.verdict import Cause, Part, failed, passed
from grader.judging.wants import Wants
from grader.models.snapshot import Binding, Protocol


class PublishesCheck(Check):
    """The engine has bound a host port to the container's port; what was asked for in vain does not count.

    With `address: nowhere` it has not, though the container is at work.
    """

    kind: Literal["publishes"]
    role: str = Field(description="Whose port is judged.")
    port: PortNumber = Field(description="The port inside the container.")
    protocol: Protocol = Field(default="tcp", description="tcp, udp or sctp.")
    host_port: PortNumber | None = Field(default=None, description="The host's port; any by default.", examples=[8080])
    random: bool = Field(default=False, description="Whether Docker is to choose the host's port (-P does so).")
    address: Literal["any", "all", "loopback", "nowhere"] = Field(
        default="any",
        description="Where the host listens: anywhere, on all its addresses, on loopback only, or nowhere.",
    )

    concept: ClassVar[str] = (
        "Publishing binds a port of the host to a port of the container: -p HOST:CONTAINER when the container is "
        "made. Without an address it is open on all addresses of the host, to everybody; with 127.0.0.1 before it, "
        "to the host alone. On an internal network and in host mode there is nothing to publish, and Docker says "
        "nothing about it."
    )
    states: ClassVar[tuple[State, ...]] = (*IDLE, *UNPUBLISHED, "open")
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            "passed",
            "on any host port",
            {"role": "web", "port": 80},
            Sketch(nets=(Net("a"),), places=(Place("web", on=("a",), publishes=("0.0.0.0:8080->80",)),)),
        ),
        Example("failed", "not published", {"role": "web", "port": 80}, Sketch(places=(Place("web"),))),
        Example(
            "passed",
            "published nowhere",
            {"role": "web", "port": 80, "address": "nowhere"},
            Sketch(nets=(Net("a"),), places=(Place("web", on=("a",), publishes=("0.0.0.0:8080->81",)),)),
        ),
        Example(
            "failed",
            "published, where it should not be",
            {"role": "web", "port": 80, "address": "nowhere"},
            Sketch(nets=(Net("a"),), places=(Place("web", on=("a",), publishes=("127.0.0.1:8080->80",)),)),
        ),
        Example(
            "failed",
            "nowhere, because it has stopped",
            {"role": "web", "port": 80, "address": "nowhere"},
            Sketch(nets=(Net("a"),), places=(Place("web", on=("a",), state="exited"),)),
        ),
        Example(
            "passed",
            "on a port that Docker chose",
            {"role": "web", "port": 80, "random": True},
            Sketch(nets=(Net("a"),), places=(Place("web", on=("a",), publishes=("0.0.0.0:0->80",)),)),
        ),
        Example(
            "failed",
            "on a port that somebody chose",
            {"role": "web", "port": 80, "random": True},
            Sketch(nets=(Net("a"),), places=(Place("web", on=("a",), publishes=("0.0.0.0:8080->80",)),)),
        ),
        Example(
            "failed",
            "on loopback, but on all addresses too",
            {"role": "web", "port": 80, "address": "loopback"},
            Sketch(
                nets=(Net("a"),),
                places=(Place("web", on=("a",), publishes=("127.0.0.1:8080->80", "0.0.0.0:8081->80")),),
            ),
        ),
        Example(
            "failed",
            "on all addresses, not loopback only",
            {"role": "web", "port": 80, "address": "loopback"},
            Sketch(nets=(Net("a"),), places=(Place("web", on=("a",), publishes=("0.0.0.0:8080->80",)),)),
        ),
        Example(
            "passed",
            "on all addresses of both families",
            {"role": "web", "port": 80, "address": "all"},
            Sketch(
                nets=(Net("a"),),
                places=(Place("web", on=("a",), publishes=("0.0.0.0:8080->80", ":::8080->80")),),
            ),
        ),
        Example(
            "failed",
            "on all addresses of IPv6 alone",
            {"role": "web", "port": 80, "address": "all"},
            Sketch(nets=(Net("a"),), places=(Place("web", on=("a",), publishes=(":::8080->80",)),)),
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

    def by_hand(self, scene: Scene) -> str:
        """List the ports in force."""
        return byhand.from_outside(scene, self.role)

    def judge(self, scene: Scene) -> list[Part]:
        """Judge what is in force; one replica with a published port is enough."""
        want = f"port {self.port} {'not ' if self.address == 'nowhere' else ''}published{self._where()}"
        match = scene.role(self.role)
        if absent := causes.casting(match):
            return [failed(want, f"no {self.role}", absent)]
        # A port of a shared sandbox is published by the container that owns it.
        bindings = [b for a in match.actors for b in scene.owner(a).published if self._is_mine(b)]
        if self.address == "nowhere" and not bindings:
            idle = causes.idle(scene, self.role)
            return [failed(want, "not at work", idle) if idle else passed(want, "not published")]
        chosen = {b.host_port for a in match.actors for b in scene.owner(a).requested if self._is_mine(b)}
        fitting = [binding for binding in bindings if self._fits(binding, chosen)]
        if fitting and self._is_whole(fitting, bindings):
            return [passed(want, in_words(b.shown for b in fitting))]
        actual = in_words(b.shown for b in bindings) or "not published"
        return [failed(want, actual, self._fault(scene, match.actors[0], bindings))]

    def _where(self) -> str:
        places = {"any": "", "all": " on all addresses", "loopback": " on loopback only", "nowhere": " anywhere"}
        port = f" as {self.host_port}" if self.host_port else ""
        return port + (" on a port that Docker chooses" if self.random else "") + places[self.address]

    def _is_mine(self, binding: Binding) -> bool:
        return (binding.port, binding.protocol) == (self.port, self.protocol)

    def _fits(self, binding: Binding, chosen: Collection[int | None]) -> bool:
        """Return whether a binding is right, given the host ports that were asked for by number."""
        place = {"any": True, "all": binding.wildcard, "loopback": binding.loopback, "nowhere": False}[self.address]
        random = not self.random or binding.host_port not in chosen
        return place and random and self.host_port in (None, binding.host_port)

    def _is_whole(self, fitting: list[Binding], bindings: list[Binding]) -> bool:
        """Return whether those that fit make up the demand: nothing wider stands beside, or no family is left out."""
        if self.address == "all":
            return not _for_ipv6_alone(fitting)
        return self.address != "loopback" or all(binding.loopback for binding in bindings)

    def _fault(self, scene: Scene, actor: Actor, bindings: list[Binding]) -> Cause:
        if bindings:
            return self._misplaced(scene, actor, bindings)
        if idle := causes.stopped(scene, actor):
            return idle
        return ports.unpublished(scene, actor, self.port, self.protocol)

    def _misplaced(self, scene: Scene, actor: Actor, bindings: list[Binding]) -> Cause:
        """Return what is wrong with where a port is published: too open comes first, then too closed."""
        tcp = self.protocol == "tcp"
        if tcp and self.address in ("loopback", "nowhere") and (fault := outside.opened(scene, actor, self.port)):
            return fault
        if tcp and self.address == "all" and not outside.ways(scene, actor, self.port):
            return outside.closed(scene, actor, self.port)
        places = in_words(b.shown for b in bindings)
        if self.address == "nowhere":
            return Cause(f"{actor.label}'s port {self.port} is published at {places}", "open")
        if self.address == "all" and _for_ipv6_alone(bindings):
            told = f"{actor.label}'s port {self.port} is published at {places} for IPv6 alone, not on all addresses"
            return Cause(
                f"{told}: leave the address out (-p {bindings[0].host_port}:{self.port})", "published-elsewhere"
            )
        told = f"{actor.label}'s port {self.port} is published at {places}, not{self._where()}"
        return Cause(told, "published-elsewhere")


def _for_ipv6_alone(bindings: list[Binding]) -> bool:
    """Return whether nothing is bound for IPv4: `[::]` listens for the other family alone."""
    return all(":" in binding.host_ip for binding in bindings)
