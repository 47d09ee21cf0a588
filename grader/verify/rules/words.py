"""What learners read: a first hint that leaves them something to find, and a total that they can reckon with."""

import re
from collections.abc import Iterator
from decimal import Decimal

from grader.checks.base import Check
from grader.judging.ladders import OTHERWISE, ladder
from grader.judging.states import TELLING
from grader.models.verification import Finding
from grader.rubric.positions import Step
from grader.rubric.suggest import listed, quoted
from grader.verify.subject import Subject

_SUBCOMMANDS = (
    "attach|build|buildx|compose|container|context|cp|create|diff|events|exec|export|history|image|images|import|info|"
    "inspect|kill|load|login|logs|network|node|pause|port|ps|pull|push|rename|restart|rm|rmi|run|save|search|service|"
    "stack|start|stats|stop|swarm|system|tag|top|unpause|update|version|volume|wait"
)
_COMMAND_LINE = re.compile(rf"\bdocker(?: -\S+)* (?:{_SUBCOMMANDS})\b")
_OPTION = re.compile(r"(?<!\S)[`'\"(]*(--[a-z][a-z0-9-]+)")
_SAME_WORDS, _FEWEST = 6, 3
_ROUND = (Decimal(10), Decimal(20), Decimal(50), Decimal(100))


def first_hints(subject: Subject) -> Iterator[Finding]:
    """Find first hints that hold the answer."""
    for check in subject.rubric.checks:
        for state in (*check.may_be_in(), OTHERWISE):
            first, *others = ladder(check.hints, state) or ("",)
            if given := _given_away(first, others[-1] if others else ""):
                text = f"the first hint of `{check.id}` gives the answer away: {given}"
                remedy = "ask a question that leads there; what to type belongs into the last one"
                yield Finding(*subject.at(check, "hints", *_first(check, state)), "hint", text, remedy)


def _first(check: Check, state: str) -> tuple[Step, ...]:
    """Return the path to the first rung for a state, below `hints`."""
    for index, entry in enumerate(check.hints):
        if found := next((word for word in (state, OTHERWISE) if word in entry), None):
            return index, found, 0
    return ()


def missing_rungs(subject: Subject) -> Iterator[Finding]:
    """Find ladders that have no rung for a state which the check can be in, and whose cause is no hint itself."""
    for check in subject.rubric.checks:
        without = [word for word in check.may_be_in() if word not in TELLING and not ladder(check.hints, word)]
        if check.hints and without:
            text = f"`{check.id}` has no hint for {len(without)} states of its kind: {listed(without, most=None)}"
            remedy = "give each of them rungs, or one text for all of them under `otherwise`"
            yield Finding(*subject.at(check, "hints"), "hint", text, remedy)


def _given_away(first: str, last: str) -> str:
    """Return what a first hint gives away; `last` is empty where there is no other."""
    if command := _COMMAND_LINE.search(first):
        return f"it holds the command {quoted(command[0])}"
    if option := next((option for option in _OPTION.findall(first) if option in last), ""):
        return f"it holds the option {quoted(option)} of the last hint"
    if (run := _common(first, last)) and last:
        return f"it says {quoted(run)}, as the last hint does"
    return ""


def _common(first: str, last: str) -> str:
    """Return some words in a row that both say; all of the shorter one if that is short."""
    one, other = _words(first), _words(last)
    size = max(_FEWEST, min(_SAME_WORDS, len(one), len(other)))
    known = {tuple(other[start : start + size]) for start in range(len(other) - size + 1)}
    runs = (tuple(one[start : start + size]) for start in range(len(one) - size + 1))
    return " ".join(next((run for run in runs if run in known), ()))


def _words(text: str) -> list[str]:
    return re.findall(r"[\w/-]+", text.lower())


def total(subject: Subject) -> Iterator[Finding]:
    """Remark on points that add up to an odd sum, of which nobody can tell how much a check is worth."""
    points = sum((check.points for check in subject.rubric.checks), Decimal(0))
    if points not in _ROUND:
        text = f"the points add up to {points.normalize():f}"
        yield Finding(*subject.places.top("checks"), "total", text, "100 is easier to read: a point is a percent", True)


def lesson(subject: Subject) -> Iterator[Finding]:
    """Remark on an exercise of which the list of exercises cannot say what it is for."""
    if subject.rubric.teaches is None:
        text, remedy = "nobody is told what this exercise teaches", "say in one line with `teaches:` what it is for"
        yield Finding(*subject.places.top("title"), "teaches", text, remedy, True)
