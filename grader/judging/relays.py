"""Containers that stand between two others and may pass on what one of them says."""

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
    for host, container in everybody:
        between = _actor(scene, host, container)
        if container.state != "running" or container.id in playing or between.spot in (source.spot, target.spot):
            continue
        heard = (_met(scene, source, between, port), _answered(scene.reaches(between, target, port).values()))
        if False not in heard:
            yield between, None not in heard


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
