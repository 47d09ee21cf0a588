"""A socket here at which every connection gets a process of its own that carries it to the engine."""

from __future__ import annotations

import socket
import subprocess
import threading
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path


class Relay:
    """Serves until it is closed."""

    def __init__(self, path: Path, carrier: Sequence[str], environment: Mapping[str, str]) -> None:
        self.path = path
        self._carrier = carrier
        self._environment = environment
        self._running: list[subprocess.Popen[bytes]] = []
        self._server = socket.socket(socket.AF_UNIX)
        self._server.bind(str(path))
        self._server.listen(64)
        threading.Thread(target=_serve, args=(self._server, self._carry), daemon=True).start()

    def close(self) -> None:
        """Take no more connections and end those that stand."""
        with suppress(OSError):
            self._server.shutdown(socket.SHUT_RDWR)
        self._server.close()
        for process in self._running:
            process.kill()
            process.wait()

    def _carry(self, client: socket.socket) -> None:
        self._running = [process for process in self._running if process.poll() is None]
        # The process reads and writes the connection itself, so nothing has to be pumped here.
        self._running.append(
            subprocess.Popen(
                self._carrier,
                stdin=client.fileno(),
                stdout=client.fileno(),
                stderr=subprocess.DEVNULL,
                env=self._environment,
            )
        )


def _serve(server: socket.socket, carry: Callable[[socket.socket], None]) -> None:
    with suppress(OSError):
        while True:
            client, _ = server.accept()
            with client:
                carry(client)
