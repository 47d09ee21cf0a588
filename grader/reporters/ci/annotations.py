"""Problems as the workflow commands of GitHub Actions, which show each at its line of the change.

The source of the form: GitHub's page on workflow commands. Ten of each kind are shown for a step.
"""

from grader.models.ci import CourseCheck, Problem
from grader.reporters.words import clean


def annotations(found: CourseCheck, prefix: str) -> str:
    """Return a line for each problem; `prefix` leads from the repository to the course."""
    return "".join(f"{_line(problem, prefix)}\n" for problem in found.problems)


def command(word: str, message: str, **properties: object) -> str:
    """Return one workflow command: properties and message of a stranger's cannot end it or begin another."""
    said = ",".join(f"{name}={_property(str(value))}" for name, value in properties.items())
    return f"::{word} {said}::{_data(clean(message, longest=2000))}" if said else f"::{word}::{_data(clean(message))}"


def _line(problem: Problem, prefix: str) -> str:
    return command(
        "warning" if problem.remark else "error",
        problem.text + (f" (try: {problem.remedy})" if problem.remedy else ""),
        file=prefix + problem.path,
        line=problem.line,
        col=problem.column,
        title=f"grade: {problem.rule}",
    )


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
