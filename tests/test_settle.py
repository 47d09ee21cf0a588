"""Waiting for what is still starting: only where time may mend what failed."""

from datetime import timedelta

import pytest

from grader import pipeline, store
from grader.evaluate import evaluate
from grader.models.evidence import Evidence
from grader.models.probe import Asked, Connect, Observation, Reached
from grader.models.snapshot import Container
from grader.observe import Settings
from grader.settle import starting
from tests.flagship import RUBRIC
from tests.verdicts.table import EVIDENCE

APP_PORT = 9090


def build(name: str) -> Evidence:
    """Return what a build of the table showed."""
    return store.load(EVIDENCE / f"flask-nginx-mongo-{name}.json")


def before_it_listens(evidence: Evidence, name: str) -> Evidence:
    """Return the same build a moment after a container started, while nobody listens on the app's port yet."""
    host = evidence.hosts["default"]
    snapshot = host.snapshot
    containers = tuple(
        each.model_copy(update={"started_at": snapshot.engine.now}) if each.name == name else each
        for each in snapshot.containers
    )
    (young,) = (each for each in containers if each.name == name)
    changed = host.model_copy(
        update={
            "snapshot": snapshot.model_copy(update={"containers": containers}),
            "observations": tuple(_deaf(each, young) for each in host.observations),
        }
    )
    return evidence.model_copy(update={"hosts": {"default": changed}})


def _deaf(seen: Observation, young: Container) -> Observation:
    asked = tuple(
        Asked(question=each.question, answer=Reached(state="refused"))
        if isinstance(each.question, Connect) and each.question.port == APP_PORT
        else each
        for each in seen.asked
    )
    sandbox = seen.sandbox
    if sandbox and seen.source == young.id:
        sandbox = sandbox.model_copy(update={"listeners": ()})
    return seen.model_copy(update={"asked": asked, "sandbox": sandbox})


def test_a_right_build_is_waited_for_while_the_app_starts() -> None:
    evidence = before_it_listens(build("flask-with-expose"), "flask-app")
    assert "flask" in starting(RUBRIC, evidence, evaluate(RUBRIC, evidence))


def test_what_a_host_mode_container_reaches_late_is_waited_for_too() -> None:
    evidence = before_it_listens(build("nginx-on-the-hosts-network"), "flask-app")
    report = evaluate(RUBRIC, evidence)
    (late,) = (check for check in report.checks if check.id == "nginx-to-flask")
    assert late.cause == "nothing listens on port 9090 in flask (flask-app)"
    assert "flask" in starting(RUBRIC, evidence, report)


def test_a_finished_build_is_judged_at_once() -> None:
    evidence = build("mongo-also-on-public")
    assert starting(RUBRIC, evidence, evaluate(RUBRIC, evidence)) == []


@pytest.mark.parametrize(("settle", "looks"), [(0.0, 2), (60.0, 3)])
def test_a_doubt_is_worth_another_look_and_one_more_while_there_is_time(
    settle: float, looks: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert looks_at("garbage-in-place-of-mongo-and-published", settle, monkeypatch) == looks


def test_what_is_explained_is_looked_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    assert looks_at("mongo-also-on-public", 60, monkeypatch) == 1


def long_after(evidence: Evidence) -> Evidence:
    """Return a build of which nothing is young any more."""
    host = evidence.hosts["default"]
    engine = host.snapshot.engine
    later = engine.model_copy(update={"now": engine.now + timedelta(hours=1)})
    snapshot = host.snapshot.model_copy(update={"engine": later})
    return evidence.model_copy(update={"hosts": {"default": host.model_copy(update={"snapshot": snapshot})}})


def looks_at(name: str, settle: float, monkeypatch: pytest.MonkeyPatch) -> int:
    """Return how often a build is looked at that always shows the same."""
    looks = []

    def observed(*_: object) -> Evidence:
        looks.append(name)
        return long_after(build(name))

    monkeypatch.setattr(pipeline, "connected", lambda _: {})
    monkeypatch.setattr(pipeline, "observe", observed)
    pipeline.grade(RUBRIC, "flask-nginx-mongo", Settings(settle=settle))
    return len(looks)
