"""What lies in a course and belongs to no exercise, and what an exercise lacks that no rubric can tell."""

from collections.abc import Iterator
from pathlib import Path

from grader.course import Course
from grader.errors import UsageError
from grader.models.ci import Problem
from grader.rubric.schema import rubric_schema_text

_SCHEMA = "rubrics/rubric.schema.json"


def strays(course: Course) -> Iterator[Problem]:
    """Yield folders without a rubric, rubrics under another suffix, and a schema that is out of date."""
    names = set(course.names)
    for top in ("exercises", "reference_solution"):
        for folder in sorted(_folders(course.root / top)):
            if folder.name not in names:
                path = f"{top}/{folder.name}"
                told = f"{path} belongs to no exercise: there is no rubrics/{folder.name}.yaml"
                yield Problem(path=path, rule="stray", text=told, remedy="write the rubric, or remove the folder")
    for file in sorted((course.root / "rubrics").glob("*.yml")):
        told = f"rubrics/{file.name} is not read: rubrics end in .yaml"
        yield Problem(path=f"rubrics/{file.name}", rule="stray", text=told, remedy=f"rename it to {file.stem}.yaml")
    yield from _schema(course.root / _SCHEMA)


def unsolved(course: Course, name: str) -> Iterator[Problem]:
    """Yield a remark where an exercise has no reference solution, so that nothing shows that it can be solved."""
    if not list((course.root / "reference_solution" / name).glob("*/build.sh")):
        told = f"there is no reference solution (reference_solution/{name}/VARIANT/build.sh)"
        yield Problem(
            path=f"rubrics/{name}.yaml", rule="unsolved", text=told, remedy="write one correct build", remark=True
        )


def _folders(parent: Path) -> Iterator[Path]:
    if parent.is_dir():
        yield from (each for each in parent.iterdir() if each.is_dir() and not each.name.startswith((".", "_")))


def _schema(path: Path) -> Iterator[Problem]:
    try:
        ours = rubric_schema_text()
    except UsageError:
        return  # a package that adds a kind is broken, of which the rubrics that use it tell
    if path.is_file() and path.read_text(encoding="utf-8", errors="replace") != ours:
        yield Problem(
            path=_SCHEMA,
            rule="schema",
            text="the schema that editors read is that of another version of grade",
            remedy=f"grade schema rubric > {_SCHEMA}",
            remark=True,
        )
