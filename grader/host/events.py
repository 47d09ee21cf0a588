"""The engine's event stream, read as it comes; whoever reads it decides what an event means."""

from __future__ import annotations

from contextlib import closing, suppress
from typing import TYPE_CHECKING, Any

from grader.host.collect import RUN_LABEL
from grader.host.faults import engine_errors
from grader.models.event import Event

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from docker import APIClient

    from grader.host.connect import Connection

_KINDS = ("container", "network", "image", "service", "node", "daemon")
"""Volumes, builds and plug-ins change nothing that is judged."""


class Stream:
    """The events of one engine from now on; iteration ends when the engine goes away or `close` is called."""

    def __init__(self, client: APIClient, raw: Any) -> None:
        self._client = client
        self._raw = raw

    def __iter__(self) -> Iterator[Event]:
        from docker.errors import DockerException, StreamParseError
        from requests.exceptions import RequestException
        from urllib3.exceptions import HTTPError

        # However it breaks off, in the middle of a line or of a chunk, the next attempt to connect tells why.
        with suppress(DockerException, StreamParseError, RequestException, HTTPError, OSError, ValueError):
            for raw in self._raw:
                yield _event(raw)

    def close(self) -> None:
        """End the iteration, from any thread."""
        from docker.errors import DockerException

        # Half of the SDK's way to the socket may have been torn down by whoever reads.
        with suppress(DockerException, OSError, AttributeError):
            self._raw.close()
        self._client.close()


def subscribe(connection: Connection) -> Stream:
    """Return the engine's events from this moment on, or raise EngineError.

    The moment is taken from the engine's own clock first, so that nothing is missed between the two requests.
    """
    with engine_errors(connection.address):
        with closing(connection.client()) as client:
            since = _seconds(client.info()["SystemTime"])
        listening = connection.client()
        # types-docker wants whole seconds, in which a whole burst would fit; the engine takes fractions.
        start: Any = since
        return Stream(listening, listening.events(since=start, filters={"type": list(_KINDS)}, decode=True))


def _seconds(moment: str) -> str:
    from grader.models.snapshot import Engine

    now: datetime = Engine.model_validate(
        {"id": "", "name": "", "version": "", "api_version": "", "os": "", "architecture": "", "now": moment}
    ).now
    return f"{now.timestamp():.6f}"


def _event(raw: Mapping[str, Any]) -> Event:
    actor = raw.get("Actor") or {}
    attributes = actor.get("Attributes") or {}
    return Event(
        kind=raw.get("Type") or "",
        action=str(raw.get("Action") or "").partition(":")[0],
        id=actor.get("ID") or "",
        name=attributes.get("name") or "",
        container=attributes.get("container") or "",
        ours=RUN_LABEL in attributes,
    )
