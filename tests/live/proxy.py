"""A socket in front of a real engine, at which a test decides what becomes of each request."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

Rule = Callable[[str], bytes | None]
"""Gets `METHOD PATH` of a request; returns what to answer in the engine's place, None to let it through."""
_CHUNK = 1 << 16


class Proxy:
    """Serves until it is closed; each request has a connection of its own to the engine."""

    def __init__(self, socket_path: Path, engine: str, rule: Rule) -> None:
        self.host = f"unix://{socket_path}"
        self._engine = engine.removeprefix("unix://")
        self._rule = rule
        self._server = socket.socket(socket.AF_UNIX)
        self._server.bind(str(socket_path))
        self._server.listen(64)
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        """Take no more connections."""
        self._server.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._server.accept()
                threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        with client, suppress(OSError):
            request = _request(client)
            if not request:
                return
            answer = self._rule(_first_words(request))
            if answer is not None:
                client.sendall(answer)
                return
            with socket.socket(socket.AF_UNIX) as engine:
                engine.connect(self._engine)
                engine.sendall(_closing(request))
                while data := engine.recv(_CHUNK):
                    client.sendall(data)


@contextmanager
def proxy(folder: Path, engine: str, rule: Rule) -> Iterator[str]:
    """Serve a proxy and give the address to use as `--host`."""
    served = Proxy(folder / "proxy.sock", engine, rule)
    try:
        yield served.host
    finally:
        served.close()


def _request(client: socket.socket) -> bytes:
    """Return one whole request; the SDK says the length of every body."""
    data = b""
    while b"\r\n\r\n" not in data:
        more = client.recv(_CHUNK)
        if not more:
            return b""
        data += more
    head, _, body = data.partition(b"\r\n\r\n")
    while len(body) < _length(head):
        body += client.recv(_CHUNK)
    return head + b"\r\n\r\n" + body


def _length(head: bytes) -> int:
    lines = (line.partition(b":") for line in head.lower().splitlines())
    return next((int(value) for name, _, value in lines if name == b"content-length"), 0)


def _first_words(request: bytes) -> str:
    method, path, _ = request.split(b"\r\n", 1)[0].decode().split(" ")
    return f"{method} {path}"


def _closing(request: bytes) -> bytes:
    """Return the request, asking the engine to close the connection: its end is the answer's end."""
    head, _, body = request.partition(b"\r\n\r\n")
    lines = [line for line in head.split(b"\r\n") if not line.lower().startswith(b"connection:")]
    return b"\r\n".join([*lines, b"Connection: close"]) + b"\r\n\r\n" + body
