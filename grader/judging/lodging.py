"""Containers whose sandbox is other than it should be: none of their own, somebody else's, or left empty."""

from grader.judging import sandboxes
from grader.judging.scene import Actor, Scene
from grader.judging.verdict import Cause


def secluded(scene: Scene, actor: Actor) -> Cause | None:
    """Return why an actor has nothing but loopback, as far as its own making tells."""
    container = actor.container
    if actor.endpoints or actor.on_host or container.state != "running":
        return None
    if container.network_mode == "none":
        return Cause(f"{actor.label} is on no network (--network none)", "no-network")
    everybody = scene.snapshot(actor.host).containers
    if sandboxes.owner_of(container, everybody):
        return None
    wanted = container.shares_sandbox_with
    owner = next((each for each in everybody if wanted in (each.id, each.name)), None)
    if owner is None:
        told = f"{actor.label} sits in what is left of the sandbox of a container that is gone: make it anew"
        return Cause(told, "no-network")
    told = f"{owner.name} was stopped after {actor.label} had joined its sandbox, of which only loopback is left"
    return Cause(f"{told}: docker restart {container.name}, while {owner.name} runs", "no-network")


def on_host(actor: Actor) -> Cause | None:
    """Return that an actor has no sandbox of its own, because it uses the host's."""
    return homeless(actor) if actor.on_host else None


def homeless(actor: Actor) -> Cause:
    """Return what is wrong with an actor that uses the host's sandbox and should have one of its own."""
    told = f"{actor.label} uses the host's network (--network host), so it has no sandbox of its own"
    return Cause(told, "host-network")


def not_alone(scene: Scene, actor: Actor) -> Cause | None:
    """Return why an actor that should have loopback alone has more; a network of the rubric's goes before others."""
    if actor.on_host or not actor.networks:
        return on_host(actor)
    owner = scene.landlord(actor)
    if owner != actor:
        return Cause(f"{actor.label} and {owner.label} share one network sandbox", "shared-sandbox")
    known = {network.name for name in scene.wants.networks if (network := scene.network(name, actor.host).network)}
    found = min(actor.networks, key=lambda name: name not in known)
    return Cause(f"{actor.label} is on {found}, where it does not belong", "forbidden")


def intrusion(scene: Scene, actor: Actor) -> Cause | None:
    """Return that an actor is on a network of which the rubric does not want it."""
    matches = (scene.network(name, actor.host).network for name in scene.wants.networks_of(actor.role))
    wanted = {network.name for network in matches if network}
    others = [name for name in actor.networks if name not in wanted]
    if not (wanted and others):
        return None
    return Cause(f"{actor.label} is on {others[0]}, where it does not belong", "forbidden")


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


def misplaced(scene: Scene, actor: Actor, wanted: str) -> Cause:
    """Return that a container was started on another kind of network."""
    told = f"{actor.label} was started with --network {network_mode(scene, actor)}, not with --network {wanted}"
    return Cause(told, "network-mode")
