"""How an engine files ports, one by one or a range at once: none of it may cost anybody the grade."""

import pytest

from grader.host import portkeys
from grader.models.snapshot import Binding, Port


@pytest.mark.parametrize(
    ("key", "ports"),
    [
        ("80/tcp", [(80, "tcp")]),
        ("80", [(80, "tcp")]),
        ("53/UDP", [(53, "udp")]),
        ("8000-8002/tcp", [(8000, "tcp"), (8001, "tcp"), (8002, "tcp")]),
        ("65535-99999999/tcp", [(65535, "tcp")]),
        ("8010-8000/tcp", []),
        ("http/tcp", []),
        ("80/dccp", []),
        ("", []),
    ],
)
def test_a_key_stands_for_its_ports(key: str, ports: list[tuple[int, str]]) -> None:
    assert [(port.number, port.protocol) for port in portkeys.exposed({key: {}})] == ports


def test_exposed_ports_are_in_order_and_named_once() -> None:
    assert portkeys.exposed({"90/tcp": {}, "80-81/tcp": {}, "81/tcp": {}, "80/udp": {}}) == (
        Port(number=80),
        Port(number=80, protocol="udp"),
        Port(number=81),
        Port(number=90),
    )
    assert portkeys.exposed(None) == ()


def test_a_binding_tells_its_place() -> None:
    raw = {"80/tcp": [{"HostIp": "::", "HostPort": "8080"}, {"HostIp": "", "HostPort": "0"}], "443/tcp": None}
    assert portkeys.bindings(raw) == (Binding(port=80, host_ip="::", host_port=8080), Binding(port=80))


def test_a_range_of_bindings_promises_no_port_of_the_host() -> None:
    raw = {"8000-8001/tcp": [{"HostIp": "", "HostPort": "9000-9001"}], "x/tcp": [{"HostPort": "1"}]}
    assert portkeys.bindings(raw) == (Binding(port=8000), Binding(port=8001))
