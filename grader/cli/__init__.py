"""Arguments in, exit code out: the only owner of exit codes and of the text of errors."""

from grader.cli import teaching  # noqa: F401 - adds its commands to the group
from grader.cli.commands import grade
from grader.cli.process import main

__all__ = ["grade", "main"]
