"""The names under which Docker's DNS knows a container, and lists of names in words."""

from collections.abc import Iterable

from grader.models.snapshot import Container


def dns_names(container: Container, networks: Iterable[str]) -> frozenset[str]:
    """Return what the embedded DNS answers to for a container on any of these networks.

    Engine 20.10 to 28 know the container's name, its aliases, the short id and the hostname.
    """
    wanted = set(networks)
    aliases = (alias for e in container.endpoints if e.network in wanted for alias in e.aliases)
    return frozenset({container.name, container.short_id, container.hostname, *aliases} - {""})


def own_names(container: Container) -> frozenset[str]:
    """Return the names that its maker gave a container, wherever they count: not its ids."""
    aliases = {alias for endpoint in container.endpoints for alias in endpoint.aliases}
    return frozenset({container.name, container.hostname, *aliases} - {"", container.short_id})


def is_among(name: str, names: Iterable[str]) -> bool:
    """Return whether a name is one of several: DNS does not mind capitals."""
    return name.lower() in (each.lower() for each in names)


def bearers(containers: Iterable[Container], name: str, networks: Iterable[str]) -> list[Container]:
    """Return the running containers that answer to `name` on any of these user-defined networks."""
    shared = set(networks)
    return [
        container
        for container in containers
        if container.state in ("running", "paused", "restarting")
        and is_among(name, dns_names(container, {e.network for e in container.endpoints} & shared))
        and shared & {e.network for e in container.endpoints}
    ]


def in_words(words: Iterable[str]) -> str:
    """Return `a`, `a and b`, or `a, b and c`."""
    listed = list(words)
    if len(listed) < 2:
        return "".join(listed)
    return f"{', '.join(listed[:-1])} and {listed[-1]}"
