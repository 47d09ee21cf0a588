"""What a learner begins with: an exercise's files but the brief and its picture, copied where nothing stands yet."""

import errno
import os
import shutil
import stat
from pathlib import Path
from tempfile import mkdtemp

from grader.course import Course
from grader.errors import OutputError, UsageError

_NO_STARTER = frozenset({"brief.md", "target.svg", "__pycache__", ".DS_Store", "Thumbs.db"})


def starter(course: Course, exercise: str) -> tuple[Path, ...]:
    """Return the files and folders that learners begin with, none where they begin with nothing."""
    folder = course.root / "exercises" / exercise
    if not folder.is_dir():
        return ()
    return tuple(sorted(each for each in folder.iterdir() if each.name not in _NO_STARTER))


def copy_starter(course: Course, exercise: str, target: Path) -> list[Path]:
    """Copy the starter into a folder and return what was made there.

    UsageError names what is in the way, OutputError what cannot be written; then nothing is left behind.
    """
    parts = starter(course, exercise)
    made = [target / part.name for part in parts]
    if taken := [path.name for path in made if os.path.lexists(path)]:
        raise UsageError(
            f"{', '.join(taken)} {'is' if len(taken) == 1 else 'are'} in {target} already, and nothing is overwritten",
            f"work on with what is there, or name a new folder: grade start {exercise} my-{exercise}",
        )
    new = not target.exists()
    try:
        target.mkdir(parents=True, exist_ok=True)
        _place(parts, made)
    except (OSError, shutil.Error) as fault:
        if new:
            shutil.rmtree(target, ignore_errors=True)
        raise OutputError(
            f"cannot copy into {target}: {_reason(fault)}", "name a folder that you may write to"
        ) from fault
    return made


def _place(parts: tuple[Path, ...], made: list[Path]) -> None:
    """Copy everything beside its place first, so that a disk that is full leaves nothing half."""
    draft = Path(mkdtemp(prefix=".grade-start-", dir=made[0].parent))
    done: list[Path] = []
    try:
        for part in parts:
            _copy(part, draft / part.name)
        for path in made:
            if os.path.lexists(path):
                raise FileExistsError(errno.EEXIST, f"{path.name} has just come there")
            (draft / path.name).rename(path)
            done.append(path)
    except BaseException:
        for path in done:
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        raise
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _copy(source: Path, target: Path) -> None:
    if source.is_dir():
        shutil.copytree(source, target, ignore=shutil.ignore_patterns(*_NO_STARTER - {"brief.md", "target.svg"}))
    else:
        shutil.copy2(source, target)
    for path in (target, *target.rglob("*")):  # a course may be installed where nobody can write
        path.chmod(path.stat().st_mode | stat.S_IWUSR)


def _reason(fault: OSError) -> str:
    return fault.strerror or str(fault)
