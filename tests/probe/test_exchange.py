"""One request, one bounded response: whatever a server does, it ends."""

import socket
from threading import Event

import pytest

from grader.models.probe import Exchange, Exchanged, Lookup
from grader.probe.protocol import Timing
from tests.probe import servers
from tests.probe.asking import Probe

REQUEST = b"GET / HTTP/1.0\r\nHost: web\r\n\r\n"
PAGE = b"HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\nhello"
SOON = Timing(window_ms=200, exchange_ms=600)


@pytest.fixture(params=["shipped", "sanitized"])
def either(request: pytest.FixtureRequest) -> Probe:
    """Return both probes in turn: servers are hostile."""
    chosen = request.getfixturevalue("probe" if request.param == "shipped" else "sanitized")
    assert isinstance(chosen, Probe)
    return chosen


def exchange(
    probe: Probe, handler: servers.Handler, request: bytes = REQUEST, limit: int = 4096, timing: Timing = SOON
) -> Exchanged:
    with servers.tcp(handler) as port:
        question = Exchange(address="127.0.0.1", port=port, request=request.hex(), limit=limit)
        (answer,) = probe.answers(question, timing=timing)
    assert isinstance(answer, Exchanged)
    return answer


def test_a_page_is_fetched(either: Probe) -> None:
    heard: list[bytes] = []

    def serve(connection: socket.socket, _: Event) -> None:
        heard.append(connection.recv(4096))
        connection.sendall(PAGE)

    patient = Timing(exchange_ms=20_000)
    expected = Exchanged(state="open", ending="eof", response=PAGE.hex())
    assert exchange(either, serve, timing=patient) == expected
    assert heard == [REQUEST]


def test_a_server_may_speak_first(either: Probe) -> None:
    def serve(connection: socket.socket, _: Event) -> None:
        connection.sendall(b"220 ready\r\n")

    expected = Exchanged(state="open", ending="eof", response=b"220 ready\r\n".hex())
    assert exchange(either, serve, request=b"", timing=Timing(exchange_ms=20_000)) == expected


def test_garbage_without_end_stops_at_the_limit(either: Probe) -> None:
    def serve(connection: socket.socket, over: Event) -> None:
        while not over.is_set():
            connection.sendall(b"\0\xff" * 32768)

    answer = exchange(either, serve, limit=1001, timing=Timing(exchange_ms=20_000))
    assert (answer.ending, answer.response) == ("limit", (b"\0\xff" * 501)[:1001].hex())


def test_a_drip_stops_at_the_deadline(either: Probe) -> None:
    def serve(connection: socket.socket, over: Event) -> None:
        while not over.wait(0.02):
            connection.sendall(b".")

    answer = exchange(either, serve)
    assert answer.ending == "deadline"
    assert set(bytes.fromhex(answer.response)) == set(b".")


def test_a_slow_response_may_take_longer_than_the_window(either: Probe) -> None:
    def serve(connection: socket.socket, over: Event) -> None:
        over.wait(0.5)
        connection.sendall(PAGE)

    answer = exchange(either, serve, request=b"", timing=Timing(window_ms=50, exchange_ms=20_000))
    assert answer == Exchanged(state="open", ending="eof", response=PAGE.hex())


def test_silence_stops_at_the_deadline(either: Probe) -> None:
    assert exchange(either, servers.idle) == Exchanged(state="open", ending="deadline", response="")


def test_a_server_that_never_reads_stops_at_the_deadline(either: Probe) -> None:
    def serve(connection: socket.socket, over: Event) -> None:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1024)
        over.wait()

    assert exchange(either, serve, request=b"x" * 60_000).ending == "deadline"


def test_a_reset_midway_keeps_what_was_said(either: Probe) -> None:
    def serve(connection: socket.socket, _: Event) -> None:
        connection.recv(4096)
        connection.sendall(b"half")
        servers.reset(connection)

    answer = exchange(either, serve, timing=Timing(exchange_ms=20_000))
    assert (answer.state, answer.ending, answer.response) == ("open", "reset", b"half".hex())


def test_a_reset_at_once_is_an_open_port(either: Probe) -> None:
    answer = exchange(either, lambda connection, _: servers.reset(connection), timing=Timing(exchange_ms=20_000))
    assert (answer.state, answer.ending, answer.response) == ("open", "reset", "")


def test_an_end_at_once_is_an_empty_response(either: Probe) -> None:
    answer = exchange(either, lambda connection, _: connection.close(), request=b"")
    assert (answer.state, answer.ending, answer.response) == ("open", "eof", "")


def test_a_closed_port_has_no_response(either: Probe) -> None:
    with servers.closed_port() as port:
        question = Exchange(address="127.0.0.1", port=port, request="")
        assert either.answers(question) == [Exchanged(state="refused")]


def test_a_port_that_drops_has_no_response(either: Probe) -> None:
    with servers.full_port() as (port, _):
        question = Exchange(address="127.0.0.1", port=port, request="")
        assert either.answers(question) == [Exchanged(state="timeout")]


@pytest.mark.parametrize(
    ("request_hex", "limit"), [("abc", 10), ("zz", 10), ("0x", 10), ("+1", 10), ("", 0), ("", 1 << 21)]
)
def test_a_request_that_makes_no_sense_is_not_observed(either: Probe, request_hex: str, limit: int) -> None:
    question = Exchange(address="127.0.0.1", port=1, request=request_hex, limit=limit)
    assert either.answers(question) == [Exchanged(state="not-observed")]


def test_hundreds_of_exchanges_end_together(either: Probe) -> None:
    def serve(connection: socket.socket, _: Event) -> None:
        connection.sendall(b"x" * 100)

    with servers.tcp(serve) as port:
        question = Exchange(address="127.0.0.1", port=port, request="", limit=50)
        answers = either.answers(*[question] * 300, timing=Timing(window_ms=3000, exchange_ms=20_000))
    assert answers == [Exchanged(state="open", ending="limit", response="78" * 50)] * 300


def test_an_exchange_delays_no_other_answer_line(either: Probe) -> None:
    with servers.tcp(servers.idle) as port, servers.dns(servers.answering("10.1.1.1")) as nameserver:
        resolv = either.file("resolv", b"nameserver 127.0.0.1\n")
        silent = Exchange(address="127.0.0.1", port=port, request="")
        options = [f"resolv={resolv}", f"resolver-port={nameserver}"]
        first, second = either.answers(silent, Lookup(name="web"), options=options, timing=SOON)
    assert first == Exchanged(state="open", ending="deadline")
    assert second.ask == "dns"
