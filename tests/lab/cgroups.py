"""The cgroups of an engine's containers, in every hierarchy of cgroup v1 or the one of v2."""

from functools import partial
from pathlib import Path

from .process import Process, wait_for

_MOUNT = Path("/sys/fs/cgroup")


def members(parent: str) -> list[Process]:
    """Return the processes of all containers below this cgroup."""
    files = [file for root in _roots(parent) for file in root.rglob("cgroup.procs")]
    pids = {int(pid) for file in files for pid in _lines(file)}
    return [found for pid in sorted(pids) if (found := Process.of(pid))]


def remove(parent: str) -> None:
    """Remove the cgroups, deepest first; the kernel may need a moment after the last process ended."""
    for root in _roots(parent):
        wait_for(partial(_removed, root), 2)


def _roots(parent: str) -> list[Path]:
    return [root for base in (_MOUNT, *_MOUNT.iterdir()) if (root := base / parent).is_dir()]


def _removed(root: Path) -> bool:
    folders = sorted((path for path in root.rglob("*") if path.is_dir()), key=lambda path: -len(path.parts))
    try:
        for folder in (*folders, root):
            folder.rmdir()
        root.parent.rmdir()  # fails as long as another engine has its cgroup there
    except OSError:
        return not root.exists()
    return True


def _lines(file: Path) -> list[str]:
    try:
        return file.read_text().split()
    except OSError:
        return []  # the cgroup vanished, or is threaded and may not be read
