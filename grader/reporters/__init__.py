"""Report in, text out. A new format is a module with `write(report) -> str` and a line in formats.py."""

from grader.reporters.destination import Destination
from grader.reporters.formats import FORMATS, Format, known_formats, written
from grader.reporters.outputs import plan_outputs

__all__ = ["FORMATS", "Destination", "Format", "known_formats", "plan_outputs", "written"]
