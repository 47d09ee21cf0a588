"""Find the engine that the user means, and say plainly why it cannot be spoken to."""

from __future__ import annotations

import os
import re
import sys
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from grader.errors import EngineLost, EngineUnreachable, EngineUnsupported, UsageError
from grader.host import contexts
from grader.host.address import Address
from grader.host.faults import engine_errors, not_docker
from grader.host.remedies import BY_NETWORK, USUAL

if TYPE_CHECKING:
    from docker import APIClient

    from grader.host.ssh import Tunnel

_OLDEST, _NEWEST = (1, 40), (1, 51)
"""Engine 19.03 speaks 1.40, Engine 28.5 speaks 1.51; a newer engine is asked to speak what we know."""
_BY_SSH = "ssh://"
_SCHEMES = ("unix://", "npipe://", _BY_SSH, *BY_NETWORK)


@dataclass(frozen=True, slots=True)
class Connection:
    """How to speak to one engine; `client` makes a client for the calling thread, because none may be shared."""

    base_url: str
    timeout: float
    version: str = ""
    tls: Any = field(default=False, repr=False)
    tunnel: Tunnel | None = field(default=None, repr=False, compare=False)

    @property
    def address(self) -> str:
        """The address as the user knows it."""
        return self.tunnel.url if self.tunnel else self.base_url

    def close(self) -> None:
        """End the way to the engine, where one was made for this connection."""
        if self.tunnel:
            self.tunnel.close()

    def client(self) -> APIClient:
        """Return a new client; nothing is sent yet."""
        import docker

        version = self.version or _dotted(_NEWEST)
        # types-docker says int, but requests takes seconds as a float as well.
        timeout: Any = self.timeout
        client = docker.APIClient(base_url=self.base_url, version=version, timeout=timeout, tls=self.tls)
        # The docker command takes no HTTP proxy to an engine either; looking for one is a fifth of each request.
        client.trust_env = False
        return client


def connect(host: str | Address | None, timeout: float) -> Connection:
    """Return a connection to the engine that `host` names: a context, a URL, or None for docker's own choice.

    Raises EngineError with a remedy when it does not answer, and UsageError for a name that means nothing.
    """
    found = _resolve(host if isinstance(host, Address) else Address(host), timeout)
    if found.tunnel is None:
        return _greeted(found)
    try:
        return _greeted_through(found.tunnel, found)
    except BaseException:
        found.tunnel.close()
        raise


def _greeted_through(tunnel: Tunnel, found: Connection) -> Connection:
    """Return the connection through ssh, by the docker command over there where forwarding is forbidden."""
    for _ in range(2):
        try:
            return _greeted(replace(found, base_url=tunnel.base_url))
        except (EngineLost, EngineUnreachable) as fault:
            tunnel.detour(fault)
    return _greeted(found)


def _greeted(found: Connection) -> Connection:
    """Return the connection with the API version that both sides speak."""
    with engine_errors(found.address):
        client = found.client()
        try:
            offered: object = client.version(api_version=False)
        finally:
            client.close()
    if not isinstance(offered, dict) or "ApiVersion" not in offered:
        raise not_docker(found.address, "it tells no API version")
    try:
        version = _agreed(_number(offered["ApiVersion"]), _number(offered.get("MinAPIVersion") or "1.12"))
    except ValueError as fault:
        raise not_docker(found.address, str(fault)) from fault
    return replace(found, version=version)


def chosen_by(host: str | None) -> str:
    """Return in words who says which engine is meant."""
    if host:
        return "--host"
    for variable in ("DOCKER_HOST", "DOCKER_CONTEXT"):
        if os.environ.get(variable):
            return variable
    return f"the context {contexts.current()}"


def url_of(host: str | None) -> str:
    """Return the URL that a context, a URL or docker's own choice leads to; UsageError where it means nothing."""
    return _settings(host)[0]


def _settings(host: str | None) -> tuple[str, Any]:
    """Return a URL with the TLS settings of the context that it is from, None without a context."""
    chosen = host or os.environ.get("DOCKER_HOST") or os.environ.get("DOCKER_CONTEXT")
    if chosen and "://" in chosen:
        return check_url(chosen), None
    url, tls = contexts.endpoint(chosen or contexts.current())
    return check_url(url), tls


def _resolve(where: Address, timeout: float) -> Connection:
    url, tls = _settings(where.url)
    return _by_url(url, where, timeout, tls)


def _by_url(url: str, where: Address, timeout: float, tls: Any = None) -> Connection:
    if url.startswith(_BY_SSH):
        from grader.host.ssh import Tunnel

        tunnel = Tunnel(replace(where, url=url), timeout)
        return Connection(tunnel.base_url, timeout, tunnel=tunnel)
    if not url.startswith(BY_NETWORK):
        return Connection(url, timeout)
    if where.tls:
        return Connection(url, timeout, tls=_tls_in(where.tls))
    return Connection(url, timeout, tls=_tls_of_environment() if tls is None else tls)


def _tls_in(folder: Path) -> Any:
    """Return the settings for mutual TLS with the material in a folder."""
    from docker.errors import TLSParameterError
    from docker.tls import TLSConfig

    ca, cert, key = (str(folder / name) for name in ("ca.pem", "cert.pem", "key.pem"))
    try:
        return TLSConfig(client_cert=(cert, key), ca_cert=ca, verify=True)
    except TLSParameterError as fault:
        raise UsageError(
            f"{folder} does not hold ca.pem, cert.pem and key.pem", "name the folder with a client's TLS material"
        ) from fault


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


def check_url(url: str) -> str:
    """Return an engine's URL; UsageError for one that can be none."""
    if not url.startswith(_SCHEMES):
        raise UsageError(f"{url}: not an engine's address", f"use one of {', '.join(_SCHEMES)} or a context's name")
    if url.startswith("unix://" if sys.platform == "win32" else "npipe://"):
        raise UsageError(f"{url}: this system has no such sockets", f"the usual place here is {USUAL}")
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
