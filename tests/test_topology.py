"""The picture marks what is wrong, whatever it is, and nothing else."""

from dataclasses import replace

from grader import store
from grader.course import builtin
from grader.evaluate import evaluate
from grader.judging.sketch import Net, Place
from grader.models.report import Report
from grader.models.topology import Box, Link, Topology
from grader.rubric.load import load
from grader.topology import wanted
from tests.flagship import FLASK, MONGO, NETS, NGINX, RUBRIC, renamed, report
from tests.verdicts.table import EVIDENCE


def box(found: Report, role: str) -> Box:
    return next(box for box in found.topology.boxes if box.role == role)


def marks(found: Report) -> dict[tuple[str, str], str]:
    """Return the mark of each connection by container and network."""
    names = {box.key: box.container or box.key for box in found.topology.boxes}
    return {(names[link.box], link.lane): link.mark for link in found.topology.links}


def link(found: Report, role: str, lane: str) -> Link:
    return next(link for link in found.topology.links if (link.box, link.lane) == (box(found, role).key, lane))


def test_a_right_build_has_no_stain() -> None:
    found = report(NGINX, FLASK, MONGO)
    assert set(marks(found).values()) == {"right"}
    assert {lane.mark for lane in found.topology.lanes} == {"right"}
    assert [each for each in found.topology.boxes if each.note or each.leaks or each.unpublished] == []
    assert [each for each in found.topology.links if each.nameless] == []


def test_a_port_that_lets_in_is_marked_and_an_honest_one_is_not() -> None:
    found = report(NGINX, FLASK, replace(MONGO, publishes=("0.0.0.0:27017->27017", "0.0.0.0:28017->28017"), http=200))
    assert box(found, "mongo").leaks == ("0.0.0.0:27017->27017/tcp",)
    assert box(found, "nginx").leaks == ()


def test_a_network_on_which_two_meet_who_should_not_is_marked_for_them_alone() -> None:
    places = (replace(place, on=(*place.on, "shortcut")) for place in (NGINX, FLASK, MONGO))
    found = report(*places, nets=(*NETS, Net("shortcut")))
    assert {name: mark for (name, lane), mark in marks(found).items() if lane == "shortcut"} == {
        "nginx": "wrong",
        "flask-app": "extra",
        "mongo": "wrong",
    }


def test_a_network_that_is_in_the_way_is_marked() -> None:
    found = report(NGINX, FLASK, MONGO, nets=(NETS[0], replace(NETS[1], icc=False)))
    assert [lane.mark for lane in found.topology.lanes] == ["right", "wrong"]
    found = report(NGINX, FLASK, MONGO, nets=(replace(NETS[0], internal=True), NETS[1]))
    assert [lane.mark for lane in found.topology.lanes] == ["wrong", "right"]
    assert box(found, "nginx").unpublished == ("80/tcp",)


def test_a_name_that_leads_nowhere_is_missing_where_it_is_needed() -> None:
    found = report(NGINX, replace(FLASK, name="web"), MONGO)
    assert link(found, "flask", "public-net-1").nameless == ("flask-app",)
    assert link(found, "flask", "private-net-1").nameless == ()


def test_who_bears_the_name_of_another_is_marked() -> None:
    thief = Place("thief", on=("public-net-1",), aliases=("flask-app",))
    found = report(NGINX, renamed(FLASK, "web"), MONGO, thief, Place("bystander", on=("public-net-1",)))
    assert marks(found)["thief", "public-net-1"] == "wrong"
    assert marks(found)["web", "public-net-1"] == "right"
    assert marks(found)["bystander", "public-net-1"] == "extra"


def test_whose_network_a_container_uses_is_told() -> None:
    found = report(replace(NGINX, on=(), mode="host"), FLASK, MONGO)
    assert (box(found, "nginx").mark, box(found, "nginx").note) == ("wrong", "on the host's network")
    lodger = replace(NGINX, on=(), publishes=(), mode="container:flask-app")
    found = report(lodger, replace(FLASK, publishes=NGINX.publishes), MONGO, roles={"nginx": "nginx"})
    assert box(found, "nginx").note == "in the sandbox of flask-app"
    assert link(found, "nginx", "public-net-1").names == ()


def ways(found: Topology) -> dict[tuple[str, str, str], str]:
    return {(flow.source, flow.target, flow.what): flow.mark for flow in found.flows}


