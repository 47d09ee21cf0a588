"""Links within the course that lead nowhere."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

from markdown_it import MarkdownIt
from markdown_it.token import Token

from grader.models.ci import Problem

_FOLDERS = ("exercises", "rubrics", "reference_solution", "docs")


def dead_links(root: Path) -> Iterator[Problem]:
    """Yield each link and picture of the course's Markdown that leads to no file; those to the web are not followed."""
    files = {*root.glob("*.md"), *(file for folder in _FOLDERS for file in (root / folder).rglob("*.md"))}
    for file in sorted(files):
        path = file.relative_to(root).as_posix()
        try:
            text = file.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as fault:
            yield Problem(path=path, rule="link", text=f"it cannot be read: {fault}", remedy="save it as UTF-8")
            continue
        for line, target in _links(text):
            if _leads_nowhere(root, file, target):
                told = f"{target} leads nowhere"
                yield Problem(path=path, line=line, rule="link", text=told, remedy="mend the link, or add the file")


def _links(text: str) -> Iterator[tuple[int, str]]:
    for block in MarkdownIt("commonmark").enable("table").parse(text):
        line = block.map[0] + 1 if block.map else 1
        for token in block.children or ():
            if token.type in ("softbreak", "hardbreak"):
                line += 1
            if target := _target(token):
                yield line, target


def _target(token: Token) -> str | None:
    name = {"link_open": "href", "image": "src"}.get(token.type)
    return str(token.attrGet(name)) if name and token.attrGet(name) else None


def _leads_nowhere(root: Path, file: Path, target: str) -> bool:
    try:
        parts = urlsplit(target)
    except ValueError:
        return True
    if parts.scheme or parts.netloc or not parts.path:
        return False
    path = unquote(parts.path)
    base = root if path.startswith("/") else file.parent
    try:
        return not (base / path.lstrip("/")).exists()
    except (OSError, ValueError):
        return True
