"""How a container's sandbox is set up to find names: its resolver, its search domains, its hosts file."""

from collections.abc import Iterator

from grader.judging.sandboxes import EMBEDDED_DNS
from grader.judging.scene import Actor, Scene

DEFAULT_BRIDGE = "bridge"


def is_embedded(scene: Scene, actor: Actor) -> bool:
    """Return whether Docker's own resolver stands in the sandbox's resolv.conf."""
    sandbox = scene.sandbox(actor)
    return sandbox is not None and EMBEDDED_DNS in sandbox.nameservers


def user_defined(actor: Actor) -> tuple[str, ...]:
    """Return the networks of an actor on which Docker's own resolver knows names."""
    return tuple(name for name in actor.networks if name != DEFAULT_BRIDGE)


def servers(scene: Scene, actor: Actor) -> tuple[str, ...]:
    """Return the servers that are asked in the end, empty where Docker's resolver forwards to the host's.

    Behind Docker's resolver only the wish is to be seen. A sidecar on the host's network has the host's
    own resolv.conf, never the one that Docker has written for the container.
    """
    sandbox = scene.sandbox(actor)
    wished = scene.owner(actor).dns
    if sandbox is None or is_embedded(scene, actor) or (actor.on_host and wished):
        return wished
    return sandbox.nameservers


def search(scene: Scene, actor: Actor) -> tuple[str, ...]:
    """Return the domains that are tried behind a name."""
    sandbox, wished = scene.sandbox(actor), scene.owner(actor).dns_search
    return wished if sandbox is None or (actor.on_host and wished) else sandbox.search


def hosts(scene: Scene, actor: Actor) -> Iterator[tuple[str, str]]:
    """Yield the names of the hosts file, in small letters, each with its address, in the order of the file."""
    sandbox = scene.sandbox(actor)
    if actor.on_host or sandbox is None:
        pairs = (text.partition(":") for text in scene.owner(actor).extra_hosts)
        yield from ((name.lower(), address) for name, _, address in pairs)
    else:
        yield from ((name.lower(), entry.address) for entry in sandbox.hosts for name in entry.names)


def speaks(scene: Scene, actor: Actor) -> bool:
    """Return whether the resolver answered to one of the container's own names, which it has to know."""
    names = {name for each in (actor.container, scene.owner(actor)) for name in (each.name, each.short_id)}
    return any(scene.lookup(actor.spot, name).addresses for name in names)
