"""Arguments in, exit code out: the only owner of exit codes and of the text of errors."""

from grader.cli import authoring, learning, proving, resetting, shells, submitting, teaching  # noqa: F401 - they add their commands to the group
from grader.cli.commands import grade
from grader.cli.process import main

__all__ = ["grade", "main"]
