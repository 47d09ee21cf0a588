"""The probe behind real routes, firewalls and slow links."""

from collections.abc import Iterator

import pytest

from grader.models.probe import Connect, Echo, Interface, Listener, Reached, Route
from grader.probe.protocol import Timing
from tests.probe import namespaces, servers
from tests.probe.asking import Probe
from tests.probe.namespaces import FAR4, FAR6, Wire

pytestmark = pytest.mark.live

_FORGET = """
iptables -F
ip6tables -F
cd /proc/sys/net
echo 0 2147483647 > ipv4/ping_group_range
echo 0 > ipv4/icmp_ratelimit  # the kernel reports few failures a second otherwise, and none to those who come late
echo 0 > ipv6/icmp/ratelimit
"""
FAR = pytest.mark.parametrize("far", [FAR4, FAR6])


@pytest.fixture(scope="module")
def both_ends() -> Iterator[Wire]:
    """Make the namespaces once for this module."""
    with namespaces.wire() as wire:
        yield wire


@pytest.fixture
def wire(both_ends: Wire) -> Wire:
    """Return the wire as it was: without rules, and with echoes for every group."""
    for end in (both_ends.near, both_ends.far):
        end.sh(_FORGET)
    return both_ends


@pytest.fixture
def inside(probe: Probe, wire: Wire) -> Probe:
    """Return the probe in the near namespace."""
    return probe.within(*wire.near.enter)


def states(probe: Probe, *questions: Connect | Echo, timing: Timing | None = None) -> list[str]:
    return [answer.state for answer in probe.answers(*questions, timing=timing) if isinstance(answer, Reached)]


def tables(address: str) -> str:
    return "ip6tables" if ":" in address else "iptables"


@FAR
def test_an_address_on_the_link(inside: Probe, far: str) -> None:
    questions = Connect(address=far, port=80), Connect(address=far, port=81), Echo(address=far)
    assert states(inside, *questions) == ["open", "refused", "open"]


@FAR
def test_a_dropped_packet_is_a_timeout(inside: Probe, wire: Wire, far: str) -> None:
    wire.far.sh(f"{tables(far)} -A INPUT -p tcp --dport 80 -j DROP")
    assert states(inside, Connect(address=far, port=80), Echo(address=far)) == ["timeout", "open"]


@FAR
def test_a_dropped_echo_is_a_timeout(inside: Probe, wire: Wire, far: str) -> None:
    kind = "icmpv6 --icmpv6-type echo-request" if ":" in far else "icmp"
    wire.far.sh(f"{tables(far)} -A INPUT -p {kind} -j DROP")
    assert states(inside, Connect(address=far, port=80), Echo(address=far)) == ["open", "timeout"]


@pytest.mark.parametrize(
    ("far", "how"),
    [
        (FAR4, "icmp-port-unreachable"),
        (FAR4, "icmp-net-unreachable"),
        (FAR4, "icmp-host-prohibited"),
        (FAR4, "icmp-admin-prohibited"),
        (FAR6, "icmp6-port-unreachable"),
        (FAR6, "icmp6-no-route"),
        (FAR6, "icmp6-adm-prohibited"),
    ],
)
def test_a_refusal_by_icmp_is_no_route(inside: Probe, wire: Wire, far: str, how: str) -> None:
    wire.far.sh(f"{tables(far)} -A INPUT -p tcp -j REJECT --reject-with {how}")
    wire.far.sh(f"{tables(far)} -A INPUT -p {'icmpv6 --icmpv6-type echo-request' if ':' in far else 'icmp'} -j REJECT")
    questions: list[Connect | Echo] = [Connect(address=far, port=80), Connect(address=far, port=81), Echo(address=far)]
    assert states(inside, *questions * 20) == ["no-route"] * 60


