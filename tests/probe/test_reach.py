"""How addresses on loopback behave; what takes rules and routes is in test_namespaces."""

from collections.abc import Sequence
from threading import Timer

import pytest

from grader.models.probe import Connect, Echo, Reached
from grader.probe.protocol import Timing
from tests.probe import servers
from tests.probe.asking import Probe

FAMILIES = ["127.0.0.1", "::1"]


def states(probe: Probe, *questions: Connect | Echo, timing: Timing | None = None) -> list[str]:
    return [answer.state for answer in probe.answers(*questions, timing=timing) if isinstance(answer, Reached)]


@pytest.mark.parametrize("address", FAMILIES)
def test_a_listening_port_is_open(probe: Probe, address: str) -> None:
    with servers.tcp(servers.idle, address) as port:
        assert states(probe, Connect(address=address, port=port)) == ["open"]


@pytest.mark.parametrize("address", FAMILIES)
def test_a_port_that_does_not_listen_is_refused(probe: Probe, address: str) -> None:
    with servers.closed_port(address) as port:
        assert states(probe, Connect(address=address, port=port)) == ["refused"]


def test_a_port_that_resets_at_once_did_accept(probe: Probe) -> None:
    with servers.tcp(lambda connection, _: servers.reset(connection)) as port:
        assert states(probe, *[Connect(address="127.0.0.1", port=port)] * 20) == ["open"] * 20


def test_silence_is_a_timeout(probe: Probe) -> None:
    with servers.full_port() as (port, _):
        assert states(probe, Connect(address="127.0.0.1", port=port)) == ["timeout"]


def test_a_lost_syn_is_sent_again_within_the_window(probe: Probe) -> None:
    with servers.full_port() as (port, make_room):
        opener = Timer(0.5, make_room)
        opener.start()
        question = Connect(address="127.0.0.1", port=port)
        assert states(probe, question, timing=Timing(window_ms=3000)) == ["open"]
        opener.join()


def test_an_address_that_nothing_leads_to_has_no_route(probe: Probe) -> None:
    assert states(probe, Connect(address="255.255.255.255", port=80)) == ["no-route"]


@pytest.mark.parametrize("address", ["nonsense", "1.2.3", "fe80::1", "fe80::1%nowhere", "1" * 300, "", "1.2.3.4,5"])
def test_what_is_no_address_is_not_observed(sanitized: Probe, address: str) -> None:
    questions = Connect(address=address, port=80), Echo(address=address)
    assert states(sanitized, *questions) == ["not-observed"] * 2


@pytest.mark.parametrize("port", [-1, 65536, 10**30])
def test_what_is_no_port_is_not_observed(sanitized: Probe, port: int) -> None:
    assert states(sanitized, Connect(address="127.0.0.1", port=port)) == ["not-observed"]


def test_questions_do_not_disturb_each_other(probe: Probe) -> None:
    with servers.tcp(servers.idle) as open_port, servers.closed_port() as closed, servers.full_port() as (full, _):
        ports = [open_port, closed, full] * 50
        expected = ["open", "refused", "timeout"] * 50
        assert states(probe, *(Connect(address="127.0.0.1", port=port) for port in ports)) == expected


def many(open_port: int, closed: int, count: int) -> Sequence[Connect]:
    return [Connect(address="127.0.0.1", port=(open_port, closed)[number % 2]) for number in range(count)]


@pytest.mark.parametrize("files", [20, 64, 1024])
def test_thousands_of_questions_share_a_few_files(probe: Probe, files: int) -> None:
    limited = probe.within("prlimit", f"--nofile={files}:{files}")
    with servers.tcp(lambda connection, _: connection.close()) as port, servers.closed_port() as closed:
        assert states(limited, *many(port, closed, 3000)) == ["open", "refused"] * 1500


def test_thousands_of_silent_addresses_cost_a_window_for_each_thousand(probe: Probe) -> None:
    with servers.full_port() as (port, _):
        silent = [Connect(address="127.0.0.1", port=port)] * 3000
        assert states(probe, *silent, timing=Timing(window_ms=100)) == ["timeout"] * 3000


def test_a_probe_without_sockets_observes_nothing(probe: Probe) -> None:
    # Three for stdin, stdout and stderr, and none that a socket could have.
    done = probe.within("prlimit", "--nofile=3:3").run("window=50", "tcp,127.0.0.1,1")
    assert b"answer 0 not-observed" in done.stdout
    assert b"unread listeners" in done.stdout
