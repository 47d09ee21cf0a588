"""What one report says otherwise than the one before."""

from collections.abc import Iterator

from grader.models.report import Report
from grader.models.watching import Change


def changes(before: Report, after: Report) -> tuple[Change, ...]:
    """Return the checks that are judged otherwise now, the dearest first.

    A failed check that waits for another one now, or no longer does, is no news: no mark is won or lost by that.
    """
    return tuple(sorted(_changes(before, after), key=lambda change: -abs(change.points)))


def _changes(before: Report, after: Report) -> Iterator[Change]:
    known = {check.id: check for check in before.checks}
    for check in after.checks:
        was = known[check.id]
        mere_order = {was.status, check.status} <= {"failed", "skipped"}
        if was.score != check.score or (was.status != check.status and not mere_order):
            yield Change(
                check=check.id,
                title=check.title,
                was=was.status,
                status=check.status,
                points=check.score - was.score,
            )
