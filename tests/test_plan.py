"""Whom a crowded engine makes worth a look."""

import json
from collections import Counter
from dataclasses import replace

from grader.models.probe import Connect, Exchange
from grader.models.snapshot import Listed, Network
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


def known_by_port(**roles: int) -> Rubric:
    checks = [{"id": name, "kind": "container", "role": name, "points": 1} for name in roles]
    text = {"version": 1, "title": "T", "roles": {name: {"listens": port} for name, port in roles.items()}}
    return loads(json.dumps(text | {"checks": checks}), "r.yaml").rubric


def running(name: str, *networks: str, mode: str = "default") -> Listed:
    identity = name.encode().hex().ljust(64, "0")
    return Listed(
        id=identity, name=name, image="shop", state="running", created_at=0, networks=networks or ("bridge",), mode=mode
    )


def test_a_name_that_fits_drops_nobody_whose_port_is_not_known_yet() -> None:
    """No listing tells what a container listens on, so a namesake of a role proves nothing against the others."""
    rubric = known_by_port(web=80, db=3306)
    build, namesake = [running("front", "a", "b"), running("store", "b")], running("web-of-the-blog")
    ids = choose(rubric, [*CROWD, *build, namesake], (), {}).ids
    assert {each.id for each in build} <= set(ids)


def test_a_second_look_takes_in_who_was_beyond_the_bound() -> None:
    rubric, hidden = known_by_port(web=80), running("front")
    everybody = [*CROWD[:15], hidden]  # which is the oldest, and has no sign
    assert hidden.id not in choose(rubric, everybody, (), {}).ids
    assert hidden.id in choose(rubric, everybody, (), {}, thoroughly=True).ids


def test_guests_in_a_chosen_sandbox_are_looked_at() -> None:
    owner = running("web", "a")
    guest = running("side", mode=f"container:{owner.id}")
    assert guest.id in choose(known_by_port(web=80), [*CROWD, owner, guest], (), {}).ids


def test_where_the_role_is_settled_on_its_network_no_stranger_is_looked_at() -> None:
    """A crowd of others must not make a grade slow."""
    networks = [
        Network(id="1", name="public-net-1", driver="bridge"),
        Network(id="2", name="private-net-1", driver="bridge"),
    ]
    front = running("front", "public-net-1").model_copy(update={"ports": (80,)})
    app, store = running("app", "private-net-1", "public-net-1"), running("store", "private-net-1")
    build = [front, app, store.model_copy(update={"image": "mongo"})]
    assert set(choose(RUBRIC.rubric, [*CROWD, *build], networks, {}).ids) == {each.id for each in build}


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
