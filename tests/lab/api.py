"""The engine's HTTP API over its unix socket: a few calls cost milliseconds, a docker command 40 each."""

import http.client
import json
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

from .errors import LabError


class ApiError(LabError):
    """The engine answered with an error; `status` is the HTTP status."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(f"the engine answered {status}: {message}")
        self.status = status


class Api:
    """One connection to the engine; not for several threads at once."""

    def __init__(self, path: Path, timeout: float = 30) -> None:
        self._connection = _UnixConnection(path, timeout)

    def __enter__(self) -> "Api":
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def call(self, method: str, path: str, body: Path | None = None) -> Any:
        """Return the decoded answer, or its text when it is no JSON; `body` is a tar file to send."""
        try:
            answer = self._answer(method, path, body)
            data = answer.read()
        except (OSError, http.client.HTTPException) as lost:
            self._connection.close()
            raise LabError(f"the engine did not answer {method} {path}: {lost!r}") from lost
        if answer.status >= 400:
            raise ApiError(answer.status, _decoded(data, "message"))
        return _decoded(data)

    def get(self, path: str) -> Any:
        """Return the answer to a question."""
        return self.call("GET", path)

    def delete(self, kind: str, name: str, query: str = "") -> None:
        """Remove a thing; one that is gone already is removed."""
        try:
            self.call("DELETE", f"/{kind}/{quote(name, safe='')}{query}")
        except ApiError as error:
            if error.status != 404:
                raise

    def _answer(self, method: str, path: str, body: Path | None) -> http.client.HTTPResponse:
        headers = {"Host": "lab"}
        if body is not None:
            headers |= {"Content-Type": "application/x-tar", "Content-Length": str(body.stat().st_size)}
        self._connection.request(method, path, body=_chunks(body) if body else None, headers=headers)
        return self._connection.getresponse()


class _UnixConnection(http.client.HTTPConnection):
    def __init__(self, path: Path, timeout: float) -> None:
        super().__init__("lab", timeout=timeout)
        self._path = str(path)

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        try:
            self.sock.connect(self._path)
        except OSError:
            self.close()
            raise


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(1 << 20):
            yield chunk


def _decoded(data: bytes, key: str = "") -> Any:
    try:
        value = json.loads(data or b"null")
    except ValueError:
        return data.decode(errors="replace")
    return value.get(key, value) if key and isinstance(value, dict) else value
