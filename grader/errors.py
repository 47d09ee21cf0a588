"""Everything that ends a command, with its exit code and its remedy.

    GradeError
    +-- UsageError (2)             a wrong word on the command line
    |   +-- RubricError            a rubric that does not hold, with file, line and column
    |   +-- EvidenceError          a file of evidence that cannot be read
    |   +-- OutputError            a report that cannot be written
    +-- EngineError (3)            the engine cannot be observed
        +-- EngineUnreachable      nothing answers at that address
        +-- EngineForbidden        it answers, but not to this user
        +-- EngineTimeout          it accepts and never answers
        +-- EngineUnsupported      its API is outside the range that we know, or it lacks what the exercise requires
        +-- ProbeUnavailable       no probe for this engine's architecture

Bugs of ours are no part of the tree: the command line turns them into exit code 70.
"""

from collections.abc import Iterable
from difflib import get_close_matches
from typing import ClassVar


class GradeError(Exception):
    """An end that we foresaw: what happened, and in `remedy` how to mend it."""

    exit_code: ClassVar[int] = 3

    def __init__(self, message: str, remedy: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy


class UsageError(GradeError):
    """The command line asks for something that does not exist or makes no sense."""

    exit_code = 2


class RubricError(UsageError):
    """A rubric is wrong; the message begins with file, line and column."""


class EvidenceError(UsageError):
    """A file of evidence is unreadable, truncated or of another version."""


class OutputError(UsageError):
    """A report cannot be written where it was asked for."""


class EngineError(GradeError):
    """The engine cannot be observed, which is never the learner's fault."""


class EngineUnreachable(EngineError):
    """Nothing answers at the engine's address."""


class EngineForbidden(EngineError):
    """The engine's socket exists, but this user may not use it."""


class EngineTimeout(EngineError):
    """The engine accepted a connection and did not answer within the deadline."""


class EngineUnsupported(EngineError):
    """The engine speaks no API version that we know, or lacks what the exercise requires."""


class ProbeUnavailable(EngineError):
    """There is no probe in this installation for the engine's architecture."""


def meant(word: str, known: Iterable[str], otherwise: str) -> str:
    """Return a remedy: the word that was probably meant, before what is said anyway."""
    near = get_close_matches(word, [*known], n=1)
    return f"did you mean {near[0]}? {otherwise}" if near else otherwise
