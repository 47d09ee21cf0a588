"""The judgement agrees with what the build itself deserves, worked out without evidence."""

from hypothesis import assume, event, given, settings

from grader.models.report import Report
from tests.laws.builds import any_build, relayed, right
from tests.laws.model import Build
from tests.laws.reports import cast, judged, meant
from tests.laws.verdicts import verdicts


def disagreements(build: Build, report: Report) -> list[str]:
    """Return where the report differs from what the build deserves."""
    wanted = verdicts(build)
    return [
        f"{check.id}: {check.status} {check.score}, but it deserves {wanted[check.id]}: {check.actual} ({check.cause})"
        for check in report.checks
        if check.id in wanted and (check.status, check.score) != (wanted[check.id].status, wanted[check.id].score)
    ]


@given(build=right())
@settings(max_examples=100)
def test_a_right_build_has_full_marks_whatever_it_is_called(build: Build) -> None:
    report = judged(build)
    assert [check.id for check in report.checks if check.status != "passed"] == []
    assert (report.percent, report.passed) == (100.0, True)


@given(build=any_build())
@settings(max_examples=500)
def test_every_check_agrees_with_the_build_itself(build: Build) -> None:
    report = judged(build)
    known = cast(report) == meant(build)
    event(f"roles as meant: {known}, labelled: {build.labelled}")
    assume(known)
    assert disagreements(build, report) == []


@given(build=relayed())
@settings(max_examples=150)
def test_who_stands_between_is_seen(build: Build) -> None:
    """Such builds are rare among all, and a relay is the only fault that they may have."""
    report = judged(build)
    event(f"score: {report.score}")
    assert disagreements(build, report) == []
