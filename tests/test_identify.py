"""Which container is taken for which role."""

from dataclasses import replace

import pytest

from grader.evaluate import evaluate
from grader.judging.sketch import Net, Place, Sketch
from grader.models.report import Report
from grader.models.snapshot import Container, State
from grader.rubric.load import loads
from tests.flagship import FLASK, MONGO, NGINX, RUBRIC, evidence, renamed, report


def cast(*places: Place, roles: dict[str, str] | None = None) -> dict[str, str | None]:
    found = report(*places, roles=roles).roles
    return {role: result.container if result else None for role, result in found.items()}


def test_each_container_is_recognised_whatever_its_name() -> None:
    places = (renamed(NGINX, "front"), renamed(FLASK, "x"), renamed(MONGO, "y"))
    assert cast(*places) == {"nginx": "front", "flask": "x", "mongo": "y"}


def test_what_it_is_counts_more_than_what_it_is_called() -> None:
    swapped = (replace(NGINX, name="mongo"), replace(FLASK, name="nginx"), replace(MONGO, name="flask"))
    assert cast(*swapped) == {"nginx": "mongo", "flask": "nginx", "mongo": "flask"}


def test_the_order_of_containers_does_not_matter() -> None:
    assert cast(MONGO, FLASK, NGINX) == cast(NGINX, FLASK, MONGO)


def test_a_helper_on_one_of_the_networks_plays_no_role() -> None:
    helper = Place("helper", on=("public-net-1",))
    assert cast(NGINX, MONGO, helper)["flask"] is None


def test_a_container_on_all_networks_of_a_role_plays_it_even_mute() -> None:
    assert cast(NGINX, MONGO, replace(FLASK, name="web", listens=()))["flask"] == "web"


def test_an_app_that_listens_where_another_role_should_is_still_the_app() -> None:
    assert cast(NGINX, replace(FLASK, name="web", listens=("0.0.0.0:80",)), MONGO)["flask"] == "web"


def test_in_a_shared_sandbox_a_port_is_nobodys_sign() -> None:
    """Nginx listens there before the app does."""
    lodger = replace(NGINX, on=(), publishes=(), mode="container:flask-app")
    assert cast(lodger, replace(FLASK, listens=()), MONGO)["flask"] == "flask-app"


def test_a_stopped_container_gives_way_to_one_that_runs() -> None:
    old = replace(MONGO, name="a-mongo", state="exited")
    assert cast(NGINX, FLASK, MONGO, old)["mongo"] == "mongo"
    assert cast(NGINX, FLASK, old)["mongo"] == "a-mongo"


def test_a_tie_is_ambiguous_and_asks_for_the_label() -> None:
    found = report(FLASK, MONGO, replace(NGINX, name="one"), replace(NGINX, name="two"))
    assert found.roles["nginx"] is None
    attached = next(check for check in found.checks if check.id == "nginx-attached")
    assert attached.cause == "one and two could each be nginx: remove one, or label the right one grade.role=nginx"


def test_the_user_decides_a_tie() -> None:
    places = (FLASK, MONGO, replace(NGINX, name="one"), replace(NGINX, name="two"))
    assert cast(*places, roles={"nginx": "two"})["nginx"] == "two"


def test_the_user_decides_against_all_signs() -> None:
    decoy = Place("decoy", on=("public-net-1",))
    assert cast(NGINX, FLASK, MONGO, decoy, roles={"flask": "decoy"})["flask"] == "decoy"


def labelled(role: str, *places: Place, name: str = "mongo") -> Report:
    """Return the report on a build in which one container bears a label."""
    seen = evidence(NGINX, FLASK, MONGO, *places)
    host = seen.hosts["default"]
    containers = tuple(
        each.model_copy(update={"labels": {"grade.role": role}}) if each.name == name else each
        for each in host.snapshot.containers
    )
    snapshot = host.snapshot.model_copy(update={"containers": containers})
    changed = {"default": host.model_copy(update={"snapshot": snapshot})}
    return evaluate(RUBRIC, seen.model_copy(update={"hosts": changed}))


def test_a_label_decides() -> None:
    taken = labelled("mongo", replace(MONGO, name="other"), name="other").roles["mongo"]
    assert taken
    assert taken.container == "other"


def test_a_label_that_names_no_role_hides_nobody_and_is_told() -> None:
    found = labelled("mongodb")
    assert found.percent == 100
    assert found.notes == ("mongo is labelled grade.role=mongodb, which is no role: did you mean mongo?",)


def test_a_label_of_another_lesson_is_not_worth_a_word() -> None:
    found = labelled("server")
    assert (found.percent, found.notes) == (100, ())


