"""The repository itself is a course like any other."""

from tests.ci.courses import ROOT, annotated


def test_the_course_of_this_repository_passes() -> None:
    assert annotated(ROOT, "--no-live") == (0, [])
