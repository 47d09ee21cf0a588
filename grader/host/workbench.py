"""Engines on which builds are made and torn down again, without a trace."""

from __future__ import annotations

from contextlib import closing, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from grader.host.collect import RUN_LABEL
from grader.host.faults import engine_errors
from grader.host.sidecar import REPOSITORY

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from docker import APIClient

    from grader.host.connect import Connection

_BUILT_IN = frozenset({"bridge", "host", "none"})
_PASSES = 3


@dataclass(frozen=True, slots=True)
class Things:
    """What is on an engine, by id or name, with what a reader calls it."""

    containers: Mapping[str, str] = field(default_factory=dict)
    networks: Mapping[str, str] = field(default_factory=dict)
    volumes: Mapping[str, str] = field(default_factory=dict)
    images: Mapping[str, str] = field(default_factory=dict)
    """By tag; `grade`'s own image for its probe is nobody's trace."""
    in_swarm: bool = False


def obstacles(connections: Mapping[str, Connection]) -> list[str]:
    """Return in words what stands on the engines already, so that a build would not be alone."""
    found = []
    for connection in connections.values():
        things = _things(connection)
        found += [f"the container {name}" for name in things.containers.values()]
        found += [f"the network {name}" for name in things.networks.values()]
        found += ["a swarm"] if things.in_swarm else []
    return found


def stock(connections: Mapping[str, Connection]) -> dict[str, Things]:
    """Return what is on each engine now."""
    return {name: _things(connection) for name, connection in connections.items()}


def clear(connections: Mapping[str, Connection], before: Mapping[str, Things]) -> list[str]:
    """Remove what was not there before, and return in words what could not be removed."""
    left: list[str] = []
    for name, connection in connections.items():
        for _ in range(_PASSES):
            left_here = _cleared(connection, before[name])
            if not left_here:
                break
        left += left_here
    return left


def _things(connection: Connection) -> Things:
    with engine_errors(connection.address), closing(connection.client()) as client:
        return _seen(client)


def _seen(client: APIClient) -> Things:
    containers = (each for each in client.containers(all=True) if RUN_LABEL not in (each.get("Labels") or {}))
    networks = (each for each in client.networks() if each["Name"] not in _BUILT_IN)
    volumes = (each["Name"] for each in client.volumes().get("Volumes") or ())
    tags = (tag for each in client.images() for tag in each.get("RepoTags") or ())
    return Things(
        containers={each["Id"]: (each.get("Names") or ["?"])[0].removeprefix("/") for each in containers},
        networks={each["Id"]: each["Name"] for each in networks},
        volumes={name: name for name in volumes},
        images={tag: tag for tag in tags if not tag.startswith(f"{REPOSITORY}:")},
        in_swarm=client.info()["Swarm"]["LocalNodeState"] != "inactive",
    )


def _cleared(connection: Connection, before: Things) -> list[str]:
    with engine_errors(connection.address), closing(connection.client()) as client:
        if not before.in_swarm and client.info()["Swarm"]["LocalNodeState"] != "inactive":
            client.leave_swarm(force=True)
        for kind, new, remove in _new(client, before):
            del kind
            for each in new:
                _try(remove, each)
        return [f"the {kind} {name}" for kind, new, _ in _new(client, before) for name in new.values()]


def _new(client: APIClient, before: Things) -> Iterator[tuple[str, dict[str, str], Callable[[str], None]]]:
    """Yield what came since, in the order in which it can be removed, and how."""

    def container(identity: str) -> None:
        client.remove_container(identity, force=True, v=True)

    def image(tag: str) -> None:
        client.remove_image(tag, force=True)

    now = _seen(client)
    for kind, there, known, remove in (
        ("container", now.containers, before.containers, container),
        ("network", now.networks, before.networks, client.remove_network),
        ("volume", now.volumes, before.volumes, client.remove_volume),
        ("image", now.images, before.images, image),
    ):
        yield kind, {each: name for each, name in there.items() if each not in known}, remove


def _try(remove: Callable[[str], None], what: str) -> None:
    """Remove a thing; what cannot be removed now is looked at again, and told of in the end."""
    from docker.errors import APIError

    with suppress(APIError):
        remove(what)
