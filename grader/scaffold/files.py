"""The files of a new exercise, written where nothing stands yet."""

from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined

from grader.course import Course
from grader.errors import OutputError, UsageError
from grader.rubric.schema import rubric_schema_text

_EXECUTABLE = 0o755


@dataclass(frozen=True, slots=True)
class Made:
    """A file of the new exercise, by its path in the course, and what it is for."""

    path: str
    purpose: str


@dataclass(frozen=True, slots=True)
class _Template:
    name: str
    path: str
    purpose: str


_TEMPLATES = (
    _Template("brief.md", "exercises/{}/brief.md", "what learners are asked to build"),
    _Template("target.svg", "exercises/{}/target.svg", "the picture in it"),
    _Template("rubric.yaml", "rubrics/{}.yaml", "what earns marks"),
    _Template("build.sh", "reference_solution/{}/run/build.sh", "one correct build"),
)
_SCHEMA = Made("rubrics/rubric.schema.json", "lets an editor complete and check rubrics")


def write(course: Course, name: str) -> list[Made]:
    """Write the exercise into the course; UsageError where any of its files or folders is there already."""
    _refuse_taken(course.root, name)
    render = Environment(
        loader=PackageLoader("grader.scaffold"),
        undefined=StrictUndefined,
        keep_trailing_newline=True,
        autoescape=False,  # noqa: S701 - only names go in, and they hold small letters, digits and hyphens
    )
    words = {"name": name, "title": name.replace("-", " ").capitalize(), "network": f"{name}-net"}
    made = []
    for template in _TEMPLATES:
        path = template.path.format(name)
        _put(course.root / path, render.get_template(f"{template.name}.jinja").render(words))
        made.append(Made(path, template.purpose))
    if not (course.root / _SCHEMA.path).exists():
        _put(course.root / _SCHEMA.path, rubric_schema_text())
        made.append(_SCHEMA)
    return made


def _refuse_taken(root: Path, name: str) -> None:
    roots = (f"exercises/{name}", f"rubrics/{name}.yaml", f"reference_solution/{name}")
    for path in roots:
        if (root / path).exists():
            raise UsageError(
                f"there is {path} already in {root}, and grade new overwrites nothing",
                f"take another name, such as {name}-2, or remove it first",
            )


def _put(path: Path, text: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
        if path.suffix == ".sh":
            path.chmod(_EXECUTABLE)
    except OSError as fault:
        raise OutputError(f"cannot write {path}: {fault.strerror}", "name a course that you may write to") from fault
