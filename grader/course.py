"""A course: a folder with exercises and their rubrics; the built-in one travels with the package."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from grader.errors import UsageError

_PACKAGE = Path(__file__).parent
_NO_EXERCISES = "an exercise is a rubric, a file rubrics/NAME.yaml in the course"


@dataclass(frozen=True, slots=True)
class Course:
    """A course folder."""

    root: Path

    @property
    def names(self) -> tuple[str, ...]:
        """The exercises that have a rubric, in alphabetical order."""
        return tuple(sorted(path.stem for path in (self.root / "rubrics").glob("*.yaml")))

    def rubric(self, exercise: str) -> Path:
        """Return the exercise's rubric; UsageError with the nearest names when there is none."""
        if exercise not in self.names:
            near = get_close_matches(exercise, self.names, n=3, cutoff=0.6)
            remedy = f"did you mean {' or '.join(near)}?" if near else f"there are: {', '.join(self.names)}"
            raise UsageError(f"there is no exercise called {exercise}", remedy if self.names else _NO_EXERCISES)
        return self.root / "rubrics" / f"{exercise}.yaml"


def find_course(chosen: str | None) -> Course:
    """Return the course that was asked for, that of the folder we are in, or the built-in one."""
    wanted = chosen or os.environ.get("GRADE_COURSE")
    if wanted:
        root, source = Path(wanted), "" if chosen else " (from GRADE_COURSE)"
        if not _is_folder(root / "rubrics"):
            raise UsageError(f"{root}{source} is no course: it has no folder rubrics/", "name a folder that has one")
        if not _is_course(root):
            raise UsageError(f"the course {root}{source} has no exercises", _NO_EXERCISES)
        return Course(root)
    return next((Course(folder) for folder in _upwards() if _is_course(folder)), builtin())


def own_course(chosen: str | None) -> Course:
    """Return the course that was named or that we are in; UsageError where that is none, or has no exercise."""
    if chosen or os.environ.get("GRADE_COURSE"):
        return find_course(chosen)
    inside = next((folder for folder in _upwards() if _is_folder(folder / "rubrics")), None)
    if inside is None:
        raise UsageError(
            "this folder belongs to no course", "go to a folder that has rubrics/, or name it: --course DIR"
        )
    return find_course(str(inside))


def course_to_extend(chosen: str | None) -> Course:
    """Return the course that a new exercise goes into: the one that was named, which may be new, or that we are in."""
    wanted = chosen or os.environ.get("GRADE_COURSE")
    if not wanted:
        inside = next((folder for folder in _upwards() if _is_folder(folder / "rubrics")), None)
        if inside is None:
            raise UsageError("this folder belongs to no course", "--course DIR begins one in a new or empty folder")
        return Course(inside)
    root, source = Path(wanted), "" if chosen else " (from GRADE_COURSE)"
    if root.exists() and not _is_folder(root):
        raise UsageError(f"{root}{source} is no folder that we may look into", "name a folder of your own")
    if root.exists() and not _is_folder(root / "rubrics") and any(root.iterdir()):
        raise UsageError(f"{root}{source} is no course and holds other things", "name a course, or a new folder")
    return Course(root)


def builtin() -> Course:
    """Return the course that came with this installation: inside the wheel, or beside the package in a checkout."""
    packaged = _PACKAGE / "builtin"
    return Course(packaged if packaged.is_dir() else _PACKAGE.parent)


def _upwards() -> Iterator[Path]:
    try:
        here = Path.cwd()
    except OSError:
        return  # the folder that we stand in was removed
    yield here
    yield from here.parents


def _is_course(folder: Path) -> bool:
    return _is_folder(folder / "rubrics") and any((folder / "rubrics").glob("*.yaml"))


def _is_folder(path: Path) -> bool:
    """Return whether this is a folder that we may look into; a parent's may belong to somebody else."""
    return os.access(path, os.R_OK | os.X_OK) and path.is_dir()
