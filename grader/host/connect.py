"""Find the engine that the user means, and say plainly why it cannot be spoken to."""

from __future__ import annotations

import os
import re
import sys
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from grader.errors import EngineUnsupported, UsageError, meant
from grader.host.faults import BY_NETWORK, engine_errors, not_docker

if TYPE_CHECKING:
    from docker import APIClient

_OLDEST, _NEWEST = (1, 40), (1, 51)
"""Engine 19.03 speaks 1.40, Engine 28.5 speaks 1.51; a newer engine is asked to speak what we know."""
_SCHEMES = ("unix://", "npipe://", *BY_NETWORK)
_LOCAL = "npipe:////./pipe/docker_engine" if sys.platform == "win32" else "unix:///var/run/docker.sock"


@dataclass(frozen=True, slots=True)
class Connection:
    """How to speak to one engine; `client` makes a client for the calling thread, because none may be shared."""

    base_url: str
    timeout: float
    version: str = ""
    tls: Any = field(default=False, repr=False)

    def client(self) -> APIClient:
        """Return a new client; nothing is sent yet."""
        import docker

        version = self.version or _dotted(_NEWEST)
        # types-docker says int, but requests takes seconds as a float as well.
        timeout: Any = self.timeout
        return docker.APIClient(base_url=self.base_url, version=version, timeout=timeout, tls=self.tls)


def connect(host: str | None, timeout: float) -> Connection:
    """Return a connection to the engine that `host` names: a context, a URL, or None for docker's own choice.

    Raises EngineError with a remedy when it does not answer, and UsageError for a name that means nothing.
    """
    found = _resolve(host, timeout)
    with engine_errors(found.base_url):
        client = found.client()
        try:
            offered: object = client.version(api_version=False)
        finally:
            client.close()
    if not isinstance(offered, dict) or "ApiVersion" not in offered:
        raise not_docker(found.base_url, "it tells no API version")
    try:
        version = _agreed(_number(offered["ApiVersion"]), _number(offered.get("MinAPIVersion") or "1.12"))
    except ValueError as fault:
        raise not_docker(found.base_url, str(fault)) from fault
    return replace(found, version=version)


def _resolve(host: str | None, timeout: float) -> Connection:
    chosen = host or os.environ.get("DOCKER_HOST") or os.environ.get("DOCKER_CONTEXT")
    if chosen and "://" in chosen:
        url = _checked(chosen)
        return Connection(url, timeout, tls=_tls_of_environment() if url.startswith(BY_NETWORK) else False)
    return _from_context(chosen, timeout)


def _tls_of_environment() -> Any:
    from docker.errors import TLSParameterError
    from docker.utils import kwargs_from_env

    try:
        return kwargs_from_env().get("tls") or False
    except TLSParameterError as fault:
        folder = os.environ.get("DOCKER_CERT_PATH") or Path("~/.docker").expanduser()
        raise UsageError(
            f"TLS is asked for, but {folder} does not hold ca.pem, cert.pem and key.pem",
            "set DOCKER_CERT_PATH to the folder that holds them, or unset DOCKER_TLS_VERIFY and DOCKER_CERT_PATH",
        ) from fault


def _checked(url: str) -> str:
    if url.startswith("ssh://"):
        raise UsageError(
            f"{url}: ssh hosts are not graded directly yet",
            "forward the socket, then grade it: ssh -NL /tmp/lab.sock:/var/run/docker.sock HOST, "
            "and --host unix:///tmp/lab.sock",
        )
    if not url.startswith(_SCHEMES):
        raise UsageError(f"{url}: not an engine's address", f"use one of {', '.join(_SCHEMES)} or a context's name")
    if url.startswith("unix://" if sys.platform == "win32" else "npipe://"):
        raise UsageError(f"{url}: this system has no such sockets", f"the usual place here is {_LOCAL}")
    if url.startswith(BY_NETWORK) and not _port(url):
        raise UsageError(
            f"{url}: the port is missing or is none", "2376 is usual with TLS, 2375 without: tcp://HOST:2376"
        )
    return url


def _port(url: str) -> int | None:
    try:
        return urlsplit(url).port
    except ValueError:
        return None


def _from_context(name: str | None, timeout: float) -> Connection:
    from docker.context import ContextAPI
    from docker.context.config import get_current_context_name
    from docker.errors import DockerException

    wanted = name or get_current_context_name()
    try:
        known = {context.Name for context in ContextAPI.contexts()}
        settings = ContextAPI.kwargs_from_context(wanted) if wanted in known else {}
    except DockerException as fault:
        raise UsageError(
            f"the Docker contexts cannot be read: {fault}",
            "docker context ls may tell which one is damaged; --host with an address does without contexts",
        ) from fault
    if wanted not in known:
        raise UsageError(
            f"there is no Docker context called {wanted}",
            meant(
                wanted,
                known,
                f"docker context ls shows them ({', '.join(sorted(known))}); "
                "an address needs its scheme, as in unix://PATH",
            ),
        )
    return Connection(_checked(settings.get("base_url") or _LOCAL), timeout, tls=settings.get("tls") or False)


def _agreed(newest: tuple[int, int], oldest: tuple[int, int]) -> str:
    if newest < _OLDEST:
        raise EngineUnsupported(
            f"the engine speaks API {_dotted(newest)}, and grade needs {_dotted(_OLDEST)} or newer",
            "update Docker to 20.10 or newer",
        )
    if oldest > _NEWEST:
        raise EngineUnsupported(
            f"the engine speaks only API {_dotted(oldest)} and newer, and grade knows up to {_dotted(_NEWEST)}",
            "update grade",
        )
    return _dotted(min(newest, _NEWEST))


def _number(text: object) -> tuple[int, int]:
    match = re.fullmatch(r"(\d+)\.(\d+)", str(text))
    if match is None:
        raise ValueError(f"{text!r} is no API version")
    return int(match[1]), int(match[2])


def _dotted(version: tuple[int, int]) -> str:
    return ".".join(map(str, version))
