"""Where an engine is, and what it takes to get there beyond a URL."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Address:
    """An engine's address; what is None or empty is left to docker's and ssh's own settings.

    With `known_hosts` or `host_keys` nobody else vouches for an ssh server: neither the user's file nor the system's.
    """

    url: str | None = None
    tls: Path | None = None
    """The folder that holds ca.pem, cert.pem and key.pem."""
    socket: str | None = None
    """The engine's socket on the far side of ssh, such as a rootless one."""
    key: Path | None = None
    jump: str | None = None
    """An ssh server on the way, as USER@HOST:PORT."""
    host_keys: tuple[str, ...] = ()
    known_hosts: Path | None = None
    accept_new: bool = False
    """Whether a key that is not in `known_hosts` is written there instead of being refused."""
