"""Where a report goes: `[FORMAT:]FILE` read, and the file written so that an old one is never lost."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING

from grader.errors import UsageError
from grader.files import check_writable, write_whole
from grader.reporters.formats import FORMATS, is_format, known_formats, written

if TYPE_CHECKING:
    from grader.models.report import Report


@dataclass(frozen=True, slots=True)
class Destination:
    """A file and the format of what it will hold."""

    format: str
    path: Path

    def save(self, report: Report) -> None:
        """Write the report there, or raise OutputError."""
        write_whole(self.path, written(report, self.format))

    def check(self) -> None:
        """Raise OutputError where it is plain beforehand that nothing can be written there."""
        check_writable(self.path)


def destination(word: str) -> Destination:
    """Return what `[FORMAT:]FILE` means, or raise UsageError.

    A prefix counts only when it is a known format, else the suffix decides.
    """
    prefix, colon, rest = word.partition(":")
    drive = len(prefix) == 1  # of Windows
    named = colon and not drive and is_format(prefix)
    name, file = (prefix, rest) if named else (_by_suffix(word), word)
    if file in ("", "-"):
        raise UsageError(f"{word!r} names no file", f"for standard output say --format {name or 'FORMAT'}")
    if name is None:
        raise UsageError(f"{word!r} tells no format that is known", _advice(word))
    return Destination(name, Path(file))


def _by_suffix(file: str) -> str | None:
    suffix = Path(file).suffix.lower()
    return next((name for name, known in FORMATS.items() if suffix and known.suffix == suffix), None)


def _advice(word: str) -> str:
    """Return what was probably meant, or else all that there is."""
    prefix, colon, rest = word.partition(":")
    if colon and rest and (near := get_close_matches(prefix.lower(), known_formats(), n=1)):
        return f"did you mean {near[0]}:{rest}?"
    path = Path(word)
    suffixes = [known.suffix for known in FORMATS.values() if known.suffix]
    if near := get_close_matches(path.suffix.lower(), suffixes, n=1):
        return f"did you mean {path.with_suffix(near[0])}?"
    return f"say one of {', '.join(map(_way, known_formats()))}"


def _way(name: str) -> str:
    suffix = FORMATS[name].suffix if name in FORMATS else None
    return f"{name}:FILE (FILE{suffix})" if suffix else f"{name}:FILE"
