"""What a watch shows: the last verdict, what has just changed, and how it stands with the engine."""

from datetime import datetime
from decimal import Decimal

from grader.models.base import Frozen
from grader.models.report import Report, Status


class Change(Frozen):
    """A check whose status or score is another one than before; `points` is what that won or lost."""

    check: str
    title: str
    was: Status
    status: Status
    points: Decimal


class News(Frozen):
    """What one look saw changed."""

    at: datetime
    changes: tuple[Change, ...]

    @property
    def points(self) -> Decimal:
        """What all of it won or lost."""
        return sum((change.points for change in self.changes), Decimal(0))


class Trouble(Frozen):
    """Why the engine cannot be looked at just now, and what mends that; `gone` when it does not answer at all."""

    what: str
    remedy: str = ""
    gone: bool = False


class Seen(Frozen):
    """What the last look has brought; `starting` may yet mend a failed check by itself."""

    report: Report
    at: datetime
    starting: tuple[str, ...] = ()


class View(Frozen):
    """One moment of a watch."""

    exercise: str
    seen: Seen | None = None
    looking: bool = False
    news: tuple[News, ...] = ()
    """The latest first."""
    trouble: Trouble | None = None
