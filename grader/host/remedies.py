"""What a user can do about an engine that cannot be spoken to, on this system and for this address."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

OR_ANOTHER = "; or name another one with --host"
"""What is no advice where the host comes from a list."""
BY_NETWORK = ("tcp://", "http://", "https://")
USUAL = "npipe:////./pipe/docker_engine" if sys.platform == "win32" else "unix:///var/run/docker.sock"
"""Where an engine is met that nobody said anything about."""
_INSTALLING = "https://docs.docker.com/engine/install/"
_DESKTOP = (".docker/desktop/", ".docker/run/", "dockerDesktop")
"""How Docker Desktop's own addresses look on Linux, macOS and Windows."""


def is_desktop(url: str) -> bool:
    """Return whether an address is one of Docker Desktop's own."""
    return any(mark in url for mark in _DESKTOP)


def is_installed(url: str) -> bool:
    """Return whether there may be an engine at an address; False only where nothing of Docker is on this machine."""
    if url != USUAL or sys.platform == "win32":
        return True
    programs = ("docker", "dockerd", "/Applications/Docker.app/Contents/MacOS/Docker")
    return os.access(_socket_of(url), os.F_OK) or any(shutil.which(program) for program in programs)


def how_to_install() -> str:
    """Return where Docker is to be had."""
    return f"install it: {_INSTALLING}"


def how_to_be_allowed(url: str) -> str:
    """Return how this user comes to be allowed to use a socket."""
    if sys.platform == "linux":
        if group := _joined_since(url):
            return f"you are in the group {group}, but not since this login: newgrp {group}, or log in again"
        return "join the docker group (sudo usermod -aG docker $USER, then log in again), or use sudo"
    if sys.platform == "win32":
        return "join the group docker-users, then log in again"
    return "check whose socket it is: Docker Desktop serves only the user who started it"


def _joined_since(url: str) -> str | None:
    """Return the socket's group if this user is a member of it whose login is older than that."""
    import grp
    import pwd

    try:
        group = grp.getgrgid(_socket_of(url).stat().st_gid)
        member = pwd.getpwuid(os.getuid()).pw_name in group.gr_mem
    except (OSError, KeyError):
        return None
    return group.gr_name if member and group.gr_gid not in os.getgroups() else None


def _socket_of(url: str) -> Path:
    return Path(url.removeprefix("unix://"))


def how_to_start(url: str) -> str:
    """Return what makes an engine answer there, or how to name another one."""
    if url.startswith("ssh://"):
        return "on that machine: sudo systemctl start docker"
    if url.startswith(BY_NETWORK):
        start = "check host and port, and that Docker is set to listen there"
    elif is_desktop(url):
        start = "start Docker Desktop and try again"
    elif url.startswith("unix:///run/user/"):
        start = "start it: systemctl --user start docker"
    elif sys.platform == "linux":
        # Where another init is in charge, as in many a WSL, systemctl can do nothing.
        systemd = Path("/run/systemd/system").is_dir()
        start = f"start it: sudo {'systemctl start docker' if systemd else 'service docker start'}"
    else:
        start = "start Docker Desktop, or what you use in its place"
    if os.environ.get("DOCKER_HOST") == url:
        return f"{start}; the address is that of DOCKER_HOST, which you may unset"
    return f"{start}{OR_ANOTHER}"
