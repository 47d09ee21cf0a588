"""Arguments in, exit code out: the only owner of exit codes and of the text of errors."""

from grader.cli import (  # noqa: F401 - each adds its commands to the group
    authoring,
    batching,
    course,
    gradebooks,
    hinting,
    learning,
    packaging,
    proving,
    resetting,
    shells,
    submitting,
    teaching,
    upkeep,
    watching,
)
from grader.cli.commands import grade
from grader.cli.process import main

__all__ = ["grade", "main"]
