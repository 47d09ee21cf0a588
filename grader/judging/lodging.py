"""Containers whose sandbox is other than it should be: none of their own, somebody else's, or left empty."""

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


def on_host(actor: Actor) -> str | None:
    """Return that an actor has no sandbox of its own, because it uses the host's."""
    if not actor.on_host:
        return None
    return f"{actor.label} uses the host's network (--network host), so it has no sandbox of its own"


def not_alone(scene: Scene, actor: Actor) -> str | None:
    """Return why an actor that should have loopback alone has more; a network of the rubric's goes before others."""
    if actor.on_host or not actor.networks:
        return on_host(actor)
    owner = scene.landlord(actor)
    if owner != actor:
        return f"{actor.label} and {owner.label} share one network sandbox"
    known = {network.name for name in scene.wants.networks if (network := scene.network(name, actor.host).network)}
    return f"{actor.label} is on {min(actor.networks, key=lambda name: name not in known)}, where it does not belong"


def intrusion(scene: Scene, actor: Actor) -> str | None:
    """Return that an actor is on a network of which the rubric does not want it."""
    matches = (scene.network(name, actor.host).network for name in scene.wants.networks_of(actor.role))
    wanted = {network.name for network in matches if network}
    others = [name for name in actor.networks if name not in wanted]
    return f"{actor.label} is on {others[0]}, where it does not belong" if wanted and others else None


def whereabouts(scene: Scene, actor: Actor) -> str | None:
    """Return in a few words where an actor's sandbox is, if it is not one of its own that leads somewhere."""
    if actor.on_host:
        return "on the host's network"
    owner = scene.owner(actor)
    if owner.id != actor.container.id:
        return f"in the sandbox of {owner.name}"
    return None if actor.endpoints else "loopback alone"


def network_mode(scene: Scene, actor: Actor) -> str:
    """Return what stood behind --network; it is bridge by default, and the engine turns a name into an id."""
    owner = actor.container.shares_sandbox_with
    if owner is None:
        return "bridge" if actor.container.network_mode == "default" else actor.container.network_mode
    known = scene.snapshot(actor.host).containers
    return f"container:{next((each.name for each in known if each.id == owner), owner[:12])}"


def misplaced(scene: Scene, actor: Actor, wanted: str) -> str:
    """Return that a container was started on another kind of network."""
    return f"{actor.label} was started with --network {network_mode(scene, actor)}, not with --network {wanted}"
