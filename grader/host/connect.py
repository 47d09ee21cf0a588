"""Find the engine that the user means, and say plainly why it cannot be spoken to."""

from __future__ import annotations

import errno
import os
import re
import sys
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from grader.errors import (
    EngineError,
    EngineForbidden,
    EngineTimeout,
    EngineUnreachable,
    EngineUnsupported,
    UsageError,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from docker import APIClient

_OLDEST, _NEWEST = (1, 40), (1, 51)
"""Engine 19.03 speaks 1.40, Engine 28.5 speaks 1.51; a newer engine is asked to speak what we know."""
_SCHEMES = ("unix://", "npipe://", "tcp://", "http://", "https://")


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
            offered = client.version(api_version=False)
        finally:
            client.close()
    return replace(found, version=_agreed(offered))


def _resolve(host: str | None, timeout: float) -> Connection:
    from docker.errors import DockerException
    from docker.utils import kwargs_from_env

    chosen = host or os.environ.get("DOCKER_HOST")
    try:
        if chosen and "://" in chosen:
            env = kwargs_from_env() if not host or host == os.environ.get("DOCKER_HOST") else {}
            return Connection(_checked(chosen), timeout, tls=env.get("tls") or False)
        return _from_context(chosen, timeout)
    except DockerException as fault:
        raise UsageError(
            f"the Docker settings are wrong: {fault}", "check DOCKER_HOST and DOCKER_TLS_VERIFY"
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
    if url.startswith("tcp://") and not re.search(r":\d+/?$", url):
        raise UsageError(f"{url}: the port is missing", "2376 is usual with TLS, 2375 without: tcp://HOST:2376")
    return url


def _from_context(name: str | None, timeout: float) -> Connection:
    from docker.context import ContextAPI

    known = {context.Name for context in ContextAPI.contexts()}
    if name and name not in known:
        raise UsageError(
            f"there is no Docker context called {name}",
            f"docker context ls shows them ({', '.join(sorted(known))}); an address needs its scheme, as in unix://PATH",
        )
    settings = ContextAPI.kwargs_from_context(name)
    url = settings.get("base_url") or ("npipe:////./pipe/docker_engine" if sys.platform == "win32" else _SOCKET)
    return Connection(_checked(url), timeout, tls=settings.get("tls") or False)


_SOCKET = "unix:///var/run/docker.sock"


def _agreed(offered: dict[str, Any]) -> str:
    newest = _number(offered.get("ApiVersion"))
    oldest = _number(offered.get("MinAPIVersion", "1.12"))
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
        raise EngineUnsupported("what answers there is no Docker Engine", "check the address")
    return int(match[1]), int(match[2])


def _dotted(version: tuple[int, int]) -> str:
    return ".".join(map(str, version))


@contextmanager
def engine_errors(url: str) -> Iterator[None]:
    """Turn what the SDK raises inside the block into our own errors, with remedies."""
    from docker.errors import APIError, DockerException
    from requests.exceptions import ConnectionError as Unconnected
    from requests.exceptions import RequestException, Timeout

    try:
        yield
    except Timeout as fault:
        raise EngineTimeout(
            f"the engine at {url} accepts connections but does not answer",
            "restart Docker; if the machine is only slow, allow more with --timeout",
        ) from fault
    except APIError as fault:
        raise EngineError(
            f"the engine at {url} refused: {fault.explanation or fault}", "docker info may tell more"
        ) from fault
    except (Unconnected, OSError) as fault:
        raise _unreachable(url, fault) from fault
    except (RequestException, DockerException, ValueError) as fault:
        raise EngineError(
            f"what answers at {url} does not speak like a Docker Engine: {fault}", "check the address"
        ) from fault


def _unreachable(url: str, fault: BaseException) -> EngineError:
    number = _errno(fault)
    if number == errno.EACCES:
        return EngineForbidden(
            f"permission denied for {url}",
            "join the docker group (sudo usermod -aG docker $USER, then log in again), or use sudo",
        )
    if number == errno.ENOENT and "desktop" in url:
        return EngineUnreachable(
            f"Docker Desktop is not running ({url} is missing)", "start Docker Desktop and try again"
        )
    remedy = {
        "linux": "start it: sudo systemctl start docker; or name another one with --host",
        "darwin": "start Docker Desktop (or colima, OrbStack); or name another engine with --host",
        "win32": "start Docker Desktop; or name another engine with --host",
    }.get(sys.platform, "start Docker; or name another engine with --host")
    return EngineUnreachable(f"no Docker Engine answers at {url}", remedy)


def _errno(fault: BaseException | None) -> int | None:
    """Return the operating system's error number behind a chain of wrapped exceptions."""
    for _ in range(8):
        if fault is None:
            return None
        if isinstance(fault, OSError) and fault.errno:
            return fault.errno
        inner = next((arg for arg in fault.args if isinstance(arg, BaseException)), None)
        fault = inner or fault.__cause__ or fault.__context__
    return None
