"""Whose socket it is that answers on the engine's own stack, where all containers in host mode are one crowd.

The kernel tells which ports of the host are listened on, and tells nobody without privileges by whom.
"""

from collections.abc import Iterator

from grader.judging import imageref, sandboxes
from grader.judging.names import in_words
from grader.judging.scene import Actor, Scene
from grader.judging.verdict import Cause
from grader.models.probe import HOST
from grader.models.snapshot import Container

_ALIVE = ("running", "paused", "restarting")


def taken(scene: Scene, actor: Actor, address: str, port: int) -> Cause | None:
    """Return the container that Docker has given a port of the host, so that it is not the actor's."""
    for container in scene.snapshot(actor.host).containers:
        for binding in container.published:
            mine = binding.wildcard or binding.host_ip == address
            if (binding.host_port, binding.protocol) == (port, "tcp") and mine:
                told = f"port {port} of the host is taken by {container.name}, which publishes it ({binding.shown})"
                return Cause(told, "other-container")
    return None


def disputed(scene: Scene, actor: Actor, port: int, *, known_by_words: bool = False) -> str | None:
    """Return why nobody can tell whether a port of the host is the actor's: others live there who may hold it.

    Who declares other ports (EXPOSE) and not this one is believed. Where the answer's own words fit the actor, only
    somebody of its kind can be meant instead.
    """
    rivals = sorted({each.name for each in _rivals(scene, actor, port, known_by_words=known_by_words)})
    if not rivals:
        return None
    use = "uses" if len(rivals) == 1 else "use"
    return f"port {port} of the host may be {actor.label}'s or not: {in_words(rivals)} {use} the host's network too"


def _rivals(scene: Scene, actor: Actor, port: int, *, known_by_words: bool) -> Iterator[Container]:
    containers = scene.snapshot(actor.host).containers
    players = {each.container.id for each in scene.role(actor.role).actors}
    for container in containers:
        on_host = sandboxes.source_of(container, containers) == HOST
        if not on_host or container.id in players or container.state not in _ALIVE:
            continue
        declared = {each.number for each in container.exposed if each.protocol == "tcp"}
        if port in declared or _is_alike(container, actor.container) or not (declared or known_by_words):
            yield container


def _is_alike(one: Container, other: Container) -> bool:
    repositories = {imageref.parse(each.image).repository for each in (one, other)}
    return one.image_id == other.image_id or len(repositories) == 1
