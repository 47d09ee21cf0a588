"""What a starter needs to be built: the images that it names, and what its Dockerfiles fetch."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from grader.errors import UsageError
from grader.package import pip
from grader.package.dockerfile import SCRATCH, Dockerfile, expanded, read, read_text

_FETCHERS = re.compile(
    r"(?<![\w./-])(apt-get|apt|apk|dnf|yum|npm|npx|yarn|pnpm|curl|wget|git clone|gem|bundle|go get|go install|go mod"
    r"|cargo|composer|uv|poetry|conda)\s+[\w-]"
)


@dataclass(frozen=True, slots=True)
class Installation:
    """What pip is asked for on top of an image: words for pip, to be said in the folder of the Dockerfile."""

    image: str
    folder: Path
    words: tuple[str, ...]


def dockerfiles(folder: Path) -> list[Dockerfile]:
    """Return the starter's Dockerfiles, read."""
    files = sorted(each for each in folder.rglob("*") if each.is_file() and _is_dockerfile(each.name))
    return [read(file) for file in files]


def starter_images(folder: Path) -> list[str]:
    """Return the images that the starter's Dockerfiles take from and its Compose files name."""
    found = [name for file in dockerfiles(folder) for name in file.images]
    for file in sorted(folder.rglob("*compose*.y*ml")):
        found += _of_compose(file)
    return list(dict.fromkeys(found))


def installations(folder: Path) -> list[Installation]:
    """Return what pip installs while the starter is built."""
    return [
        Installation(stage.image, file.path.parent, words)
        for file in dockerfiles(folder)
        for stage in file.stages
        if stage.image != SCRATCH
        for run in stage.runs
        for words in pip.wanted(run, file.path.parent)
    ]


def fetching(starter: Path) -> list[str]:
    """Return, in words, what the starter's Dockerfiles fetch while they are built and an archive cannot bring."""
    found = []
    for file in dockerfiles(starter):
        runs, folder = [run for stage in file.stages for run in stage.runs], file.path.parent
        tools = [match[1] for run in runs for match in _FETCHERS.finditer(run)]
        tools += [f"pip install {word}" for run in runs for word in pip.unknown(run, folder)]
        tools += [f"# syntax={file.frontend}"] if file.frontend else []
        name = file.path.relative_to(starter).as_posix()
        found += [f"{name} fetches with {tool}" for tool in dict.fromkeys(tools)]
    return found


def _is_dockerfile(name: str) -> bool:
    return name.startswith("Dockerfile") or name.lower().endswith(".dockerfile")


def _of_compose(file: Path) -> Iterator[str]:
    """Yield the images of a Compose file that are not built; a service that learners have to fill in has none."""
    try:
        said: Any = yaml.safe_load(read_text(file))
    except yaml.YAMLError as fault:
        where = f":{mark.line + 1}" if (mark := getattr(fault, "problem_mark", None)) else ""
        why = getattr(fault, "problem", None) or "it is no YAML"
        raise UsageError(f"{file}{where}: {why}", "mend the Compose file; learners could not use it either") from fault
    services = said.get("services") if isinstance(said, dict) else None
    if not isinstance(said, dict | None) or not isinstance(services, dict | None):
        raise UsageError(f"{file} has no services by name", "write services: and below it NAME: with an image")
    for each in (services or {}).values():
        if isinstance(each, dict) and each.get("image") and "build" not in each:
            yield expanded(str(each["image"]), {}, file)
