"""What the `pip install` commands of a Dockerfile ask for, told without running them."""

import re
import shlex
from collections.abc import Iterator, Sequence
from pathlib import Path

_PIP = re.compile(r"(?:.*/)?pip[\d.]*")
_WITH_FILE = ("-r", "--requirement", "-c", "--constraint")
_KEPT = ("--index-url", "-i", "--extra-index-url", "--trusted-host", "--find-links", "-f")
_FLAGS_KEPT = ("--pre",)
_WITH_VALUE = (
    "-t", "--target", "--prefix", "--root", "--cache-dir", "--src", "--upgrade-strategy", "--progress-bar", "--log",
    "--root-user-action", "--timeout", "--retries", "--proxy", "--cert", "--report", "--python", "--platform",
    "--only-binary", "--no-binary", "--implementation", "--abi", "--python-version", "-C", "--config-settings",
)  # fmt: skip


def wanted(run: str, folder: Path) -> Iterator[tuple[str, ...]]:
    """Yield what pip is to fetch for each of its commands in a RUN, less how and where it is to install it."""
    for words in _pip_commands(run):
        kept: list[str] = []
        asks = False
        for option, value in _options(words):
            if option in _WITH_FILE:
                if (file := _in_starter(value, folder)) is not None:
                    kept += [option, file]
                    asks = asks or option in _WITH_FILE[:2]
            elif option in _KEPT:
                kept += [option, value]
            elif option in _FLAGS_KEPT:
                kept.append(option)
            elif not option and not _is_local(value):
                kept.append(value)
                asks = True
        if asks:
            yield tuple(kept)


def unknown(run: str, folder: Path) -> Iterator[str]:
    """Yield what pip is to install and we cannot fetch: from a folder, an address, or a file that is not there."""
    for words in _pip_commands(run):
        for option, value in _options(words):
            if (not option or option in ("-e", "--editable")) and _is_local(value or "."):
                yield value or option
            elif option in _WITH_FILE:
                file = _in_starter(value, folder)
                yield from [f"{option} {value}"] if file is None else _addresses(folder / file)


def _addresses(file: Path) -> Iterator[str]:
    """Yield the requirements of a list that name an address: pip asks there, whatever lies beside it."""
    for line in file.read_text(encoding="utf-8", errors="replace").splitlines():
        requirement = line.partition(" #")[0].strip()
        if "://" in requirement and not requirement.startswith(("#", "-i", "--")):
            yield requirement


def _pip_commands(run: str) -> Iterator[list[str]]:
    """Yield the words behind each `pip install` of a RUN."""
    for command in re.split(r"&&|\|\||[;|\n&]", run):
        try:
            words = shlex.split(command, comments=True)
        except ValueError:
            words = command.split()
        for place, word in enumerate(words):
            if _PIP.fullmatch(word) and "install" in words[place + 1 :]:
                yield words[words.index("install", place + 1) + 1 :]
                break


def _options(words: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield the options of a command with their values; what is no option is the value of an empty one."""
    rest = iter(words)
    for word in rest:
        option, equals, value = word.partition("=")
        if word[:2] in ("-r", "-c") and len(word) > 2:
            yield word[:2], word[2:]
        elif option in (*_WITH_FILE, *_KEPT, *_WITH_VALUE):
            yield option, value if equals else next(rest, "")
        elif word.startswith("-"):
            yield word, ""
        else:
            yield "", word


def _is_local(word: str) -> bool:
    return (
        word.startswith((".", "/", "git+", "http:", "https:"))
        or word.endswith((".whl", ".tar.gz"))
        or "$" in word
        or "://" in word
    )


def _in_starter(named: str, folder: Path) -> str | None:
    """Return where the starter has a file that a build knows by its path in the image."""
    if (folder / named).is_file() and not named.startswith("/"):
        return named
    found = sorted(folder.rglob(Path(named).name)) if Path(named).name else []
    return found[0].relative_to(folder).as_posix() if found else None
