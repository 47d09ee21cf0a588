"""Which sentence tells of the fault behind the wrong pairs of a matrix, and what open and closed pairs weigh."""

import json

import pytest

from grader.evaluate import evaluate
from grader.identify import identify
from grader.judging.scene import Scene
from grader.judging.sketch import Net, Place, Sketch
from grader.models.report import CheckResult
from grader.rubric.load import loads

PORTS = {"bastion": 22, "app": 9000, "db": 3306}
OPEN = {"web": ["app"], "app": ["db"], "bastion": ["app", "db"]}
EITHER = {"app": ["bastion"], "db": ["app", "bastion"]}
NETS = (Net("mute", icc=False), Net("front"), Net("back"), Net("third"))


def judged(*places: Place, points: float = 84, **entry: object) -> CheckResult:
    check = {"id": "m", "kind": "isolated", "points": points, "ports": PORTS, "open": OPEN, "either": EITHER, **entry}
    roles: dict[str, object] = {"web": {}, **{role: {} for role in PORTS}}
    loaded = loads(json.dumps({"version": 1, "title": "T", "roles": roles, "checks": [check]}), "r.yaml")
    (result,) = evaluate(loaded, Sketch(NETS, places).evidence(loaded.rubric.wants, roles=roles)).checks
    return result


def build(**on: str) -> list[Place]:
    """Place the four, each on the networks that are given in words."""
    where = {"web": "front", "app": "front back", "db": "back", "bastion": "back"} | on
    listens = {role: (f"0.0.0.0:{port}",) for role, port in PORTS.items()}
    return [Place(role, on=tuple(nets.split()), listens=listens.get(role, ())) for role, nets in where.items()]


def test_every_pair_that_is_not_open_or_either_is_closed() -> None:
    assert judged(*build()).expected.split("; ") == [
        "web -> bastion:22 closed",
        "web -> app:9000 open",
        "web -> db:3306 closed",
        "app -> db:3306 open",
        "bastion -> app:9000 open",
        "bastion -> db:3306 open",
    ]


@pytest.mark.parametrize(
    ("on", "cause", "score"),
    [
        ({"db": "back front"}, "db is on front, where it does not belong", 63),
        ({"db": "mute back front", "web": "mute front"}, "db is on front, where it does not belong", 63),
        ({"web": "front back"}, "web is on back, where it does not belong", 42),
        ({"web": "front third", "db": "back third"}, "web and db are both on third", 63),
        ({"bastion": "front"}, "web and bastion are both on front", 52.5),
        ({"bastion": "third"}, "bastion shares a network neither with app nor with db", 63),
        ({"bastion": "third", "app": "front back third"}, "bastion and db share no network", 73.5),
        ({"bastion": ""}, "bastion is on no network", 42),
        (dict.fromkeys(("app", "db", "bastion"), "front"), "web has to be kept apart from bastion and db", 42),
        (dict.fromkeys(("app", "db", "bastion"), "mute"), "mute forbids traffic between its containers", 42),
    ],
)
def test_one_fault_is_one_sentence_for_all_its_pairs(on: dict[str, str], cause: str, score: float) -> None:
    found = judged(*build(**on))
    assert (found.cause or "").startswith(cause)
    assert found.score == score


def test_a_network_that_lets_nobody_talk_joins_nobody() -> None:
    places = build(web="front mute", app="front back mute", db="back mute", bastion="back mute")
    assert judged(*places).status == "passed"


def test_the_dearest_fault_comes_first_and_the_others_are_told() -> None:
    found = judged(*build(bastion="front"))
    assert found.evidence == (
        "bastion and db share no network",
        "web -> bastion:22 should be closed, is open (10.0.1.5: open)",
        "bastion -> db:3306 should be open, is closed (10.0.2.4: timeout)",
    )


def test_all_who_get_in_by_a_published_port_have_one_cause() -> None:
    web, app, _, bastion = build()
    door = ("0.0.0.0:33060->3306",)
    db = Place("db", on=("back",), listens=("0.0.0.0:3306",), publishes=door, http=200)
    found = judged(
        web, app, db, bastion, open={**OPEN, "outside": []}, either={**EITHER, "outside": ["app", "bastion"]}
    )
    assert found.cause == "port 3306 of db is published at 0.0.0.0:33060->3306/tcp, which everybody outside can use"
    assert found.actual == "web -> db:3306 open; outside -> db:3306 open"


def test_who_is_not_at_work_is_neither_open_nor_closed() -> None:
    web, app, _, bastion = build()
    found = judged(web, app, Place("db", on=("back",), state="exited", exit_code=1), bastion)
    assert "web -> db:3306 should be closed, but db is not at work" in found.evidence
    assert found.score == 42


def test_a_matrix_without_closed_pairs_weighs_its_open_ones_alike() -> None:
    web, app, _, _ = build()
    found = judged(web, app, ports={"app": 9000}, open={"web": ["app"]}, either={"bastion": ["app"]}, points=1)
    assert found.status == "passed"
    assert found.score == 1


def test_the_command_tries_the_first_wrong_pair() -> None:
    check = {"id": "m", "kind": "isolated", "points": 1, "ports": PORTS, "open": OPEN, "either": EITHER}
    roles: dict[str, object] = {"web": {}, **{role: {} for role in PORTS}}
    loaded = loads(json.dumps({"version": 1, "title": "T", "roles": roles, "checks": [check]}), "r.yaml")
    rubric = loaded.rubric
    evidence = Sketch(NETS, tuple(build(db="back front"))).evidence(rubric.wants, roles=roles)
    scene = Scene(evidence, rubric.wants, identify(rubric, evidence))
    command = "docker run --rm --network container:web busybox sh -c 'nc -w 2 10.0.1.4 3306 </dev/null >/dev/null 2>&1"
    assert rubric.checks[0].by_hand(scene).startswith(command)
