"""The story that the demonstration tells: a right build, its report, one fault, the report again."""

import json
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tests.lab import LabError

from .command import ROOT, Environment, follow, grade_program, say, without_course
from .footprint import Footprint, cleaned_up

EXERCISE = "flask-nginx-mongo"
VARIANT = ROOT / "reference_solution" / EXERCISE / "run-names"
RIGHT, WRONG = (Path(__file__).parent / "evidence" / f"{name}.json" for name in ("right", "wrong"))
FAULT = ("docker", "network", "connect", "public-net-1", "mongo")
EXPECTED = (100.0, 84.0)
"""mongo-attached loses 4 of its 8 marks, mongo-is-private all of its 12."""


def tell(environment: Environment, *, save: bool = False) -> bool:
    """Tell the story on an engine, clean up, and return whether both verdicts were as expected."""
    with cleaned_up(environment) as footprint:
        _build(environment, footprint)
        right = _graded(environment, RIGHT if save else None)
        _break(environment)
        wrong = _graded(environment, WRONG if save else None)
    return _concluded(right, wrong)


def retell() -> bool:
    """Tell the story from saved evidence, without an engine."""
    say("First a correct build, as the grader saw it: a learner's `grade` prints this.\n")
    right = _judged(os.environ, "regrade", EXERCISE, RIGHT)
    say(f"\nThen somebody ran: {' '.join(FAULT)}\nThe same grader saw and said:\n")
    wrong = _judged(os.environ, "regrade", EXERCISE, WRONG)
    return _concluded(right, wrong)


def _build(environment: Environment, footprint: Footprint) -> None:
    script = VARIANT / "build.sh"
    say("Building the reference solution; where images have to be pulled, this takes a while:\n")
    say("".join(f"    {line}\n" for line in script.read_text().splitlines() if line.startswith("docker ")))
    ended = follow(["sh", script.name], environment, quiet=True, folder=VARIANT)
    footprint.record()
    if ended.code:
        raise LabError(f"the reference solution could not be built:\n{ended.said.strip()}")


def _break(environment: Environment) -> None:
    say(f"\nNow one thing goes wrong: the database joins the public network.\n\n    {' '.join(FAULT)}\n")
    ended = follow(FAULT, environment, quiet=True)
    if ended.code:
        raise LabError(f"the network could not be connected:\n{ended.said.strip()}")


def _graded(environment: Environment, evidence: Path | None) -> float | None:
    say(f"Grading it, as a learner would:  grade {EXERCISE}\n")
    percent = _judged(environment, EXERCISE)
    if evidence:
        follow([*grade_program(), "snapshot", EXERCISE, "--output", evidence], without_course(environment))
    return percent


def _judged(environment: Environment, *arguments: str | Path) -> float | None:
    """Run grade, which prints its report, and return the percentage; None when it could not tell."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        follow([*grade_program(), *arguments, "--output", f"json:{report}"], without_course(environment))
        percent = json.loads(report.read_text())["percent"] if report.exists() else None
    return None if percent is None else float(percent)


def _concluded(right: float | None, wrong: float | None) -> bool:
    got = (right, wrong)
    say(f"\nExpected: {_percents(EXPECTED)}. Got: {_percents(got)}.")
    return got == EXPECTED


def _percents(values: Sequence[float | None]) -> str:
    return " and then ".join("no grade" if value is None else f"{value:g} %" for value in values)
