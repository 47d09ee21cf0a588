"""Builds on which a law once broke, kept as the examples that they are."""

from dataclasses import replace

from grader.evaluate import evaluate
from grader.models.evidence import Evidence
from grader.models.probe import Connect, Lookup, Observation, Question
from tests.flagship import RUBRIC
from tests.laws.engine import evidence
from tests.laws.model import Box, Build, Join, Listen, Net, Publish
from tests.laws.reports import by_id, judged
from tests.laws.witnesses import seen, with_observations

FRONT, BACK = Net("public-net-1", "public-net-1"), Net("private-net-1", "private-net-1")
BOXES = (
    Box("nginx", "nginx", "nginx", "lab/nginx", joins=(Join("public-net-1"),), listens=(Listen(80, "nginx"),)),
    Box(
        key="flask",
        name="flask-app",
        role="flask",
        joins=(Join("public-net-1"), Join("private-net-1")),
        listens=(Listen(9090, "flask"),),
    ),
    Box("mongo", "mongo", "mongo", "mongo:7", True, (Join("private-net-1"),), (Listen(27017, "mongo"),)),
)


def test_a_paused_container_lends_its_addresses_to_who_lives_in_its_sandbox() -> None:
    nginx, flask, mongo = BOXES
    lodger = replace(mongo, mode="in:home", joins=())
    home = Box("home", "home", joins=(Join("private-net-1"),), state="paused")
    found = by_id(judged(Build((FRONT, BACK), (nginx, flask, lodger, home))))
    assert found["flask-to-mongo"].status == "passed"
    assert found["mongo-is-private"].status == "passed"


def test_answers_that_were_lost_do_not_make_a_service_dead() -> None:
    full = evidence(Build((FRONT, BACK), BOXES))
    lost = Connect(address="10.1.0.3", port=27017)
    assert any(asked.question == lost for each in seen(full).observations for asked in each.asked)
    deaf = with_observations(full, [_without(each, lost) for each in seen(full).observations])
    assert by_id(evaluate(RUBRIC, deaf))["mongo-is-private"].status == "error"


def test_an_unseen_container_does_not_lose_its_role_to_one_that_was_seen() -> None:
    decoy = Box("decoy", "decoy", joins=(Join("private-net-1"),), listens=(Listen(9090),))
    build = Build((FRONT, BACK), (*BOXES, decoy), labelled=False)
    full = evidence(build)
    seen_by = [each for each in seen(full).observations if each.source != BOXES[1].id]
    report = evaluate(RUBRIC, with_observations(full, seen_by))
    assert by_id(evaluate(RUBRIC, full))["flask-attached"].status == "passed"
    assert by_id(report)["flask-attached"].status == "error"
    assert "cannot be told" in by_id(report)["flask-attached"].actual


def test_a_page_is_not_right_while_nobody_knows_whose_it_is() -> None:
    decoy = Box("decoy", "decoy", joins=(Join("public-net-1", ("flask-app",)),))
    full = evidence(Build((FRONT, BACK), (*BOXES, decoy)))
    poor = with_observations(full, [_without(each, Lookup(name="flask-app")) for each in seen(full).observations])
    assert by_id(evaluate(RUBRIC, full))["page-works"].status == "failed"
    assert by_id(evaluate(RUBRIC, poor))["page-works"].status == "error"


def test_a_page_is_not_right_while_a_step_behind_it_was_not_seen() -> None:
    nginx, flask, mongo = BOXES
    alone = replace(flask, joins=(Join("public-net-1"),), listens=(Listen(9090, "static"),))
    full = evidence(Build((FRONT, BACK), (nginx, alone, mongo)))
    (step,) = (question for question in _asked(full, alone) if question == Connect(address="10.1.0.3", port=27017))
    poor = with_observations(full, [_without(each, step) for each in seen(full).observations])
    assert by_id(evaluate(RUBRIC, full))["page-works"].status == "failed"
    assert by_id(evaluate(RUBRIC, poor))["page-works"].status == "error"


def test_a_port_that_docker_holds_on_the_host_is_not_held_by_who_lives_there() -> None:
    shop = Box("shop", "shop", joins=(Join("shop"),), listens=(Listen(27017),), publishes=(Publish(27017, 27017),))
    lodger = Box("lodger", "lodger", mode="host")
    report = judged(Build((FRONT, BACK, Net("shop")), (*BOXES, shop, lodger)))
    assert by_id(report)["mongo-is-private"].status == "passed"


def _asked(full: Evidence, box: Box) -> list[Question]:
    return [asked.question for each in seen(full).observations if each.source == box.id for asked in each.asked]


def _without(observation: Observation, question: Question) -> Observation:
    kept = tuple(each for each in observation.asked if each.question != question)
    return observation.model_copy(update={"asked": kept})
