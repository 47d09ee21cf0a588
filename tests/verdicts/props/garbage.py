"""A listener that accepts everybody and gives garbage for ever: `garbage.py PORT`, or a byte a second with `slowly`."""

import os
import socketserver
import sys
import time


class Garbage(socketserver.BaseRequestHandler):
    """Never ends by itself."""

    def handle(self) -> None:
        """Send until the other side has had enough."""
        slowly = "slowly" in sys.argv
        while True:
            self.request.sendall(b"?" if slowly else os.urandom(4096))
            time.sleep(slowly)


class Server(socketserver.ThreadingTCPServer):
    """One thread a connection."""

    daemon_threads = True
    allow_reuse_address = True

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing of those who have gone."""


if __name__ == "__main__":
    Server(("0.0.0.0", int(sys.argv[1])), Garbage).serve_forever()  # noqa: S104 - inside a container of the lab
