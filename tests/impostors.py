"""What may answer at an engine's address without being an engine that we can grade."""

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


def page(body: str, status: str = "200 OK", kind: str = "text/html") -> bytes:
    """Return an HTTP answer, after which the connection closes."""
    head = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(body.encode())}\r\n"
    return f"{head}Connection: close\r\n\r\n{body}".encode()


def says(value: object, status: str = "200 OK") -> bytes:
    """Return an HTTP answer in JSON."""
    return page(json.dumps(value), status, "application/json")


@contextmanager
def impostor(place: Path, reply: bytes) -> Iterator[str]:
    """Answer everything at a socket in this folder with these bytes, and give its address."""
    path = place / "docker.sock"
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(path))
        server.listen()
        threading.Thread(target=_serve, args=(server, reply), daemon=True).start()
        yield f"unix://{path}"


def _serve(server: socket.socket, reply: bytes) -> None:
    with suppress(OSError):
        while True:
            client, _ = server.accept()
            with client:
                client.recv(1 << 16)
                client.sendall(reply)
