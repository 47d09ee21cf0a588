"""Which network sandbox a container lives in, and what it is called as a source of observations."""

from collections.abc import Iterable

from grader.models.snapshot import Container, Endpoint

HOST = "host"
"""The source that stands for the engine's own network stack."""



def owner_of(container: Container, containers: Iterable[Container]) -> Container | None:
    """Return the container whose sandbox this one lives in: itself, another one, or None if that is gone."""
    known = tuple(containers)
    for _ in known:
        wanted = container.shares_sandbox_with
        if wanted is None:
            return container
        owner = next((other for other in known if wanted in (other.id, other.name)), None)
        if owner is None:
            return None
        container = owner
    return container


def source_of(container: Container, containers: Iterable[Container]) -> str:
    """Return the source whose observation tells what `container` sees."""
    owner = owner_of(container, containers) or container
    return HOST if owner.network_mode == "host" else owner.id


def endpoints_of(container: Container, containers: Iterable[Container]) -> tuple[Endpoint, ...]:
    """Return the endpoints that `container` uses, its own or those of the sandbox that it joined."""
    owner = owner_of(container, containers)
    return tuple(e for e in owner.endpoints if e.network not in ("host", "none")) if owner else ()
