"""Archives that are the same whenever they are made of the same files, written whole or not at all."""

import tarfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from secrets import token_hex
from typing import Protocol

from grader.course import Course
from grader.errors import OutputError, UsageError

_EPOCH = (1980, 1, 1, 0, 0, 0)
_LEFT_OUT = frozenset({"__pycache__", ".DS_Store", "Thumbs.db", ".git"})


class Archive(Protocol):
    """What takes files in."""

    def add(self, name: str, source: Path | str) -> None:
        """Take a file, or a text, in under a name; what ends in .sh or begins with #! can be executed."""


@contextmanager
def opened(path: Path) -> Iterator[Archive]:
    """Give an archive, a zip or else a tar, that is put in its place at the end of the block."""
    draft = path.with_name(f".grade-{token_hex(6)}.tmp")
    try:
        with _Zip(draft) if path.suffix == ".zip" else _Tar(draft) as archive:
            yield archive
        draft.replace(path)
    except OSError as fault:
        raise OutputError(f"cannot write {path}: {fault.strerror or fault}", "choose another place") from fault
    finally:
        draft.unlink(missing_ok=True)


def course_files(course: Course, exercise: str) -> Iterator[tuple[str, Path]]:
    """Yield what learners may have of an exercise, by its path in the course: the rubric, the brief and the starter."""
    rubric = course.rubric(exercise)
    for file in (rubric, rubric.with_name("rubric.schema.json")):
        if file.is_file():
            yield f"rubrics/{file.name}", file
    for file in sorted((course.root / "exercises" / exercise).rglob("*")):
        way = file.relative_to(course.root)
        if _LEFT_OUT & set(way.parts):
            continue
        if file.is_symlink():
            raise UsageError(f"{way.as_posix()} is a link, and might lead to a solution", "put a copy in its place")
        if file.is_file():
            yield way.as_posix(), file


def _executable(name: str, start: bytes) -> bool:
    return name.endswith(".sh") or start.startswith(b"#!")


class _Zip(zipfile.ZipFile):
    """A zip in which every file has the same date."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, "w", zipfile.ZIP_DEFLATED)

    def add(self, name: str, source: Path | str) -> None:
        """Take a file in."""
        data = source.encode() if isinstance(source, str) else source.read_bytes()
        info = zipfile.ZipInfo(name, _EPOCH)
        info.compress_type = zipfile.ZIP_DEFLATED
        info.external_attr = (0o100755 if _executable(name, data[:2]) else 0o100644) << 16
        self.writestr(info, data)


class _Tar:
    """A tar of files without owner and date; images are large, and compressed already."""

    def __init__(self, path: Path) -> None:
        self._file = tarfile.open(path, "w", format=tarfile.PAX_FORMAT)  # noqa: SIM115 - closed by __exit__

    def __enter__(self) -> "_Tar":
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def add(self, name: str, source: Path | str) -> None:
        """Take a file in, piece by piece."""
        import io

        info = tarfile.TarInfo(name)
        if isinstance(source, str):
            data = source.encode()
            info.size, info.mode = len(data), 0o755 if _executable(name, data[:2]) else 0o644
            self._file.addfile(info, io.BytesIO(data))
            return
        with source.open("rb") as file:
            info.size = source.stat().st_size
            info.mode = 0o755 if _executable(name, file.read(2)) else 0o644
            file.seek(0)
            self._file.addfile(info, file)
