"""What a person decides against the machine: points for one check of one learner."""

from decimal import Decimal, InvalidOperation

from grader.batch.gradebook import Change, Gradebook, Override
from grader.batch.records import Policy, now
from grader.batch.standing import standing
from grader.errors import UsageError
from grader.rubric.suggest import hint, listed

_CENTS = -2


def decide(book: Gradebook, learner: str, check: str, points: str, note: str, exercise: str | None) -> str:
    """Write down an override and return what changed, or raise UsageError for one that makes no sense."""
    known_learner(book, learner)
    if not note.strip():
        raise UsageError("--note is empty", "say why: it is kept with the grade")
    own = [each for each in standing(book) if each.learner.id == learner]
    held = [each for each in own if exercise in (None, each.exercise)]
    if len(held) != 1:
        there = [each.exercise for each in own]
        raise UsageError(f"which exercise of {learner}'s is meant?", f"--exercise with one of {', '.join(there)}")
    (grade,) = held
    checks = {each["id"]: each for each in grade.checks}
    if not checks:
        raise UsageError(f"{learner} has no verdict on {grade.exercise} yet", "grade batch with --resume")
    if check not in checks:
        raise UsageError(f"{grade.exercise} has no check {check}", hint(check, checks, f"it has {listed(checks)}"))
    most = Decimal(f"{checks[check]['max_score']:g}")
    given = _points(points, most)
    old = f"{checks[check]['score']:g}"
    book.override(Override(learner, grade.exercise, check, given, note), old, grade.rubric)
    return f"{learner}  {grade.exercise}  {check}: {old} -> {given} of {most:g}"


def choose_attempts(book: Gradebook, policy: Policy) -> None:
    """Decide which attempt counts from now on, and write down whose grade that changes."""
    before = standing(book)
    book.set_policy(policy)
    pairs = [(old, new) for old, new in zip(before, standing(book), strict=True) if old.attempt != new.attempt]
    when = now().isoformat()
    book.note(
        Change(
            when,
            new.learner.id,
            new.exercise,
            f"the {policy} attempt counts",
            old.told,
            new.told,
            old.rubric,
            new.rubric,
        )
        for old, new in pairs
    )


def known_learner(book: Gradebook, learner: str) -> None:
    """Raise UsageError for somebody who is not in the class."""
    known = [each.id for each in book.learners()]
    if learner not in known:
        raise UsageError(f"{book.path} knows no learner {learner}", hint(learner, known, f"it knows {listed(known)}"))


def _points(word: str, most: Decimal) -> Decimal:
    try:
        given = Decimal(word)
    except InvalidOperation as fault:
        raise UsageError(f"{word} is no number of points", f"between 0 and {most:g}") from fault
    exponent = given.as_tuple().exponent
    if not given.is_finite() or not 0 <= given <= most or (isinstance(exponent, int) and exponent < _CENTS):
        raise UsageError(f"{word} points cannot be given", f"between 0 and {most:g}, with two decimals at most")
    return given
