"""Subnets and addresses as engines write them, and as learners do."""

from datetime import UTC, datetime, timedelta

import pytest

from grader.judging import pools, sandboxes
from grader.models.probe import Interface, Route, Sandbox
from grader.models.snapshot import Container, Network, State, Subnet

_NOW = datetime(2026, 1, 1, tzinfo=UTC)


def _network(subnet: str, gateway: str | None = None, *, name: str = "n", **more: bool | str) -> Network:
    wanted = {"id": name, "name": name, "driver": "bridge", "subnets": (Subnet(subnet=subnet, gateway=gateway),)}
    return Network.model_validate(wanted | more)


@pytest.mark.parametrize(
    ("written", "wanted", "same"),
    [
        ("10.0.0.0/24", "10.0.0.0/24", True),
        ("10.0.0.7/24", "10.0.0.0/24", True),  # engine 20.10 keeps the host bits
        ("10.0.0.0/16", "10.0.0.0/24", False),
        ("FD00:0:0::/64", "fd00::/64", True),
        ("nonsense", "10.0.0.0/24", False),
        ("", "10.0.0.0/24", False),
    ],
)
def test_a_subnet_is_the_same_however_it_is_written(written: str, wanted: str, *, same: bool) -> None:
    assert pools.has_pool(_network(written), wanted) == same


@pytest.mark.parametrize(
    ("taken", "wanted", "clash"),
    [
        ("10.0.0.0/16", "10.0.7.0/24", "10.0.0.0/16"),
        ("10.0.7.128/25", "10.0.7.0/24", "10.0.7.128/25"),
        ("10.1.0.0/16", "10.0.7.0/24", None),
        ("fd00::/64", "10.0.7.0/24", None),
        ("nonsense", "10.0.7.0/24", None),
        ("10.0.7.0/24", "nonsense", None),
    ],
)
def test_overlapping_subnets_are_told(taken: str, wanted: str, clash: str | None) -> None:
    assert pools.overlap(_network(taken), wanted) == clash


def test_the_addresses_of_a_swarm_are_no_matter_of_the_engine() -> None:
    assert pools.overlap(_network("10.0.0.0/16", scope="swarm"), "10.0.0.0/24") is None


@pytest.mark.parametrize(
    ("subnet", "given", "gateways"),
    [
        ("10.0.0.0/24", "10.0.0.254", ["10.0.0.254"]),
        ("10.0.0.0/24", None, ["10.0.0.1"]),
        ("10.0.0.7/32", None, []),
        ("nonsense", None, []),
    ],
)
def test_a_gateway_that_nobody_chose_is_the_first_address(subnet: str, given: str | None, gateways: list[str]) -> None:
    assert pools.gateways(_network(subnet, given)) == gateways


def test_a_default_route_into_an_internal_network_counts_as_none() -> None:
    inside = Sandbox(
        interfaces=(Interface(name="eth0", address="10.0.0.2", prefix=24),),
        routes=(Route(interface="eth0", destination="0.0.0.0/0", gateway="10.0.0.1"),),
    )
    assert pools.default_networks(inside, [_network("10.0.0.0/24")]) == ["n"]
    assert pools.default_networks(inside, [_network("10.0.0.0/24", internal=True)]) == []


def test_a_default_route_without_a_gateway_leads_where_its_interface_is() -> None:
    inside = Sandbox(
        interfaces=(
            Interface(name="eth0", address="10.0.0.2", prefix=24),
            Interface(name="eth1", address="10.0.1.2", prefix=24),
        ),
        routes=(Route(interface="eth1", destination="0.0.0.0/0", gateway=None),),
    )
    both = [_network("10.0.0.0/24", name="a"), _network("10.0.1.0/24", name="b")]
    assert pools.default_networks(inside, both) == ["b"]


@pytest.mark.parametrize(
    ("state", "started", "kept"),
    [
        ("running", -5, True),
        ("running", 0, True),
        ("paused", -5, True),
        ("running", 5, False),  # it has a new sandbox; the guest sits in the old one
        ("exited", -5, False),
        ("restarting", -5, False),
    ],
)
def test_a_sandbox_ends_when_its_owner_stops(state: State, started: int, *, kept: bool) -> None:
    owner = _container("owner", state, _NOW + timedelta(seconds=started))
    guest = _container("guest", "running", _NOW, "container:owner")
    assert sandboxes.owner_of(guest, [owner, guest]) == (owner if kept else None)
    assert sandboxes.source_of(guest, [owner, guest]) == (owner if kept else guest).id


def test_a_guest_that_does_not_run_belongs_where_it_was_put() -> None:
    owner = _container("owner", "exited", _NOW)
    guest = _container("guest", "exited", _NOW, "container:owner")
    assert sandboxes.owner_of(guest, [owner, guest]) == owner


def _container(name: str, state: State, started: datetime, mode: str = "default") -> Container:
    return Container(
        id=name,
        name=name,
        image="busybox",
        image_id="sha256:0",
        state=state,
        created_at=_NOW - timedelta(hours=1),
        started_at=started,
        network_mode=mode,
    )
