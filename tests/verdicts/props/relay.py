"""A back door: `relay.py HOST` accepts on MongoDB's port and passes everything on to HOST."""

import contextlib
import shutil
import socket
import socketserver
import sys
import threading

_PORT = 27017


class Relay(socketserver.BaseRequestHandler):
    """Both directions of one connection."""

    def handle(self) -> None:
        """Copy until either side ends."""
        with socket.create_connection((sys.argv[1], _PORT)) as behind:
            threading.Thread(target=_copy, args=(self.request, behind), daemon=True).start()
            _copy(behind, self.request)


def _copy(start: socket.socket, end: socket.socket) -> None:
    with contextlib.suppress(OSError), start.makefile("rb", 0) as source, end.makefile("wb", 0) as sink:
        shutil.copyfileobj(source, sink)
        end.shutdown(socket.SHUT_WR)


class Server(socketserver.ThreadingTCPServer):
    """One thread a connection."""

    daemon_threads = True
    allow_reuse_address = True


if __name__ == "__main__":
    Server(("0.0.0.0", _PORT), Relay).serve_forever()  # noqa: S104 - inside a container of the lab
