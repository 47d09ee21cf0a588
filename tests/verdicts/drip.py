"""A listener on port 80 that accepts everybody and gives a byte of garbage a second, for ever."""

import socketserver
import time


class Drip(socketserver.BaseRequestHandler):
    """Never ends by itself."""

    def handle(self) -> None:
        """Send until the other side has had enough."""
        while True:
            self.request.sendall(b"?")
            time.sleep(1)


class Server(socketserver.ThreadingTCPServer):
    """One thread a connection."""

    daemon_threads = True
    allow_reuse_address = True


if __name__ == "__main__":
    Server(("0.0.0.0", 80), Drip).serve_forever()  # noqa: S104 - inside a container of the lab
