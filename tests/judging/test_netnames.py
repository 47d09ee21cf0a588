"""Which network stands in for one that the rubric names."""

import pytest

from grader.judging.netnames import crowd, match, match_all
from grader.models.snapshot import Listed, Network, State


def nets(*names: str) -> list[Network]:
    return [Network(id=str(number), name=name, driver="bridge") for number, name in enumerate(names)]


def test_the_right_name_wins_over_every_slip() -> None:
    found = match("public-net-1", nets("lab_public-net-1", "Public-Net-1", "public-net-1"), ())
    assert found.network is not None
    assert (found.network.name, found.slip, found.twins) == ("public-net-1", None, 0)


@pytest.mark.parametrize(
    ("name", "slip"),
    [
        ("lab_public-net-1", "has a prefix"),
        ("my-lab_public-net-1", "has a prefix"),
        ("PUBLIC-net-1", "differs in upper and lower case"),
        ("public_net_1", "is punctuated differently"),
        ("publicnet1", "is punctuated differently"),
        ("publc-net-1", "has one letter wrong"),
        ("publiic-net-1", "has one letter wrong"),
        ("pulbic-net-1", "has one letter wrong"),
        ("public-net-7", "has one letter wrong"),
    ],
)
def test_a_slip_stands_in_and_says_how_it_is_wrong(name: str, slip: str) -> None:
    found = match("public-net-1", nets("bridge", name, "unrelated"), ())
    assert found.network is not None
    assert (found.network.name, found.slip) == (name, slip)


@pytest.mark.parametrize(
    ("busy", "stands"),
    [
        ({}, "front"),
        ({"lab_front": 1}, "lab_front"),
        ({"lab_front": 1, "front": 1}, "front"),
        ({"lab_front": 1, "back": 1}, "front"),
        ({"lab_front": 1, "other": 1}, "lab_front"),
    ],
    ids=["none", "near", "both", "another", "stranger"],
)
def test_a_near_one_in_use_stands_in_where_nobody_is_on_any_of_the_right_name(
    busy: dict[str, int], stands: str
) -> None:
    found = match_all({"front", "back"}, nets("front", "lab_front", "back", "other"), busy)["front"]
    assert found.network is not None
    assert (found.network.name, found.spare) == (stands, stands != "front")


@pytest.mark.parametrize("name", ["private-net-1", "public", "public-net", "pubic-net-2", "net-1", "bridge"])
def test_another_name_does_not_stand_in(name: str) -> None:
    assert match("public-net-1", nets(name), ()).network is None


def test_a_network_that_the_rubric_names_elsewhere_never_stands_in() -> None:
    assert match("net-a", nets("net-b"), {"net-b"}).network is None


def test_predefined_networks_never_stand_in() -> None:
    assert match("bridges", nets("bridge"), ()).network is None


def test_two_networks_of_one_name_are_counted() -> None:
    assert match("a", nets("a", "a", "a"), ()).twins == 2


def test_the_order_of_the_engine_does_not_matter() -> None:
    names = ["lab_front", "front2", "FRONT"]
    found = {match("front", nets(*order), ()).network.name for order in (names, names[::-1])}  # type: ignore[union-attr]  # one is found
    assert found == {"FRONT"}


def listed(state: State, *networks: str) -> Listed:
    return Listed(id="0" * 64, name="x", image="x", state=state, created_at=0, networks=networks)


def test_of_equal_slips_the_network_in_use_stands_in() -> None:
    busy = crowd([listed("running", "lab_front"), *[listed("exited", "app_front")] * 3])
    assert match("front", nets("app_front", "lab_front"), (), busy).network == nets("app_front", "lab_front")[1]
    assert match("front", nets("app_front", "Front", "lab_front"), (), busy).slip == "differs in upper and lower case"


def test_where_nothing_runs_the_network_of_most_stands_in() -> None:
    busy = crowd([listed("exited", "zoo_front", "bridge"), listed("created", "zoo_front"), listed("dead", "app_front")])
    assert match("front", nets("app_front", "zoo_front"), (), busy).network == nets("app_front", "zoo_front")[1]
