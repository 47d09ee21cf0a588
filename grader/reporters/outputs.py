"""One report to all the places that were asked for."""

import os
import sys
from collections.abc import Callable, Sequence
from difflib import get_close_matches

from grader.errors import OutputError, UsageError
from grader.models.report import Report
from grader.reporters.destination import Destination, destination
from grader.reporters.formats import FORMATS, written


def plan_outputs(style: str, outputs: Sequence[str], *, quiet: bool = False) -> Callable[[Report], None]:
    """Return what writes a report to standard output in a format, and to each `[FORMAT:]FILE`.

    Raises UsageError or OutputError at once for what cannot work, before anything is graded.
    """
    if style not in FORMATS:
        near = get_close_matches(style.lower(), FORMATS, n=1)
        raise UsageError(f"there is no format {style!r}", f"did you mean {near[0]}?" if near else _choice())
    places = [destination(word) for word in outputs]
    for place in places:
        if [each.path for each in places].count(place.path) > 1:
            raise UsageError(f"{place.path} is to hold two reports", "give each a file of its own")
        place.check()

    def write(report: Report) -> None:
        faults = [fault for place in places if (fault := _fault(place, report))]
        if not quiet:
            _show(report, style)
        if faults:
            raise faults[0]

    return write


def _choice() -> str:
    return f"say one of {', '.join(FORMATS)}"


def _fault(place: Destination, report: Report) -> OutputError | None:
    """Return why a file could not be written, so that the others and the screen still get the report."""
    try:
        place.save(report)
    except OutputError as fault:
        return fault
    return None


def _show(report: Report, style: str) -> None:
    try:
        if style == "terminal":
            from grader.reporters.terminal import show

            show(report)
        else:
            sys.stdout.write(written(report, style))
        sys.stdout.flush()
    except BrokenPipeError:
        # A reader that has enough, such as `head`, changes no verdict; Python must not complain again.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
