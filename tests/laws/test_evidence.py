"""Evidence: the more the better, in any order, and the same report from the same file for ever."""

from hypothesis import given, settings
from hypothesis import strategies as st

from grader.evaluate import evaluate
from grader.models.evidence import Evidence
from grader.rubric.model import Loaded
from tests.flagship import RUBRIC
from tests.laws.builds import any_build
from tests.laws.engine import evidence
from tests.laws.model import Build
from tests.laws.reports import by_id
from tests.laws.witnesses import hostile, poorer, shuffled, without_topics

_CRASHED = "this check crashed"


@given(build=any_build(), data=st.data())
@settings(max_examples=150)
def test_less_evidence_never_earns_a_mark(build: Build, data: st.DataObject) -> None:
    full = evidence(build)
    before = evaluate(RUBRIC, full)
    after = evaluate(RUBRIC, data.draw(poorer(full)))
    better = [
        (check, line.status, by_id(after)[check].status)
        for check, line in by_id(before).items()
        if line.status != "passed" and by_id(after)[check].status == "passed"
    ]
    assert better == []
    assert after.score <= before.score


@given(build=any_build(), data=st.data())
@settings(max_examples=150)
def test_less_evidence_never_counts_against_the_learner(build: Build, data: st.DataObject) -> None:
    full = evidence(build)
    before = by_id(evaluate(RUBRIC, full))
    after = by_id(evaluate(RUBRIC, data.draw(poorer(full))))
    worse = [check for check, line in before.items() if line.status == "passed" and after[check].status == "failed"]
    assert worse == []


@given(build=any_build())
@settings(max_examples=200)
def test_a_topic_that_is_lost_turns_no_verdict_round(build: Build) -> None:
    """Losses at random seldom meet the one answer that a verdict hangs on; these meet every one."""
    full = evidence(build)
    before = by_id(evaluate(RUBRIC, full))
    turned = [
        (topic, check, before[check].status, line.status)
        for topic, poor in without_topics(full)
        for check, line in by_id(evaluate(RUBRIC, poor)).items()
        if line.status not in (before[check].status, "error")
    ]
    assert turned == []


@given(build=any_build(), data=st.data())
@settings(max_examples=80)
def test_order_changes_nothing(build: Build, data: st.DataObject) -> None:
    full = evidence(build)
    rubric = RUBRIC.rubric
    checks = tuple(data.draw(st.permutations(rubric.checks)))
    mixed = Loaded(rubric=rubric.model_copy(update={"checks": checks}), path=RUBRIC.path, sha256=RUBRIC.sha256)
    before, after = evaluate(RUBRIC, full), evaluate(mixed, data.draw(shuffled(full)))
    assert [check.id for check in after.checks] == [check.id for check in checks]
    assert by_id(after) == by_id(before)
    assert (after.score, after.passed, after.roles) == (before.score, before.passed, before.roles)


@given(build=any_build())
@settings(max_examples=60)
def test_the_same_evidence_gives_the_same_report(build: Build) -> None:
    full = evidence(build)
    text = full.model_dump_json(by_alias=True)
    report = evaluate(RUBRIC, full)
    assert full.model_dump_json(by_alias=True) == text
    read = Evidence.model_validate_json(text)
    assert read == full
    assert evaluate(RUBRIC, read) == report == evaluate(RUBRIC, full)


@given(build=any_build(), data=st.data())
@settings(max_examples=80)
def test_no_evidence_brings_a_check_down(build: Build, data: st.DataObject) -> None:
    report = evaluate(RUBRIC, data.draw(hostile(evidence(build))))
    assert [check.id for check in report.checks if check.actual.startswith(_CRASHED)] == []
    assert 0 <= report.score <= report.max_score
    report.model_dump_json(by_alias=True)
