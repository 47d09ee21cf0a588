"""Arguments in, exit code out: the only owner of exit codes and of the text of errors."""

from grader.cli import authoring, hinting, learning, proving, resetting, shells, teaching  # noqa: F401 - each adds commands
from grader.cli.commands import grade
from grader.cli.process import main

__all__ = ["grade", "main"]
