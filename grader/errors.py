"""Everything that ends a command, with its exit code and its remedy.

    GradeError
    +-- UsageError (2)             a wrong word on the command line
    |   +-- RubricError            a rubric that does not hold, with file, line and column
    |   +-- EvidenceError          a file of evidence that cannot be read
    |   +-- OutputError            a report that cannot be written
    |   +-- RosterError            a list of learners that does not hold, with file and line
    |   +-- GradebookError         a gradebook that cannot be used, or used in this way
    +-- EngineError (3)            the engine cannot be observed
        +-- EngineUnreachable      nothing answers at that address
        +-- EngineForbidden        it answers, but not to this user
        +-- EngineTimeout          it accepts and never answers
        +-- EngineLost             it broke off in the middle
        +-- TlsMismatch            it wants TLS and we do not, or the certificates do not fit
        +-- HostKeyUnknown         nobody has vouched for the key of an ssh server
        +-- HostKeyChanged         the ssh server shows another key than the one that was vouched for
        +-- LoginRefused           the ssh server does not let us in
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
    """A rubric is wrong; the message begins with file, line and column, which `places` has in numbers."""

    def __init__(self, message: str, remedy: str = "", places: tuple[tuple[int, int, str], ...] = ()) -> None:
        super().__init__(message, remedy)
        self.places = places


class EvidenceError(UsageError):
    """A file of evidence is unreadable, truncated or of another version."""


class OutputError(UsageError):
    """A report cannot be written where it was asked for."""


class RosterError(UsageError):
    """A list of learners is wrong; the message begins with file, line and column."""


class GradebookError(UsageError):
    """A gradebook is damaged, of another version, or not what it is asked to be."""


class EngineError(GradeError):
    """The engine cannot be observed, which is never the learner's fault.

    `word` names the kind of fault in a few letters, `passing` tells whether another try may succeed.
    """

    word: ClassVar[str] = "engine"
    passing: ClassVar[bool] = False


class EngineUnreachable(EngineError):
    """Nothing answers at the engine's address."""

    word = "unreachable"
    passing = True


class EngineForbidden(EngineError):
    """The engine's socket exists, but this user may not use it."""

    word = "forbidden"


class EngineTimeout(EngineError):
    """The engine accepted a connection and did not answer within the deadline."""

    word = "timeout"
    passing = True


class EngineLost(EngineError):
    """The engine, or the way to it, broke off in the middle."""

    word = "lost"
    passing = True


class TlsMismatch(EngineError):
    """One side wants TLS and the other does not, or the certificates do not fit."""

    word = "tls"


class HostKeyUnknown(EngineError):
    """Nobody has vouched for the key that an ssh server shows."""

    word = "unknown-key"


class HostKeyChanged(EngineError):
    """An ssh server shows another key than the one that was vouched for."""

    word = "changed-key"


class LoginRefused(EngineError):
    """An ssh server does not let us in."""

    word = "login"


class EngineUnsupported(EngineError):
    """The engine speaks no API version that we know, or lacks what the exercise requires."""

    word = "unsupported"


class ProbeUnavailable(EngineError):
    """There is no probe in this installation for the engine's architecture."""

    word = "no-probe"


def meant(word: str, known: Iterable[str], otherwise: str) -> str:
    """Return a remedy: the word that was probably meant, before what is said anyway."""
    near = get_close_matches(word, [*known], n=1)
    return f"did you mean {near[0]}? {otherwise}" if near else otherwise
