"""Why a port is closed to those who should get through: not published, nobody listens, or what is sent is lost."""

from collections.abc import Iterable, Mapping

from grader.judging import sandboxes, swarms
from grader.judging.causes import adrift, apart, on_hosts_network
from grader.judging.names import in_words
from grader.judging.scene import Actor, Scene
from grader.judging.verdict import Cause, Passing, Unexplained
from grader.models.probe import Listener, Reach
from grader.models.snapshot import Container, Protocol


def unpublished(scene: Scene, actor: Actor, port: int, protocol: Protocol = "tcp") -> Cause:
    """Return why a port of a running container is bound nowhere on the engine's host."""
    if actor.on_host:
        return on_hosts_network(actor)
    owner = scene.owner(actor)
    if not any((each.port, each.protocol) == (port, protocol) for each in owner.requested):
        return Cause(_published_instead(actor, owner, port, protocol), "unpublished")
    if owner.network_mode == "none":
        told = f"{actor.label} is on no network (--network none), so Docker publishes nothing of it"
        return Cause(told, "no-network")
    joined = [net for name in actor.networks if (net := scene.network_called(name, actor.host))]
    if internal := [net.name for net in joined if net.internal]:
        return Cause(f"{internal[0]} is internal, so Docker does not publish port {port} of {actor.label}", "internal")
    if joined and not any(net.driver in ("bridge", "overlay") for net in joined):
        return swarms.other_driver(joined[0], "bridge")
    if not actor.endpoints:
        return adrift(scene, actor)  # once it is on a network, the engine binds what was asked for
    told = f"port {port} of {actor.label} was asked for with -p, but the engine has not bound it"
    return Cause(told, "unpublished")


def _published_instead(actor: Actor, owner: Container, port: int, protocol: Protocol) -> str:
    """Return what was asked for in place of a port that nobody asked to publish."""
    if any(each.port == port for each in owner.requested):
        others = in_words(sorted({each.protocol.upper() for each in owner.requested if each.port == port}))
        return f"port {port} of {actor.label} is published for {others} only, not for {protocol.upper()}"
    if owner.publish_all:
        return f"{actor.label} was started with -P, which publishes what is declared, and port {port} is not (EXPOSE)"
    if others := in_words(sorted({str(each.port) for each in owner.requested if each.protocol == protocol})):
        return f"{actor.label} publishes its port {others}, not its port {port}"
    return f"port {port} of {actor.label} is not published"


def deaf(scene: Scene, target: Actor, port: int) -> Cause | None:
    """Return why nobody can connect to a port: nothing listens there, or at loopback only."""
    sandbox = scene.sandbox(target)
    if sandbox is None:
        return None
    here = [listener for listener in sandbox.listeners if listener.port == port]
    if not here:
        return _listens_elsewhere(target, port, sandboxes.listeners_of(sandbox))
    if all(_is_loopback(listener.address) for listener in here):
        where = f"{here[0].address}:{port}"
        told = f"{target.label} listens on {where} only, which nobody outside its sandbox can reach"
        return Passing(told, "loopback")
    return None


def _listens_elsewhere(target: Actor, port: int, listeners: Iterable[Listener]) -> Passing:
    others = sorted({each.port for each in listeners})
    if others and not target.on_host:
        told = f"{target.label} listens on port {in_words(map(str, others))}, not on {port}"
        return Passing(told, "other-port")
    if target.on_host:
        told = f"nothing listens on port {port} of the host, whose network {target.label} uses"
        return Passing(told, "not-listening")
    return Passing(f"nothing listens on port {port} in {target.label}", "not-listening")


def _is_loopback(address: str) -> bool:
    return address.startswith("127.") or address == "::1"


def unanswered(scene: Scene, source: Actor, target: Actor, port: int | None, how: str) -> Cause:
    """Return the cause of a connection, or of a ping without a port, that failed between two containers that run."""
    if fault := apart(scene, source, target):
        return fault
    if port is None:
        return Unexplained(f"what {source.label} sends to {target.label} is lost ({how})", "lost")
    wire = "" if source.host == target.host else "; between engines, 7946 and 4789/udp have to be open"
    told = f"{target.label} listens on port {port}, but what {source.label} sends there is lost ({how}){wire}"
    return deaf(scene, target, port) or Unexplained(told, "lost")


def how_it_went(states: Mapping[str, Reach]) -> str:
    """Return the answers of all addresses in words."""
    return in_words(f"{address}: {state}" for address, state in states.items()) or "it has no address"