@pytest.mark.parametrize("count", [2, 9])
def test_containers_like_the_right_one_elsewhere_do_not_matter(count: int) -> None:
    others = [replace(NGINX, name=f"site{number}", on=()) for number in range(count)]
    assert cast(NGINX, FLASK, MONGO, *others)["nginx"] == "nginx"


def test_the_reasons_are_told() -> None:
    because = report(NGINX, FLASK, MONGO).roles["mongo"]
    assert because is not None
    assert because.because[:2] == ("created from the image mongo:7", "listens on port 27017")


TWINS = """
version: 1
title: Twins
roles: {first: {image: alpine}, second: {image: alpine}}
checks: [{id: a, kind: reaches, from: first, to: second, protocol: icmp, points: 1}]
"""
CALLED = TWINS.replace("first: {image: alpine}", "first: {image: alpine, called: zoe}")


def cast_by(text: str, *names: str, images: str = "alpine") -> dict[str, str | None]:
    loaded = loads(text, "twins.yaml")
    places = tuple(Place(name, images, on=("a",)) for name in names)
    evidence = Sketch(nets=(Net("a"),), places=places).evidence(loaded.rubric.wants)
    found = evaluate(loaded, evidence).roles
    return {role: result.container if result else None for role, result in found.items()}


def test_containers_that_are_alike_play_roles_that_are_alike_in_the_order_of_names() -> None:
    assert cast_by(TWINS, "x", "b") == {"first": "b", "second": "x"}


def test_one_container_too_many_is_ambiguous_even_among_roles_that_are_alike() -> None:
    assert cast_by(TWINS, "a", "b", "c") == {"first": None, "second": None}


def test_one_alone_plays_one_of_the_roles_that_are_alike() -> None:
    assert sorted(map(str, cast_by(TWINS, "a").values())) == ["None", "a"]


def test_the_name_that_the_brief_gives_tells_roles_apart() -> None:
    assert cast_by(CALLED, "a", "zoe") == {"first": "zoe", "second": "a"}


def test_the_name_that_the_brief_gives_is_enough_but_no_demand() -> None:
    assert cast_by(CALLED, "a", "zoe", images="busybox") == {"first": "zoe", "second": None}
    assert cast_by(CALLED, "a", "b") == {"first": "a", "second": "b"}


def test_roles_that_differ_are_never_given_out_by_the_order_of_names() -> None:
    both = ("0.0.0.0:80", "0.0.0.0:9090")
    one, other = (Place(name, "x", listens=both) for name in ("one", "other"))
    found = cast(one, other, MONGO)
    assert (found["nginx"], found["flask"]) == (None, None)


ALIKE = """version: 1
title: T
roles: {one: {image: nginx}, two: {image: nginx}}
checks: [{id: a, kind: container, role: one, points: 1}, {id: b, kind: container, role: two, points: 1}]
"""


def replicas(*names: str, state: State = "running", decoy: str = "") -> dict[str, str | None]:
    """Return who plays two roles that are alike, among the replicas of one compose service.

    The last one of them is in some `state`; a decoy is of a service of its own that is called as one of the roles is.
    """
    loaded = loads(ALIKE, "r.yaml")
    places = tuple(Place(name, "nginx", ("a",), state=state if name == names[-1] else "running") for name in names)
    others = (Place(decoy, "busybox", ("a",)),) if decoy else ()
    evidence = Sketch(nets=(Net("a"),), places=places + others).evidence(loaded.rubric.wants)
    host = evidence.hosts["default"]
    containers = tuple(
        _of_a_service(each, each.name if each.name == decoy else "web") for each in host.snapshot.containers
    )
    snapshot = host.snapshot.model_copy(update={"containers": containers})
    changed = evidence.model_copy(update={"hosts": {"default": host.model_copy(update={"snapshot": snapshot})}})
    found = evaluate(loaded, changed).roles
    return {role: result.container if result else None for role, result in found.items()}


def _of_a_service(container: Container, service: str) -> Container:
    labels = {"com.docker.compose.project": "lab", "com.docker.compose.service": service}
    return container.model_copy(update={"labels": labels})


def test_replicas_fill_roles_that_are_alike_one_each() -> None:
    assert replicas("web-2", "web-1") == {"one": "web-1", "two": "web-2"}


@pytest.mark.parametrize("state", ["paused", "exited"])
def test_a_replica_at_rest_is_the_one_that_plays_the_other_role(state: State) -> None:
    assert replicas("web-1", "web-2", state=state) == {"one": "web-1", "two": "web-2"}


def test_a_stranger_with_a_fitting_name_takes_no_role_from_a_replica() -> None:
    assert replicas("web-1", "web-2", decoy="two") == {"one": "web-1", "two": "web-2"}


def test_more_replicas_than_roles_that_are_alike_are_ambiguous() -> None:
    assert replicas("web-1", "web-2", "web-3") == {"one": None, "two": None}
