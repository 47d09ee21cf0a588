"""Whether rubrics hold, told to the screen, to programs and to a browser."""

from grader.reporters.verification.json_text import json_text
from grader.reporters.verification.page import page
from grader.reporters.verification.screen import show

__all__ = ["json_text", "page", "show"]
