"""What judging takes beside evidence, wherever it is done: the rubric, and the page for the learner."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from grader.reporters.formats import FORMATS, written
from grader.rubric.load import loads

if TYPE_CHECKING:
    from grader.models.report import Report
    from grader.rubric.model import Loaded


def html_of(report: Report) -> str | None:
    """Return the report as a page."""
    return written(report, "html") if "html" in FORMATS else None


@cache
def rubric_of(text: str, path: str) -> Loaded:
    """Return a rubric, which all tasks of an exercise share."""
    return loads(text, path)
