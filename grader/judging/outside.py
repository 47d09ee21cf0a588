"""What somebody outside the engine can use: published ports, and what listens in the host's own sandbox.

Outside is looked at from the engine's own network stack, at the address of its default bridge: what answers there
answers any other machine too, unless a firewall stands between. A port that is bound to loopback does not.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from grader.judging import lodging, ownership, ports, requests, sandboxes
from grader.judging.names import in_words
from grader.judging.scene import Actor, Scene, Spot
from grader.judging.verdict import Cause, Part, failed, unknown
from grader.models.probe import HOST, Connect, Exchanged, Reached
from grader.models.snapshot import Binding

_IN_THE_LAN = ("macvlan", "ipvlan")
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
        """The address with its port; loopback is only tried where it stands for all addresses."""
        six = ":" in self.address
        everywhere = "::" if six else "0.0.0.0"  # noqa: S104 - printed
        address = everywhere if is_loopback(self.address) else self.address
        return f"[{address}]:{self.port}" if six else f"{address}:{self.port}"


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


def _met_at(binding: Binding, front: tuple[str, ...]) -> tuple[str, ...]:
    """Return the addresses to try a binding at.

    What listens on all addresses of a family listens at loopback too, which stands for the others where the engine's
    bridges have none of that family.
    """
    found = sandboxes.ways_in(binding, front, on_host=True)
    return tuple(address for address in found if not is_loopback(address)) or found


def is_loopback(address: str) -> bool:
    """Return whether an address leads no further than the sandbox itself."""
    return address.startswith("127.") or address == "::1"


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
    return answer.state == "open" and listens_in_silence(scene, target, port)


def stolen(
    scene: Scene, want: str, target: Actor, through: Sequence[Way], *, known_by_words: bool = False
) -> Part | None:
    """Return a part when who answered on the host's own stack is another container, or may be."""
    for way in through:
        if way.binding is not None:
            continue
        if thief := ownership.taken(scene, target, way.address, way.port):
            return failed(want, f"{way.shown} is another container", thief)
        if doubt := ownership.disputed(scene, target, way.port, known_by_words=known_by_words):
            return unknown(want, doubt)
    return None


def speaks(scene: Scene, target: Actor, port: int) -> bool:
    """Return whether the service answers the same knock within its own sandbox."""
    knocks = (requests.knock(address, port, port) for address in target.addresses)
    return any(scene.exchange(target.spot, knock).response for knock in knocks)


def listens_in_silence(scene: Scene, target: Actor, port: int) -> bool:
    """Return whether the service accepts where it lives and says nothing there either: no words prove its absence."""
    here = next(iter(target.addresses), "")
    return not speaks(scene, target, port) and scene.reach(target.spot, here, port) == "open"


def closed(scene: Scene, target: Actor, port: int) -> Cause:
    """Return why no address of the engine's leads outsiders to the port."""
    if (target.role, HOST) in scene.wants.modes:
        return lodging.misplaced(scene, target, HOST)
    here = bindings(scene, target, port)
    if here:
        places = in_words(each.shown for each in here)
        told = f"port {port} of {target.label} is published at {places} only, which nobody outside can use"
        return Cause(told, "published-elsewhere")
    return ports.unpublished(scene, target, port)


def opened(scene: Scene, target: Actor, port: int) -> Cause | None:
    """Return what opens the port to outsiders, None if nothing does."""
    if target.on_host:
        told = f"{target.label} uses the host's network (--network host), so its port {port} is open to everybody"
        return Cause(told, "host-network")
    here = [each for each in bindings(scene, target, port) if not each.loopback]
    if not here:
        return None
    places = in_words(each.shown for each in here)
    return Cause(f"port {port} of {target.label} is published at {places}, which everybody outside can use", "open")


def beside(scene: Scene, target: Actor) -> str | None:
    """Return the network that puts the target into the LAN itself, where the engine's own host can not look."""
    networks = (scene.network_called(name, target.host) for name in target.networks)
    return next((each.name for each in networks if each and each.driver in _IN_THE_LAN and not each.internal), None)


def is_seen(scene: Scene, target: Actor) -> bool:
    """Return whether the engine's own stack was looked into, and something there did answer."""
    seen = scene.observation(spot(target))
    front = sandboxes.front_addresses(scene.snapshot(target.host))
    return seen is not None and any(
        isinstance(each.question, Connect)
        and (not front or each.question.address in front)
        and isinstance(each.answer, Reached)
        and each.answer.state in ("open", "refused")
        for each in seen.asked
    )
