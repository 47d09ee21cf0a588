"""Engines of other Debian releases: a tree of the release, whose programs stand in for this machine's."""

import shutil
from pathlib import Path

from . import packages
from .debian import Tree
from .errors import LabError
from .paths import locked

# What each release's engine needs. bookworm has 20.10, trixie 26.1; sid moves on, so nothing may rely on
# its version (28.5 when this was written). kmod lets dockerd load br_netfilter.
_PACKAGES = {
    "bookworm": ["docker.io", "iptables", "kmod"],
    "trixie": ["docker.io", "docker-cli", "iptables", "kmod"],
    "sid": ["docker.io", "docker-cli", "iptables", "kmod"],
}
NAMES = list(_PACKAGES)


def ensure(cache: Path, release: str) -> Path:
    """Return the tree of a release, made now if it is missing; one process makes it, others wait."""
    if release not in _PACKAGES:
        raise LabError(f"no release {release!r}: choose one of {', '.join(NAMES)}")
    packages.ensure()
    tree = cache / f"release-{release}"
    with locked(cache / f"release-{release}.lock"):
        if not tree.exists():
            _make(tree, release)
    return tree


def _make(tree: Path, release: str) -> None:
    draft = tree.with_suffix(".draft")
    shutil.rmtree(draft, ignore_errors=True)  # of a run that was killed
    Tree.make(draft, release, packages.mirror(), _PACKAGES[release])
    for point in ("etc/docker", "usr/lib/modules"):
        (draft / point).mkdir(exist_ok=True)
    draft.rename(tree)