@FAR
def test_a_refusal_by_icmp_on_the_way_out_is_no_route(inside: Probe, wire: Wire, far: str) -> None:
    # The error comes while connect() still holds the socket: then only the error queue wakes the probe.
    wire.near.sh(f"{tables(far)} -A OUTPUT -p tcp --dport 80 -j REJECT")
    assert states(inside, *[Connect(address=far, port=80)] * 20) == ["no-route"] * 20


@FAR
def test_a_refusal_by_reset_is_refused(inside: Probe, wire: Wire, far: str) -> None:
    wire.far.sh(f"{tables(far)} -A INPUT -p tcp -j REJECT --reject-with tcp-reset")
    assert states(inside, *[Connect(address=far, port=80)] * 20) == ["refused"] * 20


@pytest.mark.parametrize("kind", ["unreachable", "blackhole", "prohibit"])
def test_a_route_that_leads_nowhere_is_no_route(inside: Probe, wire: Wire, kind: str) -> None:
    wire.near.sh(f"ip route add {kind} 10.97.0.0/24")
    questions = Connect(address="10.97.0.1", port=80), Echo(address="10.97.0.1")
    answers = states(inside, *questions)
    wire.near.sh(f"ip route del {kind} 10.97.0.0/24")
    assert answers == ["no-route"] * 2


@pytest.mark.parametrize("address", ["11.1.1.1", "2001:db8::1"])
def test_an_address_without_a_route_is_no_route(inside: Probe, address: str) -> None:
    assert states(inside, Connect(address=address, port=80), Echo(address=address)) == ["no-route"] * 2


def test_a_sandbox_without_interfaces_reaches_nothing(probe: Probe) -> None:
    nowhere = probe.within("unshare", "--net")
    questions = [Connect(address=address, port=80) for address in ("127.0.0.1", "::1", FAR4, FAR6)]
    assert states(nowhere, *questions) == ["no-route"] * 4
    assert nowhere.sandbox().interfaces == ()


def test_a_neighbour_that_does_not_exist_is_a_timeout(inside: Probe) -> None:
    assert states(inside, Connect(address="10.99.0.77", port=80), Echo(address="10.99.0.77")) == ["timeout"] * 2


def test_an_address_of_the_link_is_asked_by_its_link(inside: Probe, wire: Wire) -> None:
    wire.far.sh("ip addr replace fe80::99/64 dev far0 nodad")
    assert states(inside, Connect(address="fe80::99%near0", port=80)) == ["open"]


def test_echoes_that_the_engine_forbids_are_not_observed(inside: Probe, wire: Wire) -> None:
    wire.near.sh("echo 1 0 > /proc/sys/net/ipv4/ping_group_range")
    assert states(inside, Echo(address=FAR4), Echo(address=FAR6)) == ["not-observed"] * 2


def test_a_reply_to_another_echo_is_no_reply(inside: Probe, wire: Wire) -> None:
    with wire.near.python(namespaces.PEERS):
        assert states(inside, Echo(address="10.98.0.1"), Echo(address="10.98.0.2")) == ["timeout", "open"]


def test_a_late_answer_to_the_first_packet_counts(inside: Probe, wire: Wire) -> None:
    with wire.near.python(namespaces.PEERS, "1:1200"):
        question = Connect(address="10.98.0.1", port=80)
        assert states(inside, question, timing=Timing(window_ms=2000)) == ["open"]


def test_silence_lasts_longer_where_answers_are_slow(inside: Probe, wire: Wire) -> None:
    with wire.near.python(namespaces.PEERS, "1:200", "2:900"):
        slow, slower = Connect(address="10.98.0.1", port=80), Connect(address="10.98.0.2", port=80)
        assert states(inside, slow, slower) == ["open", "open"]


def test_a_port_that_connects_to_itself_does_not_listen(inside: Probe, wire: Wire) -> None:
    wire.near.sh("echo 40000 40000 > /proc/sys/net/ipv4/ip_local_port_range")
    answers = states(inside, Connect(address="10.99.0.1", port=40000))
    wire.near.sh("echo 32768 60999 > /proc/sys/net/ipv4/ip_local_port_range")
    assert answers == ["refused"]


