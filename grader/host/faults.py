"""What the SDK, requests and the operating system raise, told as one of our errors with its remedy."""

from __future__ import annotations

import errno
import sys
from contextlib import contextmanager
from http.client import HTTPException
from importlib import import_module
from typing import TYPE_CHECKING

from grader.errors import (
    EngineError,
    EngineForbidden,
    EngineLost,
    EngineTimeout,
    EngineUnreachable,
    TlsMismatch,
)
from grader.host.remedies import how_to_be_allowed, how_to_install, how_to_start, is_desktop, is_installed

if TYPE_CHECKING:
    from collections.abc import Iterator

_WINDOWS_DENIES = 5
_WANTS_TLS = "HTTPS server"
_ODD = "what answers at {url} does not speak like a Docker Engine: {why}"
_CHECK = "check the address; if Docker was just starting or stopping, try again"
_BROKEN_OFF = (HTTPException, ConnectionResetError, BrokenPipeError)


@contextmanager
def engine_errors(url: str) -> Iterator[None]:
    """Turn what the SDK raises inside the block into our own errors, with remedies."""
    from docker.errors import APIError, DockerException
    from requests.exceptions import (
        ChunkedEncodingError,
        ConnectTimeout,
        JSONDecodeError,
        RequestException,
        SSLError,
        Timeout,
    )
    from requests.exceptions import ConnectionError as Unconnected

    unconnected: tuple[type[Exception], ...] = (Unconnected, *_pipe_errors())
    try:
        yield
    except ConnectTimeout as fault:
        raise EngineUnreachable(f"nothing answers at {url}", how_to_start(url)) from fault
    except Timeout as fault:
        raise EngineTimeout(
            f"the engine at {url} accepts connections but does not answer",
            "restart Docker; if the machine is only slow, allow more with --timeout",
        ) from fault
    except APIError as fault:
        reason = _in_short(fault.explanation or fault)
        kind = TlsMismatch if _WANTS_TLS in reason else EngineError
        raise kind(f"the engine at {url} refused: {reason}", _after_refusal(reason)) from fault
    except SSLError as fault:
        raise TlsMismatch(
            f"no TLS connection to {url}: {_in_short(fault)}",
            "check that the engine wants TLS, and that the certificates of DOCKER_CERT_PATH, context or roster are its",
        ) from fault
    except unconnected as fault:
        raise _unreachable(url, fault) from fault
    except ChunkedEncodingError as fault:
        raise _broken_off(url) from fault
    except JSONDecodeError as fault:
        raise not_docker(url, "it sends no JSON") from fault
    except (RequestException, DockerException) as fault:
        raise not_docker(url, _in_short(fault)) from fault
    except OSError as fault:
        raise _unreachable(url, fault) from fault


def not_docker(url: str, why: str) -> EngineError:
    """Return the error for an address at which something else answers."""
    return EngineError(_ODD.format(url=url, why=why), _CHECK)


def _broken_off(url: str) -> EngineLost:
    return EngineLost(_ODD.format(url=url, why="it breaks off the connection, or what it sends is no HTTP"), _CHECK)


def _pipe_errors() -> tuple[type[Exception], ...]:
    """Return what the SDK lets through, on Windows, when a named pipe is missing or forbidden."""
    if sys.platform != "win32":
        return ()
    error: type[Exception] = import_module("pywintypes").error
    return (error,)


def _in_short(fault: object) -> str:
    """Return the start of a message: what is no engine may answer with a whole page of HTML."""
    return str(fault).strip().partition("\n")[0][:200]


def _after_refusal(reason: str) -> str:
    if _WANTS_TLS in reason:
        return (
            "it wants TLS: set DOCKER_TLS_VERIFY=1 and DOCKER_CERT_PATH, or use a context or, in a roster, tls: FOLDER"
        )
    return "docker info may tell more; check the address if this is no Docker Engine"


def _unreachable(url: str, fault: BaseException) -> EngineError:
    chain = list(_chain(fault))
    numbers = {each.errno for each in chain if isinstance(each, OSError)}
    denied = any(getattr(each, "winerror", None) == _WINDOWS_DENIES for each in chain)
    if denied or numbers & {errno.EACCES, errno.EPERM}:
        return EngineForbidden(f"permission denied for {url}", how_to_be_allowed(url))
    if any(isinstance(each, _BROKEN_OFF) for each in chain):
        return _broken_off(url)
    if is_desktop(url):
        return EngineUnreachable(f"Docker Desktop is not running: nothing answers at {url}", how_to_start(url))
    if not is_installed(url):
        return EngineUnreachable(f"Docker is not installed here: there is nothing at {url}", how_to_install())
    return EngineUnreachable(f"no Docker Engine answers at {url}", how_to_start(url))


def _chain(fault: BaseException) -> Iterator[BaseException]:
    """Yield an exception and those that it wraps, which urllib3 keeps among the arguments."""
    link: BaseException | None = fault
    for _ in range(8):
        if link is None:
            return
        yield link
        inner = next((arg for arg in link.args if isinstance(arg, BaseException)), None)
        link = inner or link.__cause__ or link.__context__
