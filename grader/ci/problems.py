"""What a verification has against an exercise, each at the line of the rubric, or of the file, that it concerns."""

from collections.abc import Iterator
from pathlib import Path

from grader.errors import RubricError
from grader.models.ci import Problem
from grader.models.verification import MOST_UNNAMED, Built, Fault, Verification
from grader.rubric.model import Loaded
from grader.rubric.places import Places


def unreadable(name: str, fault: RubricError) -> Iterator[Problem]:
    """Yield everything that is wrong with a rubric that cannot be loaded."""
    path = f"rubrics/{name}.yaml"
    for line, column, text in fault.places or ((1, 1, fault.message),):
        yield Problem(path=path, line=line, column=column, rule="rubric", text=text)


def told(found: Verification, loaded: Loaded) -> Iterator[Problem]:
    """Yield everything that keeps the exercise from holding, and the remarks."""
    path, at = f"rubrics/{found.exercise}.yaml", _Lines(loaded)
    for each in found.findings:
        yield Problem(
            path=path,
            line=each.line,
            column=each.column,
            rule=each.rule,
            text=each.text,
            remedy=each.remedy,
            remark=each.remark,
        )
    for built in found.floor:
        if not built.right or built.left:
            yield _at(path, at.of(*built.lost), "floor", _said(built))
    for built in found.solutions:
        if not built.right or built.left:
            yield _unsolved(found.exercise, path, at, built)
    yield from _faults(found, path, at)


def _faults(found: Verification, path: str, at: "_Lines") -> Iterator[Problem]:
    for fault in _first_of_each(found.survivors):
        blind = sorted(set(fault.own) - set(fault.lost))
        seen = f"{', '.join(blind)} saw nothing" if blind else "no check saw it"
        text = f"the fault “{fault.name}” (in {fault.build}) costs nothing: {seen}"
        yield _at(path, at.of(*blind), "survivor", text, "let a check see it, or excuse it under equivalents:")
    for fault in _first_of_each(found.collateral):
        text = f"the fault “{fault.name}” (in {fault.build}) costs marks of {', '.join(fault.collateral)} too"
        yield _at(path, at.of(*fault.collateral), "collateral", text)
    for check in found.unproven:
        yield _at(path, at.of(check), "unproven", f"no fault that was tried fails {check}")
    if found.named_share < 100 * (1 - MOST_UNNAMED):
        text = f"the first cause names only {found.named_share:g} % of the faults that were seen"
        yield _at(path, (1, 1), "unnamed", text, "grade verify lists them")


def _first_of_each(faults: tuple[Fault, ...]) -> list[Fault]:
    return list({fault.name: fault for fault in reversed(faults)}.values())[::-1]


def _unsolved(exercise: str, path: str, at: "_Lines", built: Built) -> Problem:
    """Return where to look: at the check that was lost, or at the script that failed."""
    if built.lost and not built.fault:
        return _at(path, at.of(*built.lost), "solution", f"the solution {_said(built)}")
    script = f"reference_solution/{exercise}/{built.name}/build.sh"
    return Problem(path=script, rule="solution", text=f"the solution {_said(built)}")


def _said(built: Built) -> str:
    score = "has no score" if built.percent is None else f"scores {built.percent:g} %"
    lost = f", without {', '.join(built.lost)}" if built.lost else ""
    left = f"; it left {', '.join(built.left)} behind" if built.left else ""
    why = f": {built.fault}" if built.fault else ""
    return f"{built.name} {score}{lost}{why}{left}"


def _at(path: str, place: tuple[int, int], rule: str, text: str, remedy: str = "") -> Problem:
    return Problem(path=path, line=place[0], column=place[1], rule=rule, text=text, remedy=remedy)


class _Lines:
    """Where the checks of a rubric begin."""

    def __init__(self, loaded: Loaded) -> None:
        places = Places(Path(loaded.path).read_text(encoding="utf-8"))
        self._of = {check.id: places.check(index) for index, check in enumerate(loaded.rubric.checks)}

    def of(self, *checks: str) -> tuple[int, int]:
        """Return where the first of these checks begins, in the order of the file; the top where there is none."""
        return min((self._of[check] for check in checks if check in self._of), default=(1, 1))
