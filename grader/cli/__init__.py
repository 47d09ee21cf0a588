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
from grader.cli.contents import SECTIONS
from grader.cli.process import main

for _rows in SECTIONS.values():
    for _name, _told in _rows.items():
        grade.commands[_name].short_help = _told  # shells show it beside what they complete

__all__ = ["grade", "main"]
