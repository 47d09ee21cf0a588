"""One screen of a watch: the most important things first, and more of them as long as there are rows."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from functools import partial

from rich.text import Text

from grader.models.report import Report
from grader.models.watching import Change, News, Seen, View
from grader.reporters.sentences import further
from grader.reporters.terminal.causes import brief_causes
from grader.reporters.terminal.checks import STYLES, brief_checks, check_list
from grader.reporters.terminal.pen import BAD, GOOD, HELP, QUIET, STRONG, UNSURE, Lines, Pen
from grader.reporters.terminal.picture import picture, small_picture
from grader.reporters.terminal.score import bar, verdict
from grader.reporters.words import number

CLOCK = "%H:%M:%S"
_END = "ctrl-C ends it."
_PARTS = ("news", "causes", "checks", "picture")
_FEW_NEWS, _MANY_NEWS = 4, 8


def frame(view: View, pen: Pen, rows: int) -> Lines:
    """Return at most so many lines for a view."""
    head, foot = _head(view, pen), _foot(view, pen)
    room = max(rows - len(head) - len(foot), 0)
    body = _body(view.seen.report, view.news, pen, room) if view.seen else []
    filling = [Text()] * (room - len(body))
    lines = [*head, *body, *filling, *foot][:rows]
    for line in lines:
        line.truncate(pen.width)
    return lines


def _head(view: View, pen: Pen) -> Lines:
    lines = [_title(view, pen), *_trouble(view, pen)]
    if view.seen:
        return [*lines, *verdict(view.seen.report, pen), bar(view.seen.report, pen)]
    return lines if view.trouble else [*lines, Text(f"  The first look {pen.glyphs.more}")]


def _trouble(view: View, pen: Pen) -> Lines:
    """Return what keeps us from looking, and what mends it."""
    if view.trouble is None:
        return []
    what = "The engine is gone" if view.trouble.gone else "Nothing can be seen just now"
    lead = pen.text((f"{pen.glyphs.error} ", f"{STRONG} {UNSURE}"))
    lines = pen.hang(lead, f"{what}: {view.trouble.what}", UNSURE, most=3)
    lines += pen.hang(Text("  "), view.trouble.remedy, HELP, most=3) if view.trouble.remedy else []
    old = f" Below stands what was seen at {_clock(view)}." if view.seen else ""
    return [*lines, *pen.hang(Text("  "), f"It is tried again and again.{old}", QUIET)]


def _title(view: View, pen: Pen) -> Text:
    """Return the exercise and its engines, and at the right the time of the last look."""
    right = f"{'looking' if view.looking else 'seen' if view.seen else ''} {_clock(view)}".strip()
    engines = f" on {', '.join(host.name for host in view.seen.report.hosts.values())}" if view.seen else ""
    left = pen.fit(f"{view.exercise}{engines}", max(pen.width - len(right) - 1, 1))
    return Text.assemble((left, STRONG), " ", (right, QUIET))


def _clock(view: View) -> str:
    return view.seen.at.strftime(CLOCK) if view.seen else ""


def _foot(view: View, pen: Pen) -> Lines:
    """Return what to do next, and how to end."""
    if view.seen is None:
        return pen.hang(Text("  "), _END, QUIET)
    report = view.seen.report
    points = pen.text((f"  {number(report.score)} / {number(report.max_score)}  ", STRONG))
    help_on = "" if view.trouble else further(report)
    lines = pen.hang(points, f"{_advice(view, view.seen)} {_END}".strip(), most=2)
    return [Text(), *lines, *(pen.hang(Text(" " * points.cell_len), help_on) if help_on else [])]


def _advice(view: View, seen: Seen) -> str:
    if view.trouble:
        return ""
    if seen.report.score == seen.report.max_score:
        return "Nothing to mend."
    if seen.starting:
        return f"Waiting for {', '.join(seen.starting)}, which started a moment ago."
    if causes := seen.report.causes:
        what = "1 first" if len(causes) > 1 else "it"
        return f"Mend {what}, in another window; this one follows."
    return "Go on in another window; this one follows."


def _body(report: Report, news: Sequence[News], pen: Pen, room: int) -> Lines:
    """Return the parts between head and foot, grown one after another as long as all of them fit."""
    growths: Sequence[tuple[str, Callable[[], Lines]]] = (
        ("causes", partial(brief_causes, report, pen, hints=1, rest=0)),
        ("news", lambda: _news(news[:1], pen, _FEW_NEWS)),
        ("checks", lambda: brief_checks(report, pen)),
        *(("causes", partial(brief_causes, report, pen, hints=1, rest=rest)) for rest in range(1, 4)),
        ("picture", lambda: small_picture(report, pen)),
        ("checks", lambda: check_list(report, pen)),
        *(("causes", partial(brief_causes, report, pen, hints=hints, rest=9)) for hints in range(1, 4)),
        ("news", lambda: _news(news, pen, _MANY_NEWS)),
        ("picture", lambda: picture(report, pen)),
    )
    parts: dict[str, Lines] = {}
    for name, grow in growths:
        grown = {**parts, name: grow()}
        if len(_joined(grown)) <= room:
            parts = grown
    return _joined(parts)


def _joined(parts: Mapping[str, Lines]) -> Lines:
    """Return the parts in their order, with a blank line before each."""
    return [line for name in _PARTS if (lines := parts.get(name)) for line in (Text(), *lines)]


def _news(news: Sequence[News], pen: Pen, most: int) -> Lines:
    """Return a line a change, the latest first; those of earlier looks are faint."""
    told = [(place, at, change) for place, each in enumerate(news) for at, change in enumerate(each.changes)]
    shown = told if len(told) <= most else told[: most - 1]
    lines = [
        _change(change, "" if at else news[place].at.strftime(CLOCK), pen, old=place > 0) for place, at, change in shown
    ]
    if more := len(told) - len(shown):
        lines.append(pen.text((f"{'':10}and {more} more", QUIET)))
    return lines


def _change(change: Change, when: str, pen: Pen, *, old: bool) -> Text:
    sign: str = getattr(pen.glyphs, change.status)
    points = f"  {signed(change.points)}" if change.points else ""
    style = QUIET if old else GOOD if change.points > 0 else BAD if change.points < 0 else STYLES[change.status]
    return Text.assemble(
        (f"{when:10}", QUIET),
        (f"{sign} ", QUIET if old else STYLES[change.status]),
        (pen.clip(change.title, max(pen.width - 20, 8)), QUIET if old else ""),
        (points, style),
    )


def signed(points: Decimal) -> str:
    """Return points with their sign: `+7`, `-12`."""
    text = number(points)
    return text if text.startswith("-") else f"+{text}"