def test_ports_that_are_used_up_are_not_observed(inside: Probe, wire: Wire) -> None:
    wire.near.sh("echo 41000 41000 > /proc/sys/net/ipv4/ip_local_port_range")
    questions = [Connect(address=FAR4, port=80)] * 2
    answers = states(inside, *questions)
    wire.near.sh("echo 32768 60999 > /proc/sys/net/ipv4/ip_local_port_range")
    assert set(answers) == {"open", "not-observed"}


def test_the_facts_of_a_namespace(inside: Probe, wire: Wire) -> None:
    wire.near.sh("ip route replace default via 10.99.0.2; ip -6 route replace default via fd99::2")
    wire.near.sh("ip rule add table 7; ip route replace 10.1.0.0/16 dev near0 table 7")
    with wire.near.python(namespaces.LISTEN, "7000"):
        sandbox = inside.sandbox()
    wire.near.sh("ip route del default; ip -6 route del default; ip rule del table 7; ip route flush table 7")
    assert {
        Interface(name="lo", address="127.0.0.1", prefix=8),
        Interface(name="lo", address="::1", prefix=128),
        Interface(name="near0", address="10.99.0.1", prefix=24),
        Interface(name="near0", address="fd99::1", prefix=64),
    } <= set(sandbox.interfaces)
    assert [route for route in sandbox.routes if not route.destination.startswith("fe80:")] == [
        Route(interface="near0", destination="0.0.0.0/0", gateway="10.99.0.2"),
        Route(interface="near0", destination="10.99.0.0/24", gateway=None),
        Route(interface="near0", destination="fd99::/64", gateway=None),
        Route(interface="near0", destination="::/0", gateway="fd99::2"),
    ]
    assert sandbox.listeners == (Listener(address="::", port=7000),)


def test_a_route_may_have_several_gateways(inside: Probe, wire: Wire) -> None:
    wire.near.sh("ip route add 10.5.0.0/16 nexthop via 10.99.0.2 nexthop via 10.99.0.3")
    routes = inside.sandbox().routes
    wire.near.sh("ip route del 10.5.0.0/16")
    assert {route.gateway for route in routes if route.destination == "10.5.0.0/16"} == {"10.99.0.2", "10.99.0.3"}


def test_an_odd_interface_name_breaks_nothing(inside: Probe, wire: Wire) -> None:
    wire.near.sh('ip link add "$(printf "e\\033\\377")" type veth peer name odd0')
    wire.near.sh('ip addr add 10.96.0.1/24 dev "$(printf "e\\033\\377")"')
    names = {interface.name for interface in inside.sandbox().interfaces}
    wire.near.sh('ip link del "$(printf "e\\033\\377")"')
    assert "e\\x1b\\xff" in names


def test_thousands_of_addresses_are_bounded(sanitized: Probe, wire: Wire) -> None:
    batch = "".join(f"addr add 10.{100 + number // 250}.{number % 250}.1/32 dev lo\n" for number in range(1500))
    routes = "".join(f"route add 10.{150 + number // 250}.{number % 250}.0/24 dev near0\n" for number in range(1500))
    path = sanitized.file("batch", (batch + routes).encode())
    wire.near.sh(f"ip -batch {path}")
    sandbox = sanitized.within(*wire.near.enter).sandbox()
    wire.near.sh(f"sed 's/ add / del /' {path} | ip -batch -")
    assert (len(sandbox.interfaces), len(sandbox.routes) >= 1024) == (1024, True)


def test_the_first_process_of_a_container_ends_itself(probe: Probe) -> None:
    # A pid namespace's first process ignores signals that it does not handle: an alarm alone would do nothing.
    with servers.tcp(servers.idle) as port:
        silent = f"exchange,127.0.0.1,{port},10,"
        done = probe.within("unshare", "--pid", "--fork", "--kill-child").run("life=500", "exchange=60000", silent)
    assert done.returncode == 1
    assert b"end 1" not in done.stdout
