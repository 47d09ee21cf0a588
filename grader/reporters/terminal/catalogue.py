"""The exercises of a course in the order of their lessons: what each teaches, and how the learner stands."""

from collections.abc import Sequence

from rich.console import Console
from rich.text import Text

from grader.catalogue import Entry
from grader.reporters.terminal.pen import BAD, GOOD, HELP, QUIET, STRONG, UNSURE, Lines, Pen, widest
from grader.reporters.words import number
from grader.results import Standing, in_words

_INDENT = 4
_LONGEST_NAME = 26


def show_catalogue(entries: Sequence[Entry], console: Console | None = None) -> None:
    """Print the exercises, to standard output by default, and the first one that is not passed yet."""
    console = console or Console()
    pen = Pen.of(console)
    names = min(widest(pen.clean(each.name) for each in entries), _LONGEST_NAME)
    lines = pen.heading("Exercises", "in the order of the lessons")
    for each in entries:
        lines += _entry(pen, names, each)
    if upcoming := next((each for each in entries if not each.passed and not each.fault), None):
        lines += [Text(), *pen.hang(Text("Next: "), f"grade show {upcoming.name}", HELP)]
    for line in lines:
        console.print(line, no_wrap=True, overflow="crop", crop=True, highlight=False)


def _entry(pen: Pen, names: int, each: Entry) -> Lines:
    sign, style = _sign(pen, each)
    head = Text.assemble((f"  {sign} ", style), (pen.fit(each.name, names), STRONG), "  ")
    below = pen.hang(Text(" " * _INDENT), each.fault or each.teaches or each.title, BAD if each.fault else QUIET)
    if each.standing is None:
        head.rstrip()
        return [head, *below]
    return [*pen.hang(head, told(each.standing), style, most=2), *below]


def _sign(pen: Pen, each: Entry) -> tuple[str, str]:
    if each.standing is None:
        return pen.glyphs.skipped, QUIET
    if each.standing.best is None:
        return pen.glyphs.error, UNSURE
    return (pen.glyphs.passed, GOOD) if each.passed else (pen.glyphs.failed, BAD)


def told(standing: Standing) -> str:
    """Return how a learner stands, in one line: `best 100 %, last 85 %, 2030-01-31 14:03`."""
    last, best = standing.last, standing.best
    best_words = f"best {number(best.percent)} %, " if best and best.percent is not None else ""
    last_words = "last not graded completely" if last.percent is None else f"last {number(last.percent)} %"
    return f"{best_words}{last_words}, {in_words(last.at)}"
