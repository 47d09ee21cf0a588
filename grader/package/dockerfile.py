"""What a Dockerfile says: the images that it takes from, and what it runs while it is built."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from grader.errors import UsageError

_HEREDOC = re.compile(r"<<-?\s*([\"']?)(\w+)\1")
_VARIABLE = re.compile(r"\$(?:(\w+)|\{(\w+)(?:(:?[-+])([^}]*))?\})")
_FROM = re.compile(r"(?:--\S+\s+)*(\S+)(?:\s+AS\s+(\S+))?\s*", re.IGNORECASE)
_COPY_FROM = re.compile(r"--from=(\S+)|--mount=\S*\bfrom=([^,\s]+)")
_SYNTAX = re.compile(r"#\s*syntax\s*=\s*(\S+)", re.IGNORECASE)
SCRATCH = "scratch"


@dataclass(slots=True)
class Stage:
    """What is built upon one FROM: the image at its root, and the commands that are run in it."""

    image: str
    runs: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Dockerfile:
    """One Dockerfile; `images` are those that the engine must have."""

    path: Path
    stages: list[Stage] = field(default_factory=list)
    images: list[str] = field(default_factory=list)
    frontend: str = ""
    """The image that `# syntax=` asks a registry for."""


def read(path: Path) -> Dockerfile:
    """Return what a Dockerfile says; UsageError where it cannot be read, or names no image without a build argument."""
    text, found = read_text(path), Dockerfile(path)
    if syntax := _SYNTAX.match(text):
        found.frontend = syntax[1]
    arguments: dict[str, str] = {}
    inside: dict[str, str] = {}
    names: dict[str, str] = {SCRATCH: SCRATCH}
    for word, rest in _instructions(text):
        if word == "ARG" and not found.stages:
            arguments |= _defaults(rest, arguments)
        elif word == "FROM":
            _begin(found, rest, arguments, names)
            inside = {}
        elif found.stages:
            if word in ("ARG", "ENV"):
                inside |= {name: arguments[name] for name in rest.split() if name in arguments}
                inside |= _defaults(rest, inside)
            if word == "RUN":
                found.stages[-1].runs.append(_known(rest, inside))
            if word in ("RUN", "COPY", "ADD"):
                others = [one or other for one, other in _COPY_FROM.findall(rest.partition("\n")[0])]
                found.images += [name for name in others if name.lower() not in names and not name.isdecimal()]
    found.images = list(dict.fromkeys(found.images))
    return found


def read_text(path: Path) -> str:
    """Return a text of the starter; UsageError where it is none."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as fault:
        raise UsageError(f"{path} is no text in UTF-8", "save it as UTF-8") from fault
    except OSError as fault:
        raise UsageError(f"{path} cannot be read: {fault.strerror}", "let yourself read it") from fault


def expanded(text: str, values: Mapping[str, str], path: Path) -> str:
    """Return a text with its variables replaced; UsageError names one that has no value."""

    def value(match: re.Match[str]) -> str:
        name, sign, other = match[1] or match[2], match[3] or "", match[4] or ""
        known = values.get(name)
        is_there = known is not None and (known or not sign.startswith(":"))
        if sign.endswith("+"):
            return other if is_there else ""
        if is_there:
            return known or ""
        if not sign:
            raise UsageError(f"{path}: {text} depends on {name}, which has no value there", f"give {name} a default")
        return other

    return _VARIABLE.sub(value, text)


def _begin(found: Dockerfile, rest: str, arguments: Mapping[str, str], names: dict[str, str]) -> None:
    match = _FROM.fullmatch(rest)
    if match is None:
        raise UsageError(f"{found.path}: FROM {rest} names no image", "write FROM IMAGE, or FROM IMAGE AS NAME")
    name, alias = expanded(match[1].strip("\"'"), arguments, found.path), match[2]
    image = names.get(name.lower(), name)
    if name.lower() not in names:
        found.images.append(name)
    found.stages.append(Stage(image))
    if alias:
        names[alias.lower()] = image


def _known(text: str, values: Mapping[str, str]) -> str:
    """Return a text with those variables replaced that have a value here; the others are the shell's own."""
    return _VARIABLE.sub(lambda match: values.get(match[1] or match[2], match[0]), text)


def _defaults(rest: str, known: Mapping[str, str]) -> dict[str, str]:
    """Return the arguments of one ARG that have a default; a default may use what stands before it."""
    pairs = (word.partition("=") for word in rest.split())
    return {
        name: _VARIABLE.sub(lambda match: known.get(match[1] or match[2], match[4] or ""), value.strip("\"'"))
        for name, equals, value in pairs
        if equals
    }


def _instructions(text: str) -> Iterator[tuple[str, str]]:
    """Yield each instruction with its text: continued lines are joined, comments gone, here-documents below it."""
    lines = iter(text.splitlines())
    for line in lines:
        whole = line.strip()
        if not whole or whole.startswith("#"):
            continue
        while whole.endswith("\\"):
            more = next(lines, None)
            if more is None:
                whole = whole[:-1]
            elif more.strip() and not more.lstrip().startswith("#"):
                whole = whole[:-1] + " " + more.strip()
        word, _, rest = whole.partition(" ")
        if word.upper() in ("RUN", "COPY", "ADD"):
            for _, end in _HEREDOC.findall(rest):
                rest += "".join(f"\n{each}" for each in _until(lines, end))
        yield word.upper(), _shell(rest.strip())


def _until(lines: Iterator[str], end: str) -> Iterator[str]:
    for line in lines:
        if line.strip() == end:
            return
        yield line


def _shell(text: str) -> str:
    """Return RUN ["pip", "install", "x"] as the shell would have it."""
    if not text.startswith("["):
        return text
    try:
        words = json.loads(text)
    except ValueError:
        return text
    import shlex

    return shlex.join(map(str, words)) if isinstance(words, list) else text
