"""Debian's packages as raw material for images and tools, whatever release this machine runs."""

import os
from collections.abc import Sequence
from pathlib import Path

from .run import run

# What Debian's own slim images leave out.
UNWANTED = [f"usr/share/{folder}" for folder in ("doc", "man", "info", "locale", "lintian")]
_LITTER = ["var/lib/apt/lists", "var/cache/apt", "var/cache/debconf", "var/log", "debootstrap"]
_LITTER += ["proc", "sys", "dev", "run", "tmp"]


class Tree:
    """A Debian tree made by debootstrap."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @classmethod
    def make(cls, folder: Path, release: str, mirror: str, packages: Sequence[str] = ()) -> "Tree":
        """Make the smallest tree of this release that has apt and these packages."""
        include = [f"--include={','.join(packages)}"] if packages else []
        run(["debootstrap", "--variant=minbase", *include, release, folder, mirror])
        return cls(folder)

    def debs(self, packages: list[str], into: Path) -> None:
        """Fetch packages with all that they need beyond this tree."""
        shelf = Path("var/cache/apt/archives")
        self._apt("clean")
        self._apt("install", "-y", "--download-only", "--no-install-recommends", *packages)
        into.mkdir(parents=True)
        for deb in (self.folder / shelf).glob("*.deb"):
            deb.rename(into / deb.name)

    def unpack(self, package: str, into: Path) -> None:
        """Unpack one package without installing it."""
        self._apt("clean")
        self._apt("install", "-y", "--download-only", "--no-install-recommends", package)
        (deb,) = (self.folder / "var/cache/apt/archives").glob(f"{package}_*.deb")
        run(["dpkg-deb", "-x", deb, into])

    def pack(self, archive: Path) -> None:
        """Write the tree as a tar, without what an image does not need."""
        # dpkg then leaves it out of the packages that a Dockerfile adds as well
        excludes = "".join(f"path-exclude /{folder}/*\n" for folder in UNWANTED)
        (self.folder / "etc/dpkg/dpkg.cfg.d/slim").write_text(excludes)
        skipped = [f"--exclude=./{folder}/*" for folder in [*UNWANTED, *_LITTER]]
        run(["tar", "-C", self.folder, "--numeric-owner", *skipped, "-cf", archive, "."])

    def _apt(self, *args: str) -> None:
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C"}
        run(["chroot", self.folder, "apt-get", "-qq", *args], env=environment)
