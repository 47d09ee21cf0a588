"""What is wrong with a rubric, and where."""

from collections.abc import Iterable
from dataclasses import dataclass

from yaml import Event, Node

from grader.errors import RubricError

MOST = 50
"""More lines than this help nobody: the first ones are usually the cause of the rest."""


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One fault at a line and column, both counted from 1."""

    line: int
    column: int
    text: str

    @property
    def position(self) -> tuple[int, int]:
        """Where it stands."""
        return self.line, self.column


class BrokenFile(Exception):
    """A fault after which nothing else of the file can be judged."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.text)
        self.problem = problem


def at(where: Node | Event, text: str) -> Problem:
    """Return a problem that stands where a node or an event begins."""
    mark = where.start_mark
    return Problem(mark.line + 1, mark.column + 1, text) if mark else Problem(1, 1, text)


def at_index(text: str, index: int, fault: str) -> Problem:
    """Return a problem that stands at a character of the text."""
    return Problem(text.count("\n", 0, index) + 1, index - text.rfind("\n", 0, index), fault)


def error(path: str, problems: Iterable[Problem]) -> RubricError:
    """Return the one error that tells of all problems, a line each, in the order of the file."""
    told = sorted(set(problems))
    lines = [f"{path}:{each.line}:{each.column}: {each.text}" for each in told[:MOST]]
    if len(told) > MOST:
        lines.append("and more")
    places = tuple((each.line, each.column, each.text) for each in told[:MOST])
    return RubricError("\n".join(lines), places=places)
