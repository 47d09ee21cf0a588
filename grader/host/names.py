"""The names of containers, which a command line may want to complete where an engine answers at once."""

from __future__ import annotations

from contextlib import closing

from grader.host.collect import RUN_LABEL
from grader.host.connect import connect
from grader.host.faults import engine_errors


def container_names(host: str | None, timeout: float) -> list[str]:
    """Return the names of an engine's containers; EngineError or UsageError where it does not answer."""
    connection = connect(host, timeout)
    with engine_errors(connection.address), closing(connection.client()) as client:
        raws = [raw for raw in client.containers(all=True) if RUN_LABEL not in (raw.get("Labels") or {})]
    return sorted(name.removeprefix("/") for raw in raws for name in (raw.get("Names") or [])[:1])
