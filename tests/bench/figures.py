"""The figures: what each compares, and the target that it is held against."""

import sys
from dataclasses import dataclass
from pathlib import Path

from tests.demo.command import ROOT, Environment, grade_program, without_course
from tests.demo.story import EXERCISE
from tests.lab import Engine, LabError

from .measure import Command, in_turn, median, median_difference

_SCRIPT = Path(__file__).with_name("flagship.sh")


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table."""

    what: str
    seconds: float
    against: str
    base: float
    measured: str
    target: str
    met: bool


def grading(environment: Environment, course: Path = ROOT) -> Command:
    """Return the whole process of one grading, with the bytecode that an installation has."""
    usual = {name: value for name, value in without_course(environment).items() if name != "PYTHONDONTWRITEBYTECODE"}
    return Command([*grade_program(), EXERCISE, "--course", course, "--format", "json"], usual)


def against_bash(engine: Engine) -> Figure:
    """Compare with a script that checks the same facts with the docker command."""
    _assert_detects(engine)
    ours, theirs = in_turn(grading(engine.env()), Command([_SCRIPT], engine.env()))
    ratio = median(ours) / median(theirs)
    return Figure(
        "grade, the whole process",
        median(ours),
        "bash and docker",
        median(theirs),
        f"ratio {ratio:.2f}",
        "≤ 0.25",
        ratio <= 0.25,
    )


def more_negatives(engine: Engine, course: Path) -> Figure:
    """Compare with a rubric that has more ports which must not answer."""
    plain, more = in_turn(grading(engine.env()), grading(engine.env(), course))
    return _added("ten more negatives", more, "without", plain)


def in_a_crowd(engine: Engine, crowded: Engine, running: int, others: int) -> Figure:
    """Compare with an engine on which many other containers are."""
    alone, crowd = in_turn(grading(engine.env()), grading(crowded.env()))
    return _added(f"{others} other containers, {running} running", crowd, "alone", alone)


def help_text(environment: Environment) -> Figure:
    """Compare the help with a Python that does nothing."""
    ours = Command([*grade_program(), "--help"], environment)
    shown, nothing = in_turn(ours, Command([sys.executable, "-c", "pass"], environment))
    ratio = median(shown) / median(nothing)
    return Figure(
        "grade --help",
        median(shown),
        "python -c pass",
        median(nothing),
        f"ratio {ratio:.1f}",
        "≤ 0.15 s",
        median(shown) <= 0.15,
    )


def _added(what: str, with_it: list[float], against: str, without: list[float]) -> Figure:
    added = median_difference(without, with_it)
    return Figure(what, median(with_it), against, median(without), f"adds {added:+.2f} s", "≤ 0.10 s", added <= 0.1)


def _assert_detects(engine: Engine) -> None:
    """Raise unless the script sees the flagship's fault: a wrong grader is no measure."""
    engine.docker("network", "connect", "public-net-1", "mongo")
    try:
        Command([_SCRIPT], engine.env()).run()
    except LabError:
        return
    finally:
        engine.docker("network", "disconnect", "public-net-1", "mongo")
    raise LabError("flagship.sh does not see that mongo is on public-net-1")
