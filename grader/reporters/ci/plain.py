"""A course's result as text: for a log, for programs, and for the summary of a job."""

import json
from collections.abc import Iterator

from grader.models.ci import CourseCheck, Problem
from grader.models.verification import Verification
from grader.reporters.markdown import LARGEST, text
from grader.reporters.words import clean, fitted

_MANY = 100
"""Problems that a summary tells where there are too many: in the widest letters, too, they fit."""


def json_text(found: CourseCheck) -> str:
    """Return all of it as JSON, with the verdict."""
    return json.dumps(found.model_dump(mode="json", by_alias=True) | {"holds": found.holds}, indent=2) + "\n"


def plain(found: CourseCheck, prefix: str = "") -> str:
    """Return a line for each problem, as compilers write them, and a line for each exercise."""
    lines = [_told(problem, prefix) for problem in found.problems]
    names = [*found.broken, *(each.exercise for each in found.exercises)]
    width = max(map(len, names), default=0)
    for name, verdict, facts in _rows(found):
        lines.append(f"{name:<{width}}  {verdict}  {facts}".rstrip())
    return "\n".join([*lines, *_notes(found), _sum(found)]) + "\n"


def markdown(found: CourseCheck) -> str:
    """Return it for the summary of a job."""
    return fitted(_versions(found), LARGEST)


def _versions(found: CourseCheck) -> Iterator[str]:
    yield _page(found, found.problems)
    yield _page(found, found.problems[:_MANY])


def _page(found: CourseCheck, problems: tuple[Problem, ...]) -> str:
    rows = [f"| {text(name)} | {verdict} | {text(facts)} |" for name, verdict, facts in _rows(found)]
    listed = [f"- `{_safe(each)}` {text(each.text)}" + _remedy(each) for each in problems]
    cut = [f"_{len(found.problems) - len(problems)} more_"] if len(problems) < len(found.problems) else []
    parts = [
        f"## {'✅ The course holds' if found.holds else '❌ The course does not hold'}",
        "\n".join(["| exercise | | |", "| --- | --- | --- |", *rows]) if rows else "",
        "\n".join(listed),
        *cut,
        "\n\n".join(text(note) for note in _notes(found)),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _safe(problem: Problem) -> str:
    return clean(f"{problem.path}:{problem.line}").replace("`", "'")


def _remedy(problem: Problem) -> str:
    return f" — {text(problem.remedy)}" if problem.remedy else ""


def _told(problem: Problem, prefix: str) -> str:
    kind = "remark" if problem.remark else "error"
    remedy = f"; {problem.remedy}" if problem.remedy else ""
    said = f"{prefix}{problem.path}:{problem.line}:{problem.column}: {kind}: {problem.rule}: {problem.text}{remedy}"
    return clean(said, longest=1000)


def _rows(found: CourseCheck) -> Iterator[tuple[str, str, str]]:
    for name in found.broken:
        yield name, "cannot be read", ""
    for each in found.exercises:
        yield each.exercise, "holds" if each.holds else "does not hold", _facts(each)


def _facts(each: Verification) -> str:
    right = sum(built.right for built in each.solutions)
    solutions = f"{right} of {len(each.solutions)} solutions right" if each.solutions else "no solution built"
    faults = f"{len(each.faults)} faults tried, {each.mutation_score:g} % seen" if each.faults else "no fault tried"
    return f"{solutions}, {faults}"


def _notes(found: CourseCheck) -> Iterator[str]:
    if not found.live:
        yield "Nothing was built: --no-live leaves the solutions, and the faults tried on them, unproven."
    if found.left_out:
        yield f"Left out, because unchanged since {found.changed_since}: {', '.join(found.left_out)}."


def _sum(found: CourseCheck) -> str:
    faults = sum(not problem.remark for problem in found.problems)
    remarks = len(found.problems) - faults
    more = f", {remarks} remark{'s' * (remarks != 1)}" if remarks else ""
    return f"The course {'holds' if found.holds else 'does not hold'}: {faults} to mend{more}."