def test_the_target_is_what_the_rubric_asks_for() -> None:
    found = wanted(RUBRIC.rubric)
    assert [(lane.name, lane.driver) for lane in found.lanes] == [
        ("public-net-1", "bridge"),
        ("private-net-1", "bridge"),
    ]
    assert {(link.box, link.lane): link.names for link in found.links} == {
        ("role:nginx", "public-net-1"): (),
        ("role:flask", "public-net-1"): ("flask-app",),
        ("role:flask", "private-net-1"): (),
        ("role:mongo", "private-net-1"): ("mongo",),
    }
    assert [box.published for box in found.boxes] == [("any port->80/tcp",), (), ()]
    assert [flow.target for flow in found.flows if flow.shut] == ["mongo"]


def test_a_target_has_no_stain_and_nobody_in_it() -> None:
    for name in builtin().names:
        found = wanted(load(builtin().rubric(name)).rubric)
        marks = [{each.mark for each in some} for some in (found.lanes, found.boxes, found.links)]
        assert set().union(*marks, {flow.mark for flow in found.flows}) == {"right"}
        assert all(box.planned for box in found.boxes)


def test_a_way_is_marked_with_what_became_of_it() -> None:
    assert set(ways(report(NGINX, FLASK, MONGO).topology).values()) == {"right"}
    found = report(NGINX, replace(FLASK, name="web"), replace(MONGO, on=("public-net-1", "private-net-1")))
    marks = ways(found.topology)
    assert marks["nginx", "flask", "flask-app"] == "missing"
    assert marks["nginx", "flask", "9090"] == "right"
    assert marks["nginx", "mongo", "27017"] == "wrong"
    assert ways(report(NGINX, replace(FLASK, blind=True), MONGO).topology)["flask", "mongo", "mongo"] == "unknown"


def isolation(build: str) -> Report:
    return evaluate(load(builtin().rubric("isolation")), store.load(EVIDENCE / f"isolation-{build}.json"))


def test_pairs_of_a_matrix_are_marked_one_by_one() -> None:
    found = ways(isolation("db-also-on-front").topology)
    assert found["web", "app", "9000"] == "right"
    assert found["web", "db", "3306"] == "wrong"


def test_networks_of_the_learners_own_are_right_where_they_serve_and_wrong_where_they_join_too_many() -> None:
    assert set(marks(isolation("the-standard-build")).values()) == {"right"}
    found = isolation("db-also-on-front")
    assert [key for key, mark in marks(found).items() if mark == "wrong"] == [("db", "front")]
    assert {lane.mark for lane in found.topology.lanes} == {"right"}
    found = isolation("a-shortcut-from-web-to-db")
    assert [key for key, mark in marks(found).items() if mark == "wrong"] == [("web", "shortcut"), ("db", "shortcut")]


def test_a_door_that_a_matrix_finds_open_is_marked() -> None:
    assert box(isolation("db-published"), "db").leaks == ("0.0.0.0:3306->3306/tcp", "[::]:3306->3306/tcp")


def test_nothing_gets_through_where_nobody_is() -> None:
    assert set(ways(report(nets=()).topology).values()) == {"missing"}


def seen(exercise: str, build: str) -> Report:
    return evaluate(load(builtin().rubric(exercise)), store.load(EVIDENCE / f"{exercise}-{build}.json"))


def test_one_interface_too_many_is_marked_where_it_leads() -> None:
    found = seen("sandbox", "a-hub-with-one-interface-too-many")
    assert marks(found)["hub", "bridge"] == "wrong"
    assert box(found, "hub").faults == ("the default route through bridge",)  # which is a fault of its own


def test_another_address_than_the_one_asked_for_is_marked() -> None:
    assert link(seen("addressing", "no-fixed-address"), "printer", "office-net").mark == "wrong"


def test_what_has_no_place_of_its_own_in_the_picture_is_told_at_the_container() -> None:
    found = report(NGINX, FLASK, replace(MONGO, image="example/mongo:7"))
    assert (box(found, "mongo").mark, box(found, "mongo").faults) == ("wrong", ("created from example/mongo:7",))
    assert box(seen("overlay", "the-worker-was-removed"), "beta").faults == ("worker: not in one swarm",)


def test_a_container_is_not_blamed_for_what_is_drawn_elsewhere() -> None:
    found = report(NGINX, replace(FLASK, name="web"), MONGO)  # so that its page does not work either
    assert [each.faults for each in found.topology.boxes] == [(), (), ()]


def test_a_binding_that_should_be_another_is_marked() -> None:
    found = box(seen("expose-and-publish", "random-chosen-by-hand"), "random")
    assert (found.leaks, found.unpublished) == (found.published, ())


def test_strangers_that_are_found_by_name_are_told_from_those_that_are_not() -> None:
    found = ways(seen("user-defined-bridge", "another-network-joins-alpine1-and-alpine3").topology)
    assert found["alpine3", "alpine1", "any name"] == "wrong"
    assert found["alpine3", "alpine2", "any name"] == "right"
