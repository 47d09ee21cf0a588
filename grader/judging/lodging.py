"""Containers without a network of their own: on none, or in what is left of another one's sandbox."""

from grader.judging import sandboxes
from grader.judging.scene import Actor, Scene


def secluded(scene: Scene, actor: Actor) -> str | None:
    """Return why an actor has nothing but loopback, as far as its own making tells."""
    container = actor.container
    if actor.endpoints or actor.on_host or container.state != "running":
        return None
    if container.network_mode == "none":
        return f"{actor.label} is on no network (--network none)"
    everybody = scene.snapshot(actor.host).containers
    if sandboxes.owner_of(container, everybody):
        return None
    wanted = container.shares_sandbox_with
    owner = next((each for each in everybody if wanted in (each.id, each.name)), None)
    if owner is None:
        return f"{actor.label} sits in what is left of the sandbox of a container that is gone: make it anew"
    return (
        f"{owner.name} was stopped after {actor.label} had joined its sandbox, of which only loopback is left: "
        f"docker restart {container.name}, while {owner.name} runs"
    )
