"""One report to all the places that were asked for."""

from __future__ import annotations

import io
import os
import sys
from difflib import get_close_matches
from typing import TYPE_CHECKING

from grader.errors import OutputError, UsageError
from grader.reporters.destination import Destination, destination
from grader.reporters.formats import is_format, known_formats, prepare, written

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from grader.models.report import Report


def plan_outputs(style: str, outputs: Sequence[str], *, quiet: bool = False) -> Callable[[Report], None]:
    """Return what writes a report to standard output in a format, and to each `[FORMAT:]FILE`.

    Raises UsageError or OutputError at once for what cannot work, before anything is graded.
    """
    if not is_format(style):
        near = get_close_matches(style.lower(), known_formats(), n=1)
        raise UsageError(f"there is no format {style!r}", f"did you mean {near[0]}?" if near else _choice())
    places = [destination(word) for word in outputs]
    for place in places:
        if [each.path for each in places].count(place.path) > 1:
            raise UsageError(f"{place.path} is to hold two reports", "give each a file of its own")
        if [each.format for each in places].count(place.format) > 1:
            raise UsageError(f"--output asks twice for the format {place.format}", "one file of it is enough: copy it")
        place.check()
    for name in {style, *(place.format for place in places)}:
        prepare(name)

    def write(report: Report) -> None:
        faults = [fault for place in places if (fault := _fault(place, report))]
        if not quiet:
            _show(report, style)
        if faults:
            raise faults[0]

    return write


def _choice() -> str:
    return f"say one of {', '.join(known_formats())}"


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
            text = written(report, style)
            if isinstance(sys.stdout, io.TextIOWrapper):
                # What programs read is UTF-8 with its own line ends, whatever the terminal is used to.
                sys.stdout.reconfigure(encoding="utf-8", newline="")
            sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        # A reader that has enough, such as `head`, changes no verdict; Python must not complain again.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
