"""Debian packages that the lab needs: installed only when something is missing."""

import os
import platform
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .errors import LabError
from .paths import cache_dir
from .run import run

# program -> the package that holds it; a newer Debian has the docker command in a package of its own
_PROGRAMS = {
    "dockerd": "docker.io",
    "docker": "docker-cli",
    "containerd": "containerd",
    "iptables": "iptables",
    "debootstrap": "debootstrap",
    "ip": "iproute2",
    "nsenter": "util-linux",
    "unshare": "util-linux",
    "dpkg-deb": "dpkg",
}
_POLICY = Path("/usr/sbin/policy-rc.d")
_KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")


def available() -> str | None:
    """Return None when a lab can run on this machine, else the reason in one sentence."""
    if platform.system() != "Linux":
        return "the lab needs Linux, for its engines run in network namespaces"
    if os.geteuid() != 0:
        return "the lab needs root, for its engines make namespaces and bridges"
    if _missing() and not shutil.which("apt-get"):
        return f"the lab needs apt-get, or these programs: {', '.join(_missing())}"
    try:
        run(["unshare", "--net", "--mount", "true"])
        if not any(cache_dir().glob("kit-*/images.tar")):
            mirror()  # apt takes up to a second to say, so it is asked only when packages will be fetched
    except LabError as error:
        return f"the lab cannot run here: {error}"
    return None


def ensure() -> None:
    """Install what is missing."""
    missing = _missing()
    if not missing:
        return
    reason = available()
    if reason:
        raise LabError(reason)
    with _no_service_starts():
        run(["apt-get", "update", "-qq"], check=False)  # a broken third source is no obstacle
        # one after the other: `docker` may have come with docker.io, and docker-cli may not exist
        for program in missing:
            if not _found(program):
                _install(_PROGRAMS.get(program, program))


def install(package: str) -> None:
    """Install one more package that a test needs; a service that it brings is not started."""
    with _no_service_starts():
        run(["apt-get", "update", "-qq"], check=False)
        _install(package)


def mirror() -> str:
    """Return the address of the Debian mirror that apt uses."""
    chosen = os.environ.get("GRADE_LAB_MIRROR")
    if chosen:
        return chosen
    targets = run(["apt-get", "indextargets", "--format", "$(LABEL)|$(REPO_URI)", "Created-By: Packages"])
    found = [line.partition("|")[2] for line in targets.splitlines() if line.startswith("Debian|")]
    if not found:
        raise LabError("apt knows no Debian mirror: set GRADE_LAB_MIRROR to one")
    return found[0]


def _install(package: str) -> None:
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    run(["apt-get", "install", "-y", "-qq", "--no-install-recommends", package], env=environment)


def _missing() -> list[str]:
    programs = [program for program in _PROGRAMS if not _found(program)]
    return programs if _KEYRING.exists() else [*programs, "debian-archive-keyring"]


def _found(program: str) -> bool:
    return shutil.which(program) is not None


@contextmanager
def _no_service_starts() -> Iterator[None]:
    """Keep the package's own dockerd from starting: the machine gets the program, not a service."""
    if _POLICY.exists():
        yield
        return
    _POLICY.write_text("#!/bin/sh\nexit 101\n")
    _POLICY.chmod(0o755)
    try:
        yield
    finally:
        _POLICY.unlink()
