"""The docker command for one engine, with compose, and with nothing of the user's own configuration."""

import os
import shutil
from pathlib import Path

from .paths import Places

# Debian's own command suits Debian's engine best; another one on PATH may have dropped an old API.
_DEBIANS = Path("/usr/bin/docker")


def prepare(places: Places, compose: Path) -> None:
    """Lay out the folder that DOCKER_CONFIG names and the one that leads PATH."""
    plugins, programs = places.config / "cli-plugins", _programs(places)
    for folder in (plugins, programs):
        folder.mkdir(parents=True, exist_ok=True)
    _link(plugins / "docker-compose", compose)
    _link(programs / "docker", docker_program())


def docker_program() -> Path:
    """Return the docker command to use."""
    return _DEBIANS if _DEBIANS.exists() else Path(shutil.which("docker") or "docker")


def variables(places: Places) -> dict[str, str]:
    """Return what must be set for the docker command to work on this engine."""
    return {
        "DOCKER_HOST": f"unix://{places.socket}",
        "DOCKER_CONFIG": str(places.config),
        "PATH": f"{_programs(places)}:{os.environ.get('PATH', os.defpath)}",
    }


def environment(places: Places) -> dict[str, str]:
    """Return the whole environment for a child process: the caller's, less its own choice of an engine."""
    inherited = {k: v for k, v in os.environ.items() if not k.startswith(("DOCKER_", "COMPOSE_"))}
    return inherited | variables(places)


def _programs(places: Places) -> Path:
    return places.run / "bin"


def _link(link: Path, target: Path) -> None:
    link.unlink(missing_ok=True)
    link.symlink_to(target)
