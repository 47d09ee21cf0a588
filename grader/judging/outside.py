"""What somebody outside the engine can use: published ports, and what listens in the host's own sandbox.

Outside is looked at from the engine's own network stack, at the address of its default bridge: what answers there
answers any other machine too, unless a firewall stands between. A port that is bound to loopback does not.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from grader.judging import causes, requests, sandboxes
from grader.judging.names import in_words
from grader.judging.scene import Actor, Scene, Spot
from grader.models.probe import HOST, Connect, Exchanged, Reached
from grader.models.snapshot import Binding

OUTSIDE = "outside"
"""The word for it in a rubric, in the place of a role."""


@dataclass(frozen=True, slots=True)
class Way:
    """An address and port of the engine that lead to a container's port; `binding` is None on the host's own stack."""

    address: str
    port: int
    binding: Binding | None = None

    @property
    def shown(self) -> str:
        """The address with its port."""
        return f"[{self.address}]:{self.port}" if ":" in self.address else f"{self.address}:{self.port}"


def spot(target: Actor) -> Spot:
    """Return the sandbox that stands for outside."""
    return Spot(target.host, HOST)


def bindings(scene: Scene, target: Actor, port: int) -> list[Binding]:
    """Return what the engine has bound to a TCP port of the target's."""
    return [b for b in scene.owner(target).published if (b.port, b.protocol) == (port, "tcp") and b.host_port]


def ways(scene: Scene, target: Actor, port: int) -> list[Way]:
    """Return by which addresses outside can try the target's port."""
    front = sandboxes.front_addresses(scene.snapshot(target.host))
    if target.on_host:
        return [Way(address, port) for address in front]
    return [
        Way(address, binding.host_port or 0, binding)
        for binding in bindings(scene, target, port)
        if not binding.loopback
        for address in _met_at(binding, front)
    ]


def _met_at(binding: Binding, front: tuple[str, ...]) -> Iterator[str]:
    found = sandboxes.ways_in(binding, front, on_host=True)
    return (address for address in found if not address.startswith("127.") and address != "::1")


def said(scene: Scene, target: Actor, way: Way, port: int) -> Exchanged:
    """Return what came back by one way; on the host's own stack a connection that is accepted says enough."""
    if way.binding is None:
        return Exchanged(state=scene.reach(spot(target), way.address, way.port), response="")
    return scene.exchange(spot(target), requests.knock(way.address, way.port, port))


def is_through(scene: Scene, target: Actor, way: Way, port: int) -> bool:
    """Return whether the target itself answered: docker-proxy accepts on behalf of a closed port, so words count.

    A service that waits for its client to say something else says nothing to us, and is believed where it listens.
    """
    answer = said(scene, target, way, port)
    if way.binding is None or answer.response:
        return answer.state == "open"
    return (
        answer.state == "open"
        and not speaks(scene, target, port)
        and scene.reach(target.spot, next(iter(target.addresses), ""), port) == "open"
    )


def speaks(scene: Scene, target: Actor, port: int) -> bool:
    """Return whether the service answers the same knock within its own sandbox."""
    knocks = (requests.knock(address, port, port) for address in target.addresses)
    return any(scene.exchange(target.spot, knock).response for knock in knocks)


def closed(scene: Scene, target: Actor, port: int) -> str:
    """Return why no address of the engine's leads outsiders to the port."""
    here = bindings(scene, target, port)
    if here:
        places = in_words(each.shown for each in here)
        return f"port {port} of {target.label} is published at {places} only, which nobody outside can use"
    return causes.unpublished(scene, target, port)


def is_seen(scene: Scene, target: Actor) -> bool:
    """Return whether the engine's own stack was looked into, and something there did answer."""
    seen = scene.observation(spot(target))
    return seen is not None and any(
        isinstance(each.question, Connect)
        and isinstance(each.answer, Reached)
        and each.answer.state in ("open", "refused")
        for each in seen.asked
    )
