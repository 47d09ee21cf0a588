"""Where an engine is met from outside, and which networks a container at rest has lost."""

from datetime import UTC, datetime

import pytest

from grader.judging.sandboxes import front_addresses, removed_networks
from grader.models.snapshot import Container, Endpoint, Engine, Network, Snapshot, State, Subnet, Swarm

ENGINE = Engine(
    id="", name="", version="", api_version="", os="linux", architecture="amd64", now=datetime(2026, 1, 1, tzinfo=UTC)
)


def bridge(name: str, *gateways: str, driver: str = "bridge") -> Network:
    pools = tuple(Subnet(subnet=f"{each}/24", gateway=each) for each in gateways)
    return Network(id=name, name=name, driver=driver, subnets=pools)


@pytest.mark.parametrize(
    ("networks", "front"),
    [
        ([bridge("a", "10.0.1.1"), bridge("bridge", "10.0.0.1")], ("10.0.0.1",)),
        ([bridge("a", "10.0.1.1", "fd00:1::1"), bridge("bridge", "10.0.0.1")], ("10.0.0.1", "fd00:1::1")),
        ([bridge("b", "10.0.2.1"), bridge("a", "10.0.1.1")], ("10.0.1.1",)),
        ([bridge("lan", "192.168.0.1", driver="macvlan")], ()),
        ([], ()),
    ],
    ids=["the default bridge's", "one of each family", "the first bridge's", "no router of the LAN", "none"],
)
def test_an_engine_is_met_at_its_bridges(networks: list[Network], front: tuple[str, ...]) -> None:
    assert front_addresses(Snapshot(engine=ENGINE, networks=tuple(networks))) == front


@pytest.mark.parametrize(
    ("pool", "gateway"),
    [("10.0.0.0/24", "10.0.0.1"), ("fd00::/64", "fd00::1"), ("10.0.0.6/31", "10.0.0.7"), ("10.0.0.6/32", "10.0.0.6")],
)
def test_a_pool_without_a_gateway_has_the_one_that_docker_would_choose(pool: str, gateway: str) -> None:
    network = Network(id="a", name="a", driver="bridge", subnets=(Subnet(subnet=pool),))
    assert front_addresses(Snapshot(engine=ENGINE, networks=(network,))) == (gateway,)


@pytest.mark.parametrize("pool", ["", "mongo"])
def test_what_is_no_subnet_has_no_gateway(pool: str) -> None:
    network = Network(id="a", name="a", driver="bridge", subnets=(Subnet(subnet=pool),))
    assert front_addresses(Snapshot(engine=ENGINE, networks=(network,))) == ()


@pytest.mark.parametrize(
    ("known", "state", "swarm", "lost"),
    [
        ("old", "exited", None, ("a",)),
        ("old", "created", None, ("a",)),
        ("new", "exited", None, ()),
        ("", "created", None, ()),
        ("old", "running", None, ()),
        ("old", "paused", None, ()),
        ("old", "exited", Swarm(state="active", node="n"), ()),
    ],
    ids=["made anew", "never started", "still there", "no id", "at work", "frozen", "not listed by a swarm's engine"],
)
def test_a_container_at_rest_has_lost_a_network_of_another_id(
    known: str, state: State, swarm: Swarm | None, lost: tuple[str, ...]
) -> None:
    container = Container(
        id="c",
        name="c",
        image="i",
        image_id="i",
        state=state,
        created_at=ENGINE.now,
        endpoints=(Endpoint(network="a", network_id=known),),
    )
    networks = (Network(id="new", name="a", driver="bridge"),)
    engine = ENGINE.model_copy(update={"swarm": swarm})
    assert removed_networks(container, Snapshot(engine=engine, networks=networks)) == lost


def test_of_two_networks_of_one_name_either_is_there() -> None:
    here = Endpoint(network="a", network_id="second")
    container = Container(
        id="c", name="c", image="i", image_id="i", state="exited", created_at=ENGINE.now, endpoints=(here,)
    )
    twins = (Network(id="first", name="a", driver="bridge"), Network(id="second", name="a", driver="bridge"))
    assert removed_networks(container, Snapshot(engine=ENGINE, networks=twins)) == ()
