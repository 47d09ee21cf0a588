"""What `grade ci` writes of a course in which nearly everything is wrong: it fits where it is shown."""

import re

import pytest
from junitparser import JUnitXml
from markdown_it import MarkdownIt

from grader.models.ci import CourseCheck, Problem
from grader.reporters.ci import junit, markdown

MOST = 900_000
"""Bytes: GitHub refuses the summary of a step from 1 MiB on."""


def _found(count: int, letter: str) -> CourseCheck:
    problems = tuple(
        Problem(path=f"exercises/e/{letter * 390}.md", line=n, rule="link", text=letter * 390, remedy=letter * 390)
        for n in range(1, count + 1)
    )
    return CourseCheck(
        tool_version="1.0.0", live=True, changed_since=None, left_out=(), broken=(), exercises=(), problems=problems
    )


def _listed(text: str) -> list[str]:
    """Return the items of the list that a reader of Markdown sees, and the sentence after it."""
    tokens = MarkdownIt().parse(text)
    items = sum(each.type == "list_item_open" for each in tokens)
    last = [each.content for each in tokens if each.type == "inline"][-1]
    return [str(items), last]


@pytest.mark.parametrize("letter", ["x", "*", "🐳"])
def test_a_summary_of_too_many_problems_is_cut_and_says_how_many_more(letter: str) -> None:
    text = markdown(_found(3000, letter))
    assert len(text.encode()) <= MOST
    items, last = _listed(text)
    more = re.fullmatch(r"_(\d+) more_", last)
    assert more
    assert int(items) > 10
    assert int(items) + int(more[1]) == 3000
    assert text.startswith("## ❌ The course does not hold\n")


def test_a_summary_of_many_problems_that_fit_is_whole() -> None:
    items, last = _listed(markdown(_found(500, "x")))
    assert (items, "more" in last) == ("500", False)


def test_no_two_tests_of_a_course_share_a_name() -> None:
    """GitLab shows one test of a name, and an exercise may be called what is beside the exercises."""
    found = _found(1, "x").model_copy(update={"broken": ("the course", "second"), "left_out": ("third",)})
    (suite,) = JUnitXml.fromstring(junit(found).encode())
    names = [(case.classname, case.name) for case in suite]
    assert len(set(names)) == len(names) == 4
