"""Everything that a room without internet needs: the starter, the rubric, the wheels and the images, in one archive."""

import tempfile
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

from grader.course import Course
from grader.errors import UsageError
from grader.host.connect import Connection
from grader.host.images import known_tags, save
from grader.host.wheelhouse import Wish, add_wheels, forget
from grader.judging import imageref
from grader.package.archive import kind, opened
from grader.package.contents import course_files
from grader.package.starter import installations, starter_images
from grader.package.texts import text
from grader.package.wheels import collect
from grader.rubric.load import load
from grader.rubric.model import Rubric

OURS = "grade-exam"
"""What images that have wheels are called until install.sh gives them their names."""
_PYTHON = "python"


def write(
    course: Course,
    exercise: str,
    target: Path,
    connection: Connection,
    images: Sequence[str] = (),
    pythons: Sequence[str] = (),
    platforms: Sequence[str] = (),
) -> tuple[list[str], list[str]]:
    """Write the archive, with images of this engine: those named, and those that starter and rubric need.

    Return the names of the images, and of those among them in which pip finds what the starter installs. UsageError
    names one that the engine does not have.
    """
    kind(target)
    rubric = load(course.rubric(exercise)).rubric
    folder = course.root / "exercises" / exercise
    files = list(course_files(course, exercise))
    names = _found(images, starter_images(folder), rubric, known_tags(connection))
    with tempfile.TemporaryDirectory(dir=target.resolve().parent) as scratch:
        wheels = collect(_made(Path(scratch) / "wheels"), pythons, platforms)
        renamed = _saved(connection, folder, names, Path(scratch) / "images.tar")
        with opened(target) as archive:
            top = f"exam-{exercise}"
            archive.add(f"{top}/install.sh", text("install.sh").replace("EXERCISE", exercise))
            archive.add(f"{top}/tags", "".join(f"{ours} {name}\n" for name, ours in renamed.items()))
            for name, file in files:
                archive.add(f"{top}/course/{name}", file)
            for wheel in wheels:
                archive.add(f"{top}/wheels/{wheel.name}", wheel)
            archive.add(f"{top}/images.tar", Path(scratch) / "images.tar")
    return names, sorted(renamed)


def _saved(connection: Connection, folder: Path, names: Sequence[str], into: Path) -> dict[str, str]:
    """Save the images, and return what those are called that were given wheels, so that pip finds them in the room."""
    renamed: dict[str, str] = {}
    try:
        for name, wishes in _wishes(folder, names).items():
            ours = f"{OURS}:{sha256(name.encode()).hexdigest()[:12]}"
            if add_wheels(connection, name, folder, wishes, ours):
                renamed[name] = ours
        save(connection, [renamed.get(name, name) for name in names], into)
    finally:
        forget(connection, list(renamed.values()))
    return renamed


def _wishes(folder: Path, names: Sequence[str]) -> dict[str, list[Wish]]:
    """Return by image what pip is to fetch there: what Dockerfiles install, and what lists wait for a Dockerfile.

    Where learners write the Dockerfile themselves, their list is fetched for every image of Python that is brought.
    """
    found: dict[str, list[Wish]] = {}
    used: set[Path] = set()
    for each in installations(folder):
        name = each.image if each.image in names else f"{each.image}:latest"
        found.setdefault(name, []).append((each.folder.relative_to(folder).as_posix(), each.words))
        used |= {each.folder / word for word in each.words}
    for file in sorted(folder.rglob("requirements*.txt")):
        for name in names:
            if file not in used and imageref.parse(name).repository.rpartition("/")[2] == _PYTHON:
                place = file.parent.relative_to(folder).as_posix()
                found.setdefault(name, []).append((place, ("-r", file.name)))
    return found


def _found(named: Sequence[str], starter: Sequence[str], rubric: Rubric, tags: Sequence[str]) -> list[str]:
    """Return the tags of the engine for what is wanted, and for each role's image that this does not cover."""
    chosen = [*(_tag(name, tags) for name in named), *(_exact(name, tags) for name in starter)]
    for role in rubric.roles.values():
        if role.image and not any(_is(tag, role.image) for tag in chosen):
            chosen.append(_tag(role.image, tags))
    return sorted(set(chosen))


def _exact(name: str, tags: Sequence[str]) -> str:
    """Return the tag that a build takes when it is told this name."""
    for tag in (name, f"{name}:latest"):
        if tag in tags:
            return tag
    raise UsageError(f"the engine has no image {name}", f"docker pull {name}, or build it, and try again")


def _tag(name: str, tags: Sequence[str]) -> str:
    """Return the tag for a name; a name without a tag is any of that name."""
    others = [tag for tag in tags if _is(tag, name)] if ":" not in name and f"{name}:latest" not in tags else []
    return others[0] if others else _exact(name, tags)


def _is(tag: str, image: str) -> bool:
    return imageref.parse(tag).satisfies(imageref.parse(image))


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder
