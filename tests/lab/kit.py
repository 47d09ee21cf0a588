"""What all engines share, made once: the images in one tar, and the compose plug-in."""

import hashlib
import shutil
from dataclasses import dataclass
from pathlib import Path

from . import debian, images, packages, wheels
from .paths import IMAGES, locked

_RELEASE = "trixie"  # Python 3.13, and a compose that runs on older Debians as well


@dataclass(frozen=True)
class Kit:
    """The shared files; `recipe` changes when they would be made differently."""

    recipe: str
    folder: Path

    @property
    def images(self) -> Path:
        """All images, for `docker load`."""
        return self.folder / "images.tar"

    @property
    def compose(self) -> Path:
        """The compose plug-in of the docker command."""
        return self.folder / "docker-compose"


def ensure(cache: Path) -> Kit:
    """Return the kit, made now if it is missing or its recipe changed; one process makes it, others wait."""
    packages.ensure()
    kit = _kit(cache)
    if kit.folder.exists():
        return kit
    with locked(cache / "kit.lock"):
        if not kit.folder.exists():
            _make(kit)
    return kit


def _kit(cache: Path) -> Kit:
    recipe = _recipe()
    return Kit(recipe, cache / f"kit-{recipe}")


def _recipe() -> str:
    """Return a hash over everything that decides what the images hold."""
    settings = repr([_RELEASE, images.TAGS, wheels.PINS, debian.UNWANTED])
    files = sorted(path for path in IMAGES.rglob("*") if path.is_file())
    parts = [settings.encode(), *(path.read_bytes() for path in files)]
    return hashlib.sha256(b"\0".join(parts)).hexdigest()[:12]


def _make(kit: Kit) -> None:
    draft = kit.folder.with_suffix(".draft")
    for killed in kit.folder.parent.glob("kit-*.draft"):
        shutil.rmtree(killed)
    draft.mkdir(parents=True)
    tree = debian.Tree.make(draft / "tree", _RELEASE, packages.mirror())
    tree.unpack("docker-compose", draft / "compose")
    (draft / "compose/usr/libexec/docker/cli-plugins/docker-compose").rename(draft / "docker-compose")
    images.make(tree, draft, draft / "images.tar")
    for folder in ("tree", "compose", "contexts", "engines"):
        shutil.rmtree(draft / folder, ignore_errors=True)
    draft.rename(kit.folder)
