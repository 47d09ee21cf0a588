"""Every check in one line, and what was expected and found under those that failed."""

from collections.abc import Iterator
from dataclasses import dataclass

from rich.text import Text

from grader.models.report import HINTS_ASKED, CheckResult, Report, Status
from grader.reporters.terminal.pen import BAD, GOOD, HELP, QUIET, UNSURE, Lines, Pen, widest
from grader.reporters.words import number, of

STYLES: dict[Status, str] = {"passed": GOOD, "failed": BAD, "skipped": QUIET, "error": UNSURE}
_INDENT = 4
_LONGEST_ID = 24
_NARROWEST_TITLE = 30
"""With less room for titles, ids move under them."""
_MOST_FACTS = 2
_BETWEEN = " " * 5
"""What keeps columns of checks apart."""


@dataclass(frozen=True, slots=True)
class _Columns:
    """Where titles, ids and points stand, so that they stand in line."""

    title: int
    id: int
    points: int


def checks(report: Report, pen: Pen) -> Lines:
    """Return all checks in the rubric's order."""
    if not report.checks:
        return []
    places = {fault.cause: place for place, fault in enumerate(report.causes, 1)}
    columns = _columns(report, pen, len(_pointer(len(places))) if places else 0)
    lines = pen.heading("Checks")
    for check in report.checks:
        lines += _line(check, pen, columns, places)
        lines += _details(check, pen, places)
    return lines


def check_list(report: Report, pen: Pen) -> Lines:
    """Return all checks, a line each."""
    columns = _columns(report, pen, 0)
    return [line for check in report.checks for line in _line(check, pen, columns, {})]


def brief_checks(report: Report, pen: Pen) -> Lines:
    """Return sign, id and points of all checks, in as many columns as fit."""
    points = widest(map(_points, report.checks))
    ids = min(widest(pen.clean(check.id) for check in report.checks), _LONGEST_ID)
    cells = [_cell(check, pen, ids, points) for check in report.checks]
    rows = -(-len(cells) // max((pen.width + len(_BETWEEN)) // (ids + points + 6 + len(_BETWEEN)), 1)) or 1
    return [Text(_BETWEEN).join(cells[at::rows]) for at in range(rows)]


def _cell(check: CheckResult, pen: Pen, ids: int, points: int) -> Text:
    style = STYLES[check.status]
    sign: str = getattr(pen.glyphs, check.status)
    name = (pen.fit(check.id, ids), QUIET if check.status == "skipped" else "")
    return Text.assemble((f"  {sign} ", style), name, (f"  {_points(check):>{points}}", style))


def _columns(report: Report, pen: Pen, cause: int) -> _Columns:
    """Return the columns that fit; an id of no columns stands under its title."""
    points = widest(_points(check) for check in report.checks)
    ids = min(widest(pen.clean(check.id) for check in report.checks), _LONGEST_ID)
    room = pen.width - _INDENT - 2 - points - cause
    if room - 2 - ids < _NARROWEST_TITLE:
        ids = 0
    else:
        room -= 2 + ids
    return _Columns(max(min(room, widest(pen.clean(check.title) for check in report.checks)), 8), ids, points)


def _points(check: CheckResult) -> str:
    if not check.max_score:
        return "advice"
    return f"?/{number(check.max_score)}" if check.status == "error" else of(check.score, check.max_score)


def _pointer(place: int) -> str:
    return f"  see {place}"


def _line(check: CheckResult, pen: Pen, columns: _Columns, places: dict[str, int]) -> Lines:
    style = STYLES[check.status]
    sign: str = getattr(pen.glyphs, check.status)
    titles = pen.fold(check.title, columns.title, most=3) or [""]
    first = Text.assemble(
        (f"  {sign} ", style),
        (pen.fit(titles[0], columns.title), QUIET if check.status == "skipped" else ""),
        ("  " + pen.fit(check.id, columns.id) if columns.id else "", QUIET),
        (f"  {_points(check):>{columns.points}}", QUIET if check.status == "passed" else style),
        (_pointer(places[check.cause]) if check.status == "failed" and check.cause in places else "", BAD),
    )
    below = [] if columns.id else [Text(" " * _INDENT + pen.clip(check.id, pen.width - _INDENT), QUIET)]
    return [first, *(Text(" " * _INDENT + more) for more in titles[1:]), *below]


def _details(check: CheckResult, pen: Pen, places: dict[str, int]) -> Lines:
    lines: Lines = []
    for label, text, style in _said(check, places):
        lines += pen.hang(pen.text((f"{'':{_INDENT}}{label}", QUIET)), text, style, most=3)
    return lines


def _said(check: CheckResult, places: dict[str, int]) -> Iterator[tuple[str, str, str]]:
    """Yield label, text and style of what stands under a check; what was said above is only pointed at."""
    match check.status:
        case "passed":
            pass
        case "skipped":
            yield "", f"waits for {', '.join(check.waits_for)}" if check.waits_for else check.actual, QUIET
        case "error":
            yield "", "not graded, costs nothing: see above", UNSURE
        case "failed":
            yield "expected  ", check.expected, ""
            yield "found     ", check.actual, ""
            facts = (fact for fact in check.evidence if fact not in places and not fact.startswith(HINTS_ASKED))
            for fact in list(facts)[:_MOST_FACTS]:
                yield "seen      ", fact, QUIET
            # One hint a fault stands above; a second one here would only drown it.
            if check.hint and not check.cause:
                yield "hint      ", check.hint, HELP
    if asked := next((fact for fact in check.evidence if fact.startswith(HINTS_ASKED)), None):
        yield "", asked, QUIET
