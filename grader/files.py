"""Writing files so that a failure loses nothing."""

import errno
import os
import shutil
from pathlib import Path
from secrets import token_hex

from grader.errors import OutputError


def write_whole(path: Path, text: str) -> None:
    """Write a file completely or leave what was there; OutputError says why it cannot be."""
    try:
        _replace(path, text)
    except OSError as error:
        raise _fault(path, error) from error


def check_writable(path: Path) -> None:
    """Raise OutputError where it is plain beforehand that nothing can be written there."""
    try:
        path.parent.stat()
        if path.is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        # Asked of the folder, because a file is written beside the old one and put in its place.
        if not os.access(path if _is_device(path) else path.resolve().parent, os.W_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    except OSError as error:
        raise _fault(path, error) from error


def _fault(path: Path, error: OSError) -> OutputError:
    return OutputError(f"cannot write {path}: {error.strerror or error}", _remedy(error, path))


def _is_device(path: Path) -> bool:
    return path.exists() and not path.is_file()


def _replace(path: Path, text: str) -> None:
    if _is_device(path):
        # A pipe or /dev/null takes the text; replacing it would put a plain file where a device was.
        path.write_text(text, encoding="utf-8", newline="\n")
        return
    target = path.resolve()
    if target.exists() and not os.access(target, os.W_OK):
        raise PermissionError(errno.EACCES, "it is read-only")
    draft = target.with_name(f".grade-{token_hex(6)}.tmp")
    try:
        with draft.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        if target.exists():
            shutil.copymode(target, draft)
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)


def _remedy(error: OSError, path: Path) -> str:
    match error:
        case FileNotFoundError():
            return f"make the folder {path.parent} first"
        case IsADirectoryError():
            return f"name a file in it, such as {path / 'report.json'}"
        case PermissionError():
            return "choose a file in a folder that you may write to"
        case _:
            return "choose another place; nothing was lost there"
