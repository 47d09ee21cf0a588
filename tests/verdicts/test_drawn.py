"""The pictures of all saved builds: whatever costs a mark is marked in the picture, and nothing else is."""

import pytest

from grader import store
from grader.course import builtin
from grader.evaluate import evaluate
from grader.models.topology import Topology
from grader.reporters import written
from grader.rubric.load import load
from tests.reporters.picture import parsed
from tests.verdicts.table import EVIDENCE, Build, builds

_BAD = ("wrong", "missing")


def stains(drawn: Topology) -> list[str]:
    """Return what is marked, in words."""
    return [
        *(lane.name for lane in drawn.lanes if lane.mark in _BAD or lane.called),
        *(box.role or box.key for box in drawn.boxes if box.mark in _BAD or box.leaks or box.unpublished),
        *(f"{link.box} on {link.lane}" for link in drawn.links if link.mark in _BAD or link.nameless),
        *(f"{flow.source} to {flow.target}" for flow in drawn.flows if flow.mark in _BAD),
    ]


@pytest.mark.parametrize("build", builds(), ids=str)
def test_a_picture_is_stained_where_marks_were_lost_and_clean_where_not(build: Build) -> None:
    evidence = store.load(EVIDENCE / f"{build.exercise}-{build.name}.json")
    report = evaluate(load(builtin().rubric(build.exercise)), evidence)
    assert bool(stains(report.topology)) == (report.score < report.max_score)
    for style in ("svg", "mermaid", "html"):
        assert written(report, style)
    assert parsed(written(report, "svg")).get("role") == "img"
