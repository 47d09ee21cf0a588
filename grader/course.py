"""A course: a folder with exercises and their rubrics; the built-in one travels with the package."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from grader.errors import UsageError

_PACKAGE = Path(__file__).parent


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
            near = get_close_matches(exercise, self.names, n=3, cutoff=0.4)
            remedy = f"did you mean {' or '.join(near)}?" if near else f"there are: {', '.join(self.names) or 'none'}"
            raise UsageError(f"there is no exercise called {exercise}", remedy)
        return self.root / "rubrics" / f"{exercise}.yaml"


def find_course(chosen: str | None) -> Course:
    """Return the course that was asked for, that of the folder we are in, or the built-in one."""
    wanted = chosen or os.environ.get("GRADE_COURSE")
    if wanted:
        root = Path(wanted)
        if not (root / "rubrics").is_dir():
            raise UsageError(f"{root} is no course: it has no folder rubrics/", "name a folder that has one")
        return Course(root)
    return next((Course(folder) for folder in _upwards() if _is_course(folder)), builtin())


def builtin() -> Course:
    """Return the course that came with this installation: inside the wheel, or beside the package in a checkout."""
    packaged = _PACKAGE / "builtin"
    return Course(packaged if packaged.is_dir() else _PACKAGE.parent)


def _upwards() -> Iterator[Path]:
    here = Path.cwd()
    yield here
    yield from here.parents


def _is_course(folder: Path) -> bool:
    return (folder / "rubrics").is_dir() and any((folder / "rubrics").glob("*.yaml"))
