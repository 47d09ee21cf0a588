"""Everything that a room without internet needs: the starter, the rubric, the wheels and the images, in one archive."""

import re
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import yaml

from grader.course import Course
from grader.errors import UsageError
from grader.host.connect import Connection
from grader.host.images import known_tags, save
from grader.judging import imageref
from grader.package.archive import course_files, opened
from grader.package.texts import text
from grader.package.wheels import collect
from grader.rubric.load import load
from grader.rubric.model import Rubric

_FROM = re.compile(r"^\s*FROM\s+(?:--\S+\s+)*(\S+)(?:\s+AS\s+(\S+))?", re.IGNORECASE | re.MULTILINE)
_FETCHES = re.compile(r"^\s*RUN\b.*\b(pip3?|apt-get|apt|apk|npm|curl|wget)\b", re.MULTILINE)


def write(
    course: Course,
    exercise: str,
    target: Path,
    connection: Connection,
    images: Sequence[str] = (),
    pythons: Sequence[str] = (),
    platforms: Sequence[str] = (),
) -> list[str]:
    """Write the archive, with images of this engine: those named, and those that starter and rubric need.

    Return the names of the images. UsageError names one that the engine does not have.
    """
    rubric = load(course.rubric(exercise)).rubric
    folder = course.root / "exercises" / exercise
    names = _found([*images, *starter_images(folder)], rubric, known_tags(connection))
    with tempfile.TemporaryDirectory(dir=target.resolve().parent) as scratch:
        wheels = collect(_made(Path(scratch) / "wheels"), pythons, platforms)
        save(connection, names, Path(scratch) / "images.tar")
        with opened(target) as archive:
            top = f"exam-{exercise}"
            archive.add(f"{top}/install.sh", text("install.sh").replace("EXERCISE", exercise))
            for name, file in course_files(course, exercise):
                archive.add(f"{top}/course/{name}", file)
            for wheel in wheels:
                archive.add(f"{top}/wheels/{wheel.name}", wheel)
            archive.add(f"{top}/images.tar", Path(scratch) / "images.tar")
    return names


def starter_images(folder: Path) -> list[str]:
    """Return the images that the starter's Dockerfiles begin with and its Compose files name."""
    found = [name for file in sorted(folder.rglob("Dockerfile*")) for name in _bases(file.read_text(encoding="utf-8"))]
    for file in sorted(folder.rglob("*compose*.y*ml")):
        services = (yaml.safe_load(file.read_text(encoding="utf-8")) or {}).get("services") or {}
        found += [each["image"] for each in services.values() if "image" in each and "build" not in each]
    return list(dict.fromkeys(found))


def fetching(folder: Path) -> list[str]:
    """Return the starter's Dockerfiles that fetch something while they are built, which a room may not allow."""
    files = sorted(folder.rglob("Dockerfile*"))
    return [f.relative_to(folder).as_posix() for f in files if _FETCHES.search(f.read_text(encoding="utf-8"))]


def _bases(dockerfile: str) -> Iterator[str]:
    stages = {"scratch"}
    for name, stage in _FROM.findall(dockerfile):
        if name.lower() not in stages:
            yield name
        stages.add(stage.lower())


def _found(wanted: Sequence[str], rubric: Rubric, tags: Sequence[str]) -> list[str]:
    """Return the tags of the engine for what is wanted, and for each role's image that this does not cover."""
    chosen = [_tag(name, tags) for name in wanted]
    for role in rubric.roles.values():
        if role.image and not any(_is(tag, role.image) for tag in chosen):
            chosen.append(_tag(role.image, tags))
    return sorted(set(chosen))


def _tag(name: str, tags: Sequence[str]) -> str:
    if name in tags or f"{name}:latest" in tags:
        return name if name in tags else f"{name}:latest"
    if ":" not in name and (others := [tag for tag in tags if _is(tag, name)]):
        return others[0]
    raise UsageError(f"the engine has no image {name}", f"docker pull {name}, or build it, and try again")


def _is(tag: str, image: str) -> bool:
    return imageref.parse(tag).satisfies(imageref.parse(image))


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder
