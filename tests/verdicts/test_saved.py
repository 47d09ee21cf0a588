"""The verdict tables judged from saved evidence: no engine, a moment."""

import pytest

from grader import store
from grader.course import builtin
from grader.evaluate import evaluate
from grader.rubric.load import load
from tests.verdicts.table import EVIDENCE, Build, builds, differences


@pytest.mark.parametrize("build", builds(), ids=str)
def test_saved_evidence_earns_what_the_table_says(build: Build) -> None:
    evidence = store.load(EVIDENCE / f"{build.exercise}-{build.name}.json")
    assert differences(build, evaluate(load(builtin().rubric(build.exercise)), evidence)) == []


def test_no_evidence_is_kept_of_a_build_that_is_gone() -> None:
    assert {file.stem for file in EVIDENCE.iterdir()} == {f"{build.exercise}-{build.name}" for build in builds()}
