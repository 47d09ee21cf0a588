"""Containers that stand between two others and may pass on what one of them says.

The host's own network stack reaches every bridge, so that there it proves nothing that the target is met: only who
hears the target's own voice on the host has met a relay. A service of its own on the same port is none.
"""

from collections.abc import Iterable, Iterator

from grader.judging import requests, sandboxes
from grader.judging.scene import Actor, Scene
from grader.models.probe import Reach
from grader.models.snapshot import Container


def relays(scene: Scene, source: Actor, target: Actor, port: int) -> Iterator[tuple[Actor, bool]]:
    """Yield who is met by the source on the target's port and itself meets the target there.

    Beside each stands whether that was seen; if not, the evidence leaves it open.
    """
    playing = {actor.container.id for role in (source.role, target.role) for actor in scene.role(role).actors}
    everybody = [(host, each) for host in scene.evidence.hosts for each in scene.snapshot(host).containers]
    for host, container in sorted(everybody, key=lambda each: _declares_others(each[1], port)):
        between = _actor(scene, host, container)
        if container.state != "running" or container.id in playing or between.spot in (source.spot, target.spot):
            continue
        behind = _answered(scene.reaches(between, target, port).values())
        if between.on_host and behind:
            behind = _speaks_for(scene, between, target, port)
        heard = (_met(scene, source, between, port), behind)
        if False not in heard:
            yield between, None not in heard


def way(source: Actor, between: Actor, target: Actor, port: int) -> str:
    """Return in words who passes something on; on the host it may be a program that is in no container."""
    if between.on_host and _declares_others(between.container, port):
        return f"{source.label} reaches port {port} of the host, and what listens there passes it on to {target.label}"
    return f"{source.label} reaches {between.label} on port {port}, and {between.label} reaches {target.label}"


def _declares_others(container: Container, port: int) -> bool:
    declared = {each.number for each in container.exposed if each.protocol == "tcp"}
    return bool(declared) and port not in declared


def _actor(scene: Scene, host: str, container: Container) -> Actor:
    """Return the container in its role, or as one that plays none."""
    cast = (actor for match in scene.cast.values() for actor in match.actors)
    known = next((actor for actor in cast if actor.container.id == container.id), None)
    snapshot = scene.snapshot(host)
    endpoints = sandboxes.endpoints_of(container, snapshot.containers)
    source = sandboxes.source_of(container, snapshot.containers)
    gateways = sandboxes.gateways_of(endpoints, snapshot)
    return known or Actor(container.name, host, container, endpoints, gateways, source)


def _met(scene: Scene, source: Actor, between: Actor, port: int) -> bool | None:
    """Return whether the source got through to somebody's port, at its addresses or where it is published."""
    if between.on_host and _is_taken(scene, between.host, port):
        return False
    found = {_answered(scene.reaches(source, between, port).values()), _published(scene, source, between, port)}
    return True if True in found else None if None in found else False


def _speaks_for(scene: Scene, between: Actor, target: Actor, port: int) -> bool | None:
    """Return whether who answers on the host is the target, by the id that its process made up."""
    if not requests.has_identity(port):
        return False
    addresses = (sandboxes.engine_addresses(scene.snapshot(between.host)), target.addresses)
    here, there = ([scene.exchange(between.spot, requests.introduction(a, port)) for a in each] for each in addresses)
    if {requests.identity(each.response) for each in here} & {requests.identity(each.response) for each in there} - {
        None
    }:
        return True
    return None if any(each.state == "not-observed" for each in (*here, *there)) else False


def _is_taken(scene: Scene, host: str, port: int) -> bool:
    """Return whether the engine itself holds a port of the host, so that nobody on the host's network does."""
    return any(binding.host_port == port for each in scene.snapshot(host).containers for binding in each.published)


def _published(scene: Scene, source: Actor, between: Actor, port: int) -> bool | None:
    bound = (each for each in scene.owner(between).published if (each.port, each.protocol) == (port, "tcp"))
    answers = [
        scene.exchange(source.spot, requests.knock(address, binding.host_port, port))
        for binding in bound
        if binding.host_port
        for address in sandboxes.ways_in(binding, source.gateways, on_host=source.on_host)
    ]
    if any(answer.response for answer in answers):
        return True
    return None if any(answer.state == "not-observed" for answer in answers) else False


def _answered(states: Iterable[Reach]) -> bool | None:
    """Return whether one of several addresses accepted, None if that was not tried at all of them."""
    seen = set(states)
    return True if "open" in seen else None if "not-observed" in seen else False
