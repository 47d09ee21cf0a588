"""Where the lab keeps what: in the cache what is slow to make, in /run what a running engine needs."""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from .errors import LabError

RUNTIME = Path("/run/grade-lab")
IMAGES = Path(__file__).parent / "images"
# A unix socket's path holds 107 bytes, and the name is part of a cgroup, a netns and a folder.
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,30}")


def cache_dir() -> Path:
    """Return `$GRADE_LAB_CACHE`, or the user's cache folder."""
    chosen = os.environ.get("GRADE_LAB_CACHE")
    return Path(chosen).absolute() if chosen else Path.home() / ".cache" / "grade-lab"


@dataclass(frozen=True)
class Places:
    """The files of one engine."""

    name: str
    cache: Path
    release: str = ""  # of Debian; empty for the engine that this machine has installed
    options: tuple[str, ...] = ()  # of the daemon, beyond those that every engine has

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name):
            raise LabError(f"{self.name!r} cannot name an engine: use a-z, 0-9 and -, at most 31 characters")

    @property
    def run(self) -> Path:
        """Everything that `stop` removes."""
        return RUNTIME / self.name

    @property
    def socket(self) -> Path:
        """The engine's API."""
        return self.run / "docker.sock"

    @property
    def state(self) -> Path:
        """What a later process must know to use or to stop the engine."""
        return self.run / "state.json"

    @property
    def log(self) -> Path:
        """What the engine's daemon says."""
        return self.run / "dockerd.log"

    @property
    def config(self) -> Path:
        """The private folder of the docker command, so that nobody's contexts or logins leak in."""
        return self.run / "config"

    @property
    def kept(self) -> Path:
        """What survives `stop`; engines of different versions cannot share it."""
        return self.cache / "engines" / (f"{self.name}@{self.release}" if self.release else self.name)

    @property
    def data(self) -> Path:
        """The engine's data-root, kept because loading the images takes seconds."""
        return self.kept / "data"

    @property
    def stamp(self) -> Path:
        """The recipe of the images in the data-root, and their ids."""
        return self.kept / "images.json"

    @property
    def netns(self) -> str:
        """The name of the engine's network namespace."""
        return f"grade-{self.name}"

    @property
    def cgroup(self) -> str:
        """The parent of the containers' cgroups, relative to each hierarchy."""
        return f"grade-lab/{self.name}"


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the lock file, which the kernel frees even when the process is killed."""
    import fcntl  # Windows has none, and imports this module all the same

    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
