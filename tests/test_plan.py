"""Whom a crowded engine makes worth a look."""

import json
from collections import Counter
from dataclasses import replace

from grader.models.probe import Connect, Exchange
from grader.models.snapshot import Listed
from grader.plan import choose, plan
from grader.rubric.load import loads
from grader.rubric.model import Rubric
from tests.flagship import FLASK, MONGO, NGINX, RUBRIC, evidence

CROWD = [
    Listed(id=f"{n:064}", name=f"box-{n}", image="busybox", state="running", created_at=1000 + n) for n in range(30)
]


def looking(**check: object) -> Rubric:
    entry = {"id": "it", "role": "web", "points": 1, **check}
    text = {"version": 1, "title": "T", "roles": {"web": {"image": "nginx"}}, "checks": [entry]}
    return loads(json.dumps(text), "r.yaml").rubric


def chosen(rubric: Rubric, **one: object) -> bool:
    """Return whether the oldest container of a crowd, with something peculiar about it, is chosen."""
    web = Listed(id="a" * 64, name="web", image="nginx", state="running", created_at=1)
    odd = Listed.model_validate(
        {"id": "b" * 64, "name": "odd", "image": "shop", "state": "running", "created_at": 0} | one
    )
    return odd.id in choose(rubric, [*CROWD, odd, web], (), {}).ids


def test_who_may_be_taken_for_a_role_from_outside_is_looked_at() -> None:
    outside = looking(kind="http", port=80, **{"from": "outside"})
    assert chosen(outside, networks=("host",))
    assert chosen(outside, host_ports=(80,))
    assert not chosen(outside, networks=("bridge",), host_ports=(8080,))


def test_without_a_look_from_outside_nobody_can_be_mistaken() -> None:
    inside = looking(kind="http", port=80)
    assert not chosen(inside, networks=("host",))
    assert not chosen(inside, host_ports=(80,))


def test_the_network_that_a_role_should_be_started_on_is_a_sign_of_it() -> None:
    on_host = looking(kind="container", network_mode="host")
    assert chosen(on_host, networks=("host",))
    assert not chosen(on_host, networks=("none",))


def test_the_sandboxes_that_will_hear_silence_are_asked_first() -> None:
    snapshots = {name: host.snapshot for name, host in evidence(FLASK, MONGO, NGINX).hosts.items()}
    names = {container.id: container.name for container in snapshots["default"].containers}
    order = [names.get(source, source) for source in plan(RUBRIC.rubric, snapshots)["default"]]
    assert set(order[:2]) == {"mongo", "nginx"}
    assert "flask-app" in order[2:]


def test_a_container_with_thousands_of_ports_is_asked_about_the_rubrics_and_few_more() -> None:
    bound = tuple(f"0.0.0.0:{port}->{port}" for port in (*range(5000, 5100), 27017))
    wide = replace(MONGO, exposes=tuple(range(20_000, 30_000)), publishes=bound)
    snapshots = {name: host.snapshot for name, host in evidence(FLASK, wide, NGINX).hosts.items()}
    mongo = next(each for each in snapshots["default"].containers if each.name == "mongo")
    asked = plan(RUBRIC.rubric, snapshots)["default"]
    for questions in asked.values():
        tried = Counter(each.address for each in questions if isinstance(each, Connect))
        assert max(tried.values()) < 50
        assert {80, 5000, 9090, 27017} <= {
            q.port for q in questions if isinstance(q, Connect) and q.address in mongo.addresses
        }
        assert sum(isinstance(each, Exchange) for each in questions) < 120
        assert 27017 in {each.port for each in questions if isinstance(each, Exchange)}
