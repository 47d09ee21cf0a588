"""The images: stand-ins for the official ones, built from Debian packages and wheels in a private engine.

No registry is asked, and no engine but this private one sees a build: nobody's real `mongo:7` is replaced.
"""

import os
import shutil
from pathlib import Path

from . import client, daemon, wheels
from .debian import Tree
from .paths import IMAGES, RUNTIME, Places, locked
from .run import run

# The folder in images/ and the tags of what it builds, in an order in which each finds its base.
TAGS: dict[str, list[str]] = {
    "python": ["python:3.13-slim"],
    "nginx": ["nginx:stable", "nginx:latest", "nginx:alpine"],
    "mongo": ["mongo:7", "mongo:latest", "mongo:6", "mongo:4.4"],
    "busybox": ["busybox:latest"],
    "alpine": ["alpine:latest"],
}
_BASE = "grade-lab/debian:latest"
_SLOT = 99  # the addresses of an engine that only builds matter to nobody


def make(tree: Tree, workshop: Path, archive: Path) -> None:
    """Build all images in an engine of their own and save them to one tar."""
    contexts = workshop / "contexts"
    _fill(tree, contexts)
    places = Places("kit", workshop)
    with locked(RUNTIME / "kit.lock"):
        daemon.halt(places, None)  # of a run that was killed
        process = None
        try:
            process = daemon.boot(places, _SLOT)
            daemon.await_answer(places, process)
            _build(places, contexts)
            _docker(places, "save", "--output", archive, *(tag for tags in TAGS.values() for tag in tags))
        finally:
            daemon.halt(places, process)


def _fill(tree: Tree, contexts: Path) -> None:
    """Lay the packages and wheels beside the Dockerfiles."""
    shutil.copytree(IMAGES, contexts)
    tree.debs(["python3", "python3-pip"], contexts / "python/debs")
    tree.debs(["nginx-light"], contexts / "nginx/debs")
    for image in ("busybox", "alpine"):
        tree.unpack("busybox-static", contexts / image / "root")
    wheels.download(contexts / "python/wheels", wheels.FLASK, wheels.PYMONGO)
    wheels.install(contexts / "mongo/packages", wheels.SECANTUSDB)
    tree.pack(contexts / "debian.tar")


def _build(places: Places, contexts: Path) -> None:
    _docker(places, "import", contexts / "debian.tar", _BASE)
    for image, tags in TAGS.items():
        _docker(places, "build", *(f"--tag={tag}" for tag in tags), contexts / image)


def _docker(places: Places, *args: str | Path) -> None:
    # the classic builder, because not every docker command here has the plug-in that BuildKit needs
    environment = {**os.environ, "DOCKER_BUILDKIT": "0", "DOCKER_CONFIG": str(places.config)}
    run([client.docker_program(), "--host", f"unix://{places.socket}", *args], env=environment)
