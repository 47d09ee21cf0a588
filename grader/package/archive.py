"""Archives that are the same whenever they are made of the same files, written whole or not at all."""

import gzip
import io
import shutil
import tarfile
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from secrets import token_hex
from typing import BinaryIO, Protocol

from grader.errors import OutputError, UsageError

KINDS = (".zip", ".tar", ".tar.gz", ".tgz")
_EPOCH = (1980, 1, 1, 0, 0, 0)


class Archive(Protocol):
    """What takes files in."""

    def add(self, name: str, source: Path | str) -> None:
        """Take a file, or a text, in under a name; what ends in .sh or begins with #! can be executed."""


def kind(path: Path, kinds: Sequence[str] = KINDS) -> str:
    """Return what kind of archive a file is to be, by the end of its name; UsageError for one we do not write."""
    found = next((each for each in kinds if path.name.lower().endswith(each)), None)
    if found is None:
        raise UsageError(
            f"{path} does not say which kind of archive it is to be", f"let it end in {' or '.join(kinds)}"
        )
    return found


@contextmanager
def opened(path: Path) -> Iterator[Archive]:
    """Give an archive of the kind that its name says; it is put in its place at the end of the block."""
    make = _MAKERS[kind(path)]
    draft = path.with_name(f".grade-{token_hex(6)}.tmp")
    try:
        with make(draft) as archive:
            yield archive
        draft.replace(path)
    except OSError as fault:
        raise OutputError(f"cannot write {path}: {fault.strerror or fault}", "choose another place") from fault
    finally:
        draft.unlink(missing_ok=True)


def _mode(name: str, file: BinaryIO) -> int:
    start = file.read(2)
    file.seek(0)
    return 0o755 if name.endswith(".sh") or start == b"#!" else 0o644


class _Zip(zipfile.ZipFile):
    """A zip in which every file has the same date."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, "w", zipfile.ZIP_DEFLATED)

    def add(self, name: str, source: Path | str) -> None:
        """Take a file in, piece by piece."""
        with _content(source) as (file, size):
            info = zipfile.ZipInfo(name, _EPOCH)
            info.compress_type, info.file_size = zipfile.ZIP_DEFLATED, size
            info.external_attr = (0o100000 | _mode(name, file)) << 16
            with super().open(info, "w") as packed:
                shutil.copyfileobj(file, packed)


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
        with _content(source) as (file, size):
            info = tarfile.TarInfo(name)
            info.size, info.mode = size, _mode(name, file)
            self._file.addfile(info, file)


class _Gzipped(_Tar):
    """The same, compressed, for who must hand it round as .tar.gz; no date is in it either."""

    def __init__(self, path: Path) -> None:
        self._raw = path.open("wb")
        self._gzip = gzip.GzipFile(filename="", mode="wb", fileobj=self._raw, mtime=0)
        self._file = tarfile.open(fileobj=self._gzip, mode="w", format=tarfile.PAX_FORMAT)  # noqa: SIM115 - closed by __exit__

    def __exit__(self, *_: object) -> None:
        self._file.close()
        self._gzip.close()
        self._raw.close()


@contextmanager
def _content(source: Path | str) -> Iterator[tuple[BinaryIO, int]]:
    """Give a file or a text to read from, and its size."""
    if isinstance(source, str):
        data = source.encode()
        yield io.BytesIO(data), len(data)
    else:
        with source.open("rb") as file:
            yield file, source.stat().st_size


_MAKERS: dict[str, type[_Zip | _Tar]] = {".zip": _Zip, ".tar": _Tar, ".tar.gz": _Gzipped, ".tgz": _Gzipped}
