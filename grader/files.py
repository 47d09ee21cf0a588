"""Writing files so that a failure loses nothing."""

import contextlib
import os
import tempfile
from pathlib import Path

from grader.errors import OutputError


def write_whole(path: Path, text: str) -> None:
    """Write a file completely or leave what was there; OutputError says why it cannot be."""
    try:
        if path.exists() and not path.is_file():
            # A device or a pipe, such as /dev/stdout, cannot be replaced by another file.
            path.write_text(text, encoding="utf-8")
            return
        _replace(path, text)
    except OSError as fault:
        raise OutputError(f"{path} cannot be written: {fault.strerror}", "name a file in a folder that you may write to") from fault


def _replace(path: Path, text: str) -> None:
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name[:100]}.")
    temporary = Path(name)
    try:
        with open(handle, "w", encoding="utf-8") as file:
            file.write(text)
        umask = os.umask(0)
        os.umask(umask)
        temporary.chmod(0o666 & ~umask)
        temporary.replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise
