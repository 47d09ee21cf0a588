"""Links within the course that lead nowhere."""

import re
from collections.abc import Callable, Iterator
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from urllib.parse import unquote, urlsplit

from grader.ci.targets import anchors, targets
from grader.models.ci import Problem

_FOLDERS = ("exercises", "rubrics", "reference_solution", "docs")
_NO_HEADING = re.compile(r"top|readme|l\d+(c\d+)?(-l?\d+(c\d+)?)?")
"""What leads to the top of a page and to lines of a file, on any platform: no heading has to be called so."""


def dead_links(root: Path) -> Iterator[Problem]:
    """Yield each link and picture of the course's Markdown, and of the HTML in it, that leads to no file or heading.

    Links to the web are not followed.
    """
    files = {*root.glob("*.md"), *(file for folder in _FOLDERS for file in (root / folder).rglob("*.md"))}
    offered = cache(_offered)
    for file in sorted(files):
        path = file.relative_to(root).as_posix()
        try:
            text = file.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as fault:
            yield Problem(path=path, rule="link", text=f"it cannot be read: {fault}", remedy="save it as UTF-8")
            continue
        for line, target in targets(text):
            if remedy := _remedy(root, file, target, offered):
                yield Problem(path=path, line=line, rule="link", text=f"{target} leads nowhere", remedy=remedy)


def _remedy(root: Path, file: Path, target: str, offered: Callable[[Path], frozenset[str] | None]) -> str | None:
    """Return what mends a target that leads nowhere; None where it leads somewhere."""
    try:
        parts = urlsplit(target)
        if parts.scheme or parts.netloc:
            return None
        there = _file(root, file, unquote(parts.path))
        if not there.exists():
            return "mend the link, or add the file"
    except (OSError, ValueError):
        return "mend the link: this is no address"
    heading = unquote(parts.fragment).lower().removeprefix("user-content-")  # GitHub finds it in any case
    if not heading or _NO_HEADING.fullmatch(heading) or there.suffix.lower() != ".md":
        return None
    names = offered(there)
    if names is None or heading in names:
        return None
    near = get_close_matches(heading, sorted(names), n=1)
    return f"did you mean #{near[0]}?" if near else "mend the link, or add the heading"


def _file(root: Path, file: Path, path: str) -> Path:
    if not path:
        return file
    return (root if path.startswith("/") else file.parent) / path.lstrip("/")


def _offered(file: Path) -> frozenset[str] | None:
    """Return the anchors of a file; None for one that cannot be read, which is told elsewhere."""
    try:
        return anchors(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError):
        return None
