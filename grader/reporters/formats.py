"""The formats of a report: one module each, with `write(report) -> str`, imported when it is asked for.

A module may also have `prepare()`, which raises GradeError beforehand where a report could not be written. Other
packages add formats by the entry points `grader.reporters`, each of which names such a module.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING

from grader.errors import GradeError, OutputError, UsageError
from grader.plugins import offered, plugin

if TYPE_CHECKING:
    from collections.abc import Callable

    from grader.models.report import Report

GROUP = "grader.reporters"


@dataclass(frozen=True, slots=True)
class Format:
    """A way to write a report: the suffix that stands for it, if any does, and the module that knows how."""

    suffix: str | None
    module: str
    prepares: bool = False
    """Whether it has a `prepare()`; the modules of the others wait until there is a report."""


FORMATS: dict[str, Format] = {
    "json": Format(".json", "grader.reporters.json_report"),
    "html": Format(".html", "grader.reporters.html"),
    "svg": Format(".svg", "grader.reporters.picture.svg"),
    "mermaid": Format(".mmd", "grader.reporters.picture.mermaid"),
    "terminal": Format(".txt", "grader.reporters.terminal"),
    "junit": Format(".xml", "grader.reporters.junit"),
    "csv": Format(".csv", "grader.reporters.csv_report"),
    "markdown": Format(".md", "grader.reporters.markdown"),
    "github": Format(None, "grader.reporters.github"),
    "gradescope": Format(None, "grader.reporters.gradescope"),
    "classroom50": Format(None, "grader.reporters.classroom50", prepares=True),
}


def known_formats() -> list[str]:
    """Return the names of all formats, ours first."""
    return [*FORMATS, *(name for name in offered(GROUP) if name not in FORMATS)]


def is_format(name: str) -> bool:
    """Return whether there is a format of this name, here or in another package."""
    return name in FORMATS or name in offered(GROUP)


def prepare(name: str) -> None:
    """Raise GradeError beforehand where a report in this format could not be written."""
    if name in FORMATS and not FORMATS[name].prepares:
        return
    module = _module(name)
    writer = getattr(module, "write", None)
    if not callable(writer):
        raise UsageError(f"the format {name} has no write(report)", "repair or uninstall the package that adds it")
    check: Callable[[], None] | None = getattr(module, "prepare", None)
    if check is not None:
        check()


def written(report: Report, name: str) -> str:
    """Return the report in a format, ending in a newline; OutputError where another package's format fails."""
    write: Callable[[Report], str] = _module(name).write  # type: ignore[attr-defined]  # asked of every module
    if name in FORMATS:
        return write(report)
    try:
        text = write(report)
    except GradeError:
        raise
    except Exception as fault:
        raise OutputError(f"the format {name} failed: {type(fault).__name__}: {fault}", "tell its authors") from fault
    if not isinstance(text, str):
        raise OutputError(f"the format {name} wrote {type(text).__name__}, not text", "tell its authors")
    return text if text.endswith("\n") else text + "\n"


def _module(name: str) -> object:
    return import_module(FORMATS[name].module) if name in FORMATS else plugin(GROUP, name)
