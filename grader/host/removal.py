"""What stands on an engine, listed whole, and single things of it removed by their ids."""

from __future__ import annotations

import re
import time
from contextlib import closing
from typing import TYPE_CHECKING, Any

from grader.host.collect import RUN_LABEL
from grader.host.faults import engine_errors
from grader.models.inventory import Link, Placed, Stock
from grader.models.snapshot import SERVICE_LABEL

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from docker import APIClient

    from grader.host.connect import Connection

_ANONYMOUS = re.compile(r"[0-9a-f]{64}")
_COMPOSE, _STACK = "com.docker.compose.project", "com.docker.stack.namespace"
_SERVICE_NAME = "com.docker.swarm.service.name"
_PATIENCE, _PAUSE = 15.0, 0.2
"""Seconds in which a container that was removed leaves its networks, which takes a swarm longest."""


def stock(connection: Connection) -> Stock:
    """Return everything on an engine but the sidecars of grade."""
    with engine_errors(connection.address), closing(connection.client()) as client:
        raws = [raw for raw in client.containers(all=True) if RUN_LABEL not in (raw.get("Labels") or {})]
        swarm = client.info().get("Swarm") or {}
        return Stock(
            containers=tuple(sorted(map(_container, raws), key=lambda each: (each.name, each.id))),
            networks=tuple(sorted(map(_network, client.networks()), key=lambda each: (each.name, each.id))),
            built=frozenset(
                tag for raw in client.images() if not raw.get("RepoDigests") for tag in raw.get("RepoTags") or ()
            ),
            manages_swarm=bool(swarm.get("ControlAvailable")),
            in_swarm=(swarm.get("LocalNodeState") or "inactive") != "inactive",
        )


def remove_container(connection: Connection, identity: str) -> str | None:
    """Remove a container with its anonymous volumes; return why it could not be, None if it is gone."""
    return _tried(connection, lambda client: client.remove_container(identity, v=True, force=True))


def remove_service(connection: Connection, identity: str) -> str | None:
    """Remove a swarm's service, whose containers follow after a while."""
    return _tried(
        connection,
        lambda client: client.remove_service(identity),  # type: ignore[no-untyped-call]  # types-docker lacks it
    )


def await_gone(connection: Connection, containers: frozenset[str]) -> None:
    """Wait until an engine has none of these containers any more."""
    _wait(lambda: not containers & {each.id for each in stock(connection).containers})


def remove_network(connection: Connection, identity: str, name: str) -> str | None:
    """Remove a network; one that somebody has come to meanwhile stays, even if they are stopped.

    Containers that were removed leave it after a while, so it is tried again and again.
    """
    faults: list[str | None] = [None]

    def removed() -> bool:
        users = _users(connection, identity, name)
        faults[0] = (
            f"{', '.join(users)} is on it"
            if users
            else _tried(connection, lambda client: client.remove_network(identity))
        )
        return faults[0] is None

    _wait(removed)
    return faults[0]


def _users(connection: Connection, identity: str, name: str) -> list[str]:
    return [each.name for each in stock(connection).containers if {identity, name} & {*each.networks}]


def remove_image(connection: Connection, tag: str) -> str | None:
    """Take a tag off an image, and remove that when it was its last one and nobody uses it."""
    return _tried(connection, lambda client: client.remove_image(tag))


def _tried(connection: Connection, remove: Callable[[APIClient], object]) -> str | None:
    from docker.errors import APIError, NotFound

    with engine_errors(connection.address), closing(connection.client()) as client:
        try:
            remove(client)
        except NotFound:
            return None
        except APIError as fault:
            return str(fault.explanation or fault)
        return None


def _wait(done: Callable[[], bool]) -> None:
    deadline = time.monotonic() + _PATIENCE
    while not done() and time.monotonic() < deadline:
        time.sleep(_PAUSE)


def _container(raw: Mapping[str, Any]) -> Placed:
    labels = raw.get("Labels") or {}
    networks = (raw.get("NetworkSettings") or {}).get("Networks") or {}
    volumes = [each.get("Name") or "" for each in raw.get("Mounts") or () if each.get("Type") == "volume"]
    return Placed(
        id=raw["Id"],
        name=(raw.get("Names") or ["?"])[0].removeprefix("/"),
        image=raw.get("Image") or "",
        mode=(raw.get("HostConfig") or {}).get("NetworkMode") or "default",
        networks=tuple((each or {}).get("NetworkID") or name for name, each in networks.items()),
        project=labels.get(_COMPOSE) or labels.get(_STACK),
        service=labels.get(SERVICE_LABEL),
        service_name=labels.get(_SERVICE_NAME) or "",
        anonymous=tuple(name for name in volumes if _ANONYMOUS.fullmatch(name)),
        named=tuple(name for name in volumes if name and not _ANONYMOUS.fullmatch(name)),
    )


def _network(raw: Mapping[str, Any]) -> Link:
    labels = raw.get("Labels") or {}
    return Link(
        id=raw["Id"],
        name=raw["Name"],
        scope=raw.get("Scope") or "local",
        project=labels.get(_COMPOSE) or labels.get(_STACK),
    )
