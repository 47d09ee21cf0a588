"""Whether a course holds, told to a log, to programs, to a job's summary and to a platform's list of tests."""

from grader.reporters.ci.annotations import annotations
from grader.reporters.ci.junit import junit
from grader.reporters.ci.plain import json_text, markdown, plain

__all__ = ["annotations", "json_text", "junit", "markdown", "plain"]
