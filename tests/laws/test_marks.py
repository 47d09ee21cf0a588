"""Marks: bounded, added up, and never earned by doing less."""

from decimal import Decimal

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from grader.checks.base import Check
from grader.evaluate import evaluate
from grader.judging.scene import Scene
from grader.judging.verdict import Part, unknown
from tests.flagship import RUBRIC
from tests.laws import builds
from tests.laws.builds import any_build, change, right
from tests.laws.engine import evidence
from tests.laws.model import Build, Join
from tests.laws.reports import by_id, cast, judged, marks

_CHECKS = {check.id: check for check in RUBRIC.rubric.checks}


@given(build=any_build())
@settings(max_examples=80)
def test_scores_are_bounded_and_add_up(build: Build) -> None:
    report = judged(build)
    assert all(0 <= check.score <= check.max_score for check in report.checks)
    assert report.score == sum((check.score for check in report.checks), Decimal(0))
    assert report.max_score == sum((check.points for check in RUBRIC.rubric.checks), Decimal(0))
    assert all((check.score == check.max_score) == (check.status == "passed") for check in report.checks)


FAULTS = ("leave", "rest", "fall_silent", "lose_names", "vanish", "remove_net")


@given(build=right(), fault=st.sampled_from(FAULTS), data=st.data())
@settings(max_examples=120)
def test_a_fault_in_a_right_build_costs_marks_and_earns_none(build: Build, fault: str, data: st.DataObject) -> None:
    """A right build without a fault of the brief's is excluded: some changes leave it as right as it was."""
    worse = builds.settled(getattr(builds, fault)(data.draw, build))
    assume(_is_broken(build, worse))
    before, after = by_id(judged(build)), by_id(judged(worse))
    assert all(after[check].score <= line.score for check, line in before.items())
    assert any(after[check].score < line.score for check, line in before.items())


def _is_broken(build: Build, worse: Build) -> bool:
    """Return whether something that the brief asks for has gone; nobody has to find nginx by a name."""
    if {net.name for net in worse.nets} != {net.name for net in build.nets}:
        return {net.name for net in build.nets} - {net.name for net in worse.nets} != {"shop"}
    old, new = ({box.key: box for box in each.boxes if box.role} for each in (build, worse))
    if old.keys() != new.keys():
        return True
    (key,) = [key for key in old if old[key] != new[key]] or [""]
    if not key:
        return False
    return key != "nginx" or old[key].name == new[key].name


@given(build=any_build(labelled=True), role=st.sampled_from(builds.ROLES), fault=st.sampled_from(["stop", "silence"]))
@settings(max_examples=120)
def test_stopping_or_silencing_a_container_never_helps_its_own_checks(build: Build, role: str, fault: str) -> None:
    """Only its own: a container that bears somebody else's name does others a favour when it stops."""
    assume(build.playing(role))
    worse = change(build, role, **({"state": "exited"} if fault == "stop" else {"listens": ()}))
    before, after = by_id(judged(build)), by_id(judged(builds.settled(worse)))
    own = [check for check in _CHECKS.values() if role in check.roles()]
    assert [check.id for check in own if after[check.id].score > before[check.id].score] == []


@given(build=any_build(), broken=st.sampled_from(sorted(_CHECKS)))
@settings(max_examples=60)
def test_an_error_of_one_check_leaves_all_others_as_they_are(build: Build, broken: str) -> None:
    shown = evidence(build)
    before = by_id(evaluate(RUBRIC, shown))
    with pytest.MonkeyPatch.context() as patch:
        _fail(patch, broken)
        report = evaluate(RUBRIC, shown)
    after = by_id(report)
    assert after.pop(broken).status == "error"
    assert after == {check: line for check, line in before.items() if check != broken}
    assert (report.complete, report.percent, report.passed) == (False, None, None)


def _fail(patch: pytest.MonkeyPatch, broken: str) -> None:
    kind = type(_CHECKS[broken])
    judge = kind.judge

    def judged_or_not(self: Check, scene: Scene) -> list[Part]:
        return [unknown("something", "it could not be seen")] if self.id == broken else judge(self, scene)

    patch.setattr(kind, "judge", judged_or_not)


@given(build=any_build(labelled=True), data=st.data())
@settings(max_examples=80)
def test_names_of_containers_change_nothing(build: Build, data: st.DataObject) -> None:
    """Labelled builds only: where signs are even, what a container is called may tip the scales."""
    renamed = _renamed(build, data.draw(st.permutations(range(len(build.boxes)))))
    before, after = judged(build), judged(renamed)
    assert marks(after) == marks(before)
    assert cast(after) == cast(before)


def _renamed(build: Build, numbers: list[int]) -> Build:
    """Return the build with new names for all, who answer to their old ones as well."""
    names = {box.key: f"c{number}" for box, number in zip(build.boxes, numbers, strict=True)}
    for box in build.boxes:
        joins = tuple(Join(each.net, (*each.aliases, box.name)) for each in box.joins)
        build = change(build, box.key, name=names[box.key], joins=joins)
    return build
