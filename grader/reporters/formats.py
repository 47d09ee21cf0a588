"""The formats of a report: one module each, with `write(report) -> str`, imported when it is asked for."""

from dataclasses import dataclass
from importlib import import_module

from grader.models.report import Report


@dataclass(frozen=True, slots=True)
class Format:
    """A way to write a report: the suffix that stands for it, and the module that knows how."""

    suffix: str
    module: str


FORMATS: dict[str, Format] = {
    "json": Format(".json", "grader.reporters.json_report"),
    "html": Format(".html", "grader.reporters.html"),
    "svg": Format(".svg", "grader.reporters.picture.svg"),
    "mermaid": Format(".mmd", "grader.reporters.picture.mermaid"),
    "terminal": Format(".txt", "grader.reporters.terminal"),
}


def written(report: Report, name: str) -> str:
    """Return the report in one of `FORMATS`, ending in a newline."""
    text: str = import_module(FORMATS[name].module).write(report)
    return text
