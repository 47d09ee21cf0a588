"""What of an exercise is handed out: the rubric, the brief and the starter, and nothing that solves it."""

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

from grader.course import Course
from grader.errors import UsageError

SOLUTIONS = "reference_solution"
_LITTER = frozenset({"__pycache__", "Thumbs.db", ".DS_Store", ".git"})
"""What nobody misses."""
_NEEDED = frozenset({".dockerignore"})
"""The one file that begins with a dot and belongs to what is built."""
_TELLING = re.compile(r"(?<![a-z])solutions?(?![a-z])", re.IGNORECASE)
_BUILDS = re.compile(r".*\.sh|(docker-)?compose.*\.ya?ml", re.IGNORECASE)


def course_files(course: Course, exercise: str) -> Iterator[tuple[str, Path]]:
    """Yield what learners may have of an exercise, by its path in the course.

    UsageError names a link, which might lead anywhere, and a file that is or seems to be a solution.
    """
    rubric = course.rubric(exercise)
    for file in (rubric, rubric.with_name("rubric.schema.json")):
        if file.is_file():
            yield f"rubrics/{file.name}", file
    solutions = _solutions(course)
    for file in _inside(course, exercise):
        if not _left_out(file, course.root):
            _check(file, course.root / "exercises" / exercise, course.root, solutions)
            yield file.relative_to(course.root).as_posix(), file


def left_out(course: Course, exercise: str) -> list[str]:
    """Return the files that stay at home because their names begin with a dot: secrets are kept in such files."""
    files = (file for file in _inside(course, exercise) if file.is_file() and _left_out(file, course.root))
    return [file.relative_to(course.root).as_posix() for file in files if not _LITTER & set(file.parts)]


def has_solutions(course: Course) -> bool:
    """Return whether there are solutions with which files are compared; an installed course has none."""
    return (course.root / SOLUTIONS).is_dir()


def _inside(course: Course, exercise: str) -> list[Path]:
    found = sorted((course.root / "exercises" / exercise).rglob("*"))
    return [file for file in found if file.is_symlink() or file.is_file()]


def _left_out(file: Path, root: Path) -> bool:
    parts = file.relative_to(root).parts
    return bool(_LITTER & set(parts)) or any(part.startswith(".") and part not in _NEEDED for part in parts)


def _check(file: Path, exercise: Path, root: Path, solutions: dict[bytes, list[Path]]) -> None:
    """Raise UsageError for what must not be handed out."""
    name = file.relative_to(root).as_posix()
    if file.is_symlink():
        raise UsageError(f"{name} is a link, and might lead to a solution", "put a copy in its place")
    place = file.relative_to(exercise)
    if any(_TELLING.search(part) for part in place.parts):
        raise UsageError(f"{name} is called a solution, and learners would have it", f"move it to {SOLUTIONS}/")
    for solution in solutions.get(_digest(file), ()):
        if not _shared(file, place, solution.relative_to(root)):
            raise UsageError(
                f"{name} is the same as {solution.relative_to(root).as_posix()}, and learners would have it",
                "take it out of the exercise; a solution can use the starter's own files by their path",
            )


def _shared(file: Path, place: Path, solution: Path) -> bool:
    """Return whether a solution has a file of the starter in the place where the starter has it.

    What builds by itself, a script or a Compose file, is the solution wherever it lies.
    """
    if _BUILDS.fullmatch(file.name) or file.read_bytes()[:2] == b"#!":
        return False
    _, _, *inside = solution.parts  # reference_solution, the exercise, and most often the name of one way to build it
    return bool({tuple(inside), tuple(inside[1:])} & {place.parts, place.parts[1:]} - {()})


def _solutions(course: Course) -> dict[bytes, list[Path]]:
    """Return the solutions of the whole course by what they hold; what is empty tells nothing."""
    found: dict[bytes, list[Path]] = {}
    for file in sorted((course.root / SOLUTIONS).rglob("*")):
        if file.is_file() and file.stat().st_size:
            found.setdefault(_digest(file), []).append(file)
    return found


def _digest(file: Path) -> bytes:
    return hashlib.sha256(file.read_bytes()).digest()
