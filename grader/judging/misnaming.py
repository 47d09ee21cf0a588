"""Why a name does not lead to whom it should: who bears it instead, and what the right one is called."""

from grader.judging.names import bearers, dns_names, in_words, is_among
from grader.judging.scene import Actor, Scene
from grader.judging.verdict import Cause


def misnamed(scene: Scene, source: Actor, name: str, target: Actor) -> Cause | None:
    """Return why `name` does not lead to the target on the networks that it shares with the source.

    Other roles that the rubric wants to bear the same name are no strangers to it.
    """
    shared = [network.name for network in scene.shared_networks(source, target) if network.name != "bridge"]
    near = (each for host in {source.host, target.host} for each in scene.snapshot(host).containers)
    borne = bearers(near, name, shared)
    where = in_words(shared)
    rightful = {target.container.id, *_peers(scene, source, name, target)}
    others = [container for container in borne if container.id not in rightful]
    if others and len(others) == len(borne):
        whose = in_words(sorted(c.name for c in others))
        told = f"the name {name} on {where} belongs to another container ({whose}), not to {target.label}"
        return Cause(told, "other-container")
    if others:
        alone = "for one alone" if len(rightful) == 1 else "only for those that should share it"
        told = f"the name {name} on {where} answers for {in_words(sorted(c.name for c in borne))}, not {alone}"
        return Cause(told, "other-container")
    if any(container.id == target.container.id for container in borne):
        return None
    if (owner := scene.owner(target)).id != target.container.id:
        told = f"{target.label} has no name of its own on any network: it lives in the sandbox of {owner.name}"
        return Cause(told, "shared-sandbox")
    story = _names_instead(scene, source, target, name, shared)
    if borne:
        return Cause(f"{target.label} does not answer to the name {name} on {where}: {story}", "unknown-name")
    return Cause(f"nothing answers to the name {name} on {where}: {story}", "unknown-name")


def _peers(scene: Scene, source: Actor, name: str, target: Actor) -> set[str]:
    """Return the containers of the other roles that should answer to the same name."""
    roles = (w.target for w in scene.wants.names if (w.source, w.name) == (source.role, name))
    return {actor.container.id for role in roles if role != target.role for actor in scene.role(role).actors}


def _names_instead(scene: Scene, source: Actor, target: Actor, name: str, shared: list[str]) -> str:
    aliases = dns_names(target.container, shared) - {target.container.name, target.container.short_id}
    has = f"has the alias {in_words(sorted(aliases))}" if aliases else "has no alias"
    story = f"the container is called {target.container.name} and {has}"
    if elsewhere := [each.network for each in target.endpoints if is_among(name, each.aliases)]:
        story = _alias_elsewhere(target, name, elsewhere, shared)
    if _in_hosts(scene, source, name):
        return f"{story}; the hosts file of {source.label} knows it, but that is not Docker's DNS"
    return story


def _alias_elsewhere(target: Actor, name: str, networks: list[str], shared: list[str]) -> str:
    """Return that an alias counts on the network alone that it was given for."""
    called = target.container.name
    story = f"{called} has this alias on {in_words(networks)} alone"
    if not shared:
        return story
    again = f"docker network disconnect {shared[0]} {called}, then docker network connect --alias {name}"
    return f"{story}, where it was given: {again} {shared[0]} {called}"


def _in_hosts(scene: Scene, source: Actor, name: str) -> bool:
    sandbox = scene.sandbox(source)
    return sandbox is not None and any(is_among(name, entry.names) for entry in sandbox.hosts)
