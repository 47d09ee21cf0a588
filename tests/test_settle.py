"""Waiting for what is still starting: only where time may mend what failed."""

from grader import store
from grader.evaluate import evaluate
from grader.models.evidence import Evidence
from grader.models.probe import Asked, Connect, Observation, Reached
from grader.models.snapshot import Container
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
