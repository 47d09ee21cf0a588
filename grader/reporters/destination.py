"""Where a report goes: `[FORMAT:]FILE` read, and the file written so that an old one is never lost."""

import errno
import os
import shutil
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from secrets import token_hex

from grader.errors import OutputError, UsageError
from grader.models.report import Report
from grader.reporters.formats import FORMATS, written


@dataclass(frozen=True, slots=True)
class Destination:
    """A file and the format of what it will hold."""

    format: str
    path: Path

    def save(self, report: Report) -> None:
        """Write the report there, or raise OutputError."""
        text = written(report, self.format)
        try:
            _replace(self.path, text)
        except OSError as error:
            raise self._fault(error) from error

    def check(self) -> None:
        """Raise OutputError where it is plain beforehand that nothing can be written there."""
        try:
            self.path.parent.stat()
            if self.path.is_dir():
                raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        except OSError as error:
            raise self._fault(error) from error

    def _fault(self, error: OSError) -> OutputError:
        return OutputError(f"cannot write {self.path}: {error.strerror or error}", _remedy(error, self.path))


def destination(word: str) -> Destination:
    """Return what `[FORMAT:]FILE` means, or raise UsageError.

    A prefix counts only when it is a known format, else the suffix decides.
    """
    prefix, _, rest = word.partition(":")
    name, file = (prefix, rest) if prefix in FORMATS else (_by_suffix(word), word)
    if file in ("", "-"):
        raise UsageError(f"{word!r} names no file", f"for standard output say --format {name or 'FORMAT'}")
    if name is None:
        raise UsageError(f"{word!r} tells no format that is known", _advice(word))
    return Destination(name, Path(file))


def _by_suffix(file: str) -> str | None:
    suffix = Path(file).suffix.lower()
    return next((name for name, known in FORMATS.items() if known.suffix == suffix), None)


def _advice(word: str) -> str:
    """Return what was probably meant, or else all that there is."""
    prefix, colon, rest = word.partition(":")
    if colon and rest and (near := get_close_matches(prefix.lower(), FORMATS, n=1)):
        return f"did you mean {near[0]}:{rest}?"
    path = Path(word)
    if near := get_close_matches(path.suffix.lower(), [known.suffix for known in FORMATS.values()], n=1):
        return f"did you mean {path.with_suffix(near[0])}?"
    ways = ", ".join(f"{name}:FILE (FILE{known.suffix})" for name, known in FORMATS.items())
    return f"say one of {ways}"


def _replace(path: Path, text: str) -> None:
    if path.exists() and not path.is_file():
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
            return f"make the folder first: mkdir -p {path.parent}"
        case IsADirectoryError():
            return f"name a file in it, such as {path / 'report.json'}"
        case PermissionError():
            return "choose a file in a folder that you may write to"
        case _:
            return "choose another place; nothing was lost there"
