"""How parts become marks, and what skips or errors do to the whole."""

import logging
from decimal import Decimal
from typing import Any

import pytest

from grader.checks import kinds
from grader.checks.network import NetworkCheck
from grader.evaluate import evaluate
from grader.judging.scene import Scene
from grader.judging.sketch import Net, Place, Sketch
from grader.judging.verdict import Part
from grader.models.report import CheckResult, Report
from grader.models.snapshot import State
from grader.rubric.model import Loaded, Role, Rubric
from tests.flagship import FLASK, MONGO, NGINX, report


def judged(build: Sketch, *entries: dict[str, Any], pass_mark: int = 80) -> Report:
    checks = tuple(kinds()[entry["kind"]].model_validate(entry) for entry in entries)
    roles = {role: Role() for check in checks for role in check.roles()}
    rubric = Rubric(version=1, title="t", pass_mark=Decimal(pass_mark), roles=roles, checks=checks)
    return evaluate(Loaded(rubric=rubric, path="r", sha256="0"), build.evidence(rubric.wants, roles))


def result(found: Report, name: str) -> CheckResult:
    return next(check for check in found.checks if check.id == name)


def net(name: str, points: Any = 1, **more: Any) -> dict[str, Any]:
    return {"id": name, "kind": "network", "network": name, "points": points} | more


ATTACHED = {"id": "attached", "kind": "attached", "role": "web", "to": ["a", "b", "c"], "points": 10}
ON_ONE = Sketch(nets=(Net("a"), Net("b"), Net("c")), places=(Place("web", on=("a",)),))
BLIND = Sketch(nets=(Net("a"),), places=(Place("web", on=("a",), blind=True), Place("app", on=("a",))))
STATES: tuple[State, ...] = ("created", "exited", "paused", "restarting")
REACHES = {"id": "reaches", "kind": "reaches", "from": "web", "to": "app", "port": 80, "points": 5}


def test_a_right_build_has_full_marks() -> None:
    found = report(NGINX, FLASK, MONGO)
    assert (float(found.score), found.percent, found.passed, found.complete) == (100.0, 100.0, True, True)
    assert not found.causes


def test_parts_earn_their_share_rounded_once() -> None:
    assert result(judged(ON_ONE, ATTACHED), "attached").score == Decimal("3.33")


def test_without_partial_credit_a_part_earns_nothing() -> None:
    assert result(judged(ON_ONE, ATTACHED | {"partial": False}), "attached").score == 0


def test_totals_are_the_sum_of_the_lines() -> None:
    found = judged(ON_ONE, ATTACHED, net("a", "0.05"), net("x", 2))
    assert found.score == sum(check.score for check in found.checks) == Decimal("3.38")
    assert found.max_score == Decimal("12.05")


def test_a_check_waits_for_one_that_scored_nothing() -> None:
    found = judged(ON_ONE, net("x"), net("a", needs=["x"]), net("b", needs=["a"]))
    assert [check.status for check in found.checks] == ["failed", "skipped", "skipped"]
    assert result(found, "a").waits_for == ("x",)


def test_a_check_does_not_wait_for_one_that_earned_a_part() -> None:
    found = judged(ON_ONE, ATTACHED, net("a", needs=["attached"]))
    assert result(found, "a").status == "passed"


def test_a_prerequisite_may_stand_below() -> None:
    found = judged(ON_ONE, net("a", needs=["x"]), net("x"))
    assert [check.status for check in found.checks] == ["skipped", "failed"]


def test_a_prerequisite_in_error_holds_nothing_back() -> None:
    found = judged(BLIND, REACHES, net("a", needs=["reaches"]))
    assert [check.status for check in found.checks] == ["error", "passed"]


def test_an_error_leaves_the_verdict_open() -> None:
    found = judged(BLIND, REACHES, net("a"))
    assert not found.complete
    assert found.percent is None
    assert found.passed is None
    assert found.score == 1


def test_an_error_in_mere_advice_leaves_nothing_open() -> None:
    assert judged(BLIND, REACHES | {"points": 0}, net("a")).passed


def test_an_error_is_nobodys_fault() -> None:
    assert not judged(BLIND, REACHES).causes


@pytest.mark.parametrize(("mark", "passed"), [(50, True), (51, False)])
def test_the_pass_mark_is_reached_at_itself(mark: int, passed: bool) -> None:
    assert judged(ON_ONE, net("a"), net("x"), pass_mark=mark).passed is passed


def test_a_check_that_crashes_is_an_error_and_takes_no_other_with_it(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def crash(self: NetworkCheck, scene: Scene) -> list[Part]:
        raise ZeroDivisionError(self, scene)

    monkeypatch.setattr(NetworkCheck, "judge", crash)
    with caplog.at_level(logging.ERROR):
        found = judged(ON_ONE, net("a"), ATTACHED)
    assert [check.status for check in found.checks] == ["error", "failed"]
    assert "ZeroDivisionError" in caplog.text


def test_the_dearest_cause_leads() -> None:
    found = report(NGINX, FLASK)
    assert [fault.cause for fault in found.causes] == [
        "there is no mongo container (looked for one from the image mongo or listening on port 27017)"
    ]
    assert found.causes[0].lost == 100 - found.score


def test_a_cause_that_says_what_to_do_needs_no_hint() -> None:
    check = {"id": "runs", "kind": "container", "role": "web", "points": 1, "hints": ["Look at the port."]}
    hint = {state: result(judged(Sketch(places=(Place("web", state=state),)), check), "runs").hint for state in STATES}
    assert hint == dict.fromkeys(STATES)
    assert result(judged(Sketch(), check), "runs").hint == "Look at the port."
