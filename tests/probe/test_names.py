"""DNS: what a nameserver may answer, and what a hostile one may try."""

import random
import socket
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from threading import Event

import pytest

from grader.models.probe import Found, Lookup
from grader.probe.protocol import Timing
from tests.probe import servers
from tests.probe.asking import Probe
from tests.probe.servers import AAAA, CNAME, A, answering, reply

QUICK = Timing(window_ms=150)
PATIENT = Timing(window_ms=10_000)


def silent(_: bytes) -> list[bytes]:
    return []


def coded(code: int) -> servers.Responder:
    return lambda query: [reply(query, code=code)]


def found(probe: Probe, *responders: servers.Responder, timing: Timing = PATIENT, name: str = "web") -> Found:
    with servers.dns(*responders) as port:
        (answer,) = probe.look_up(port, name, nameservers=len(responders), timing=timing)
    assert isinstance(answer, Found)
    return answer


def both(state: str, *addresses: str) -> Found:
    return Found.model_validate({"ipv4": state, "ipv6": state, "addresses": addresses})


def test_a_name_may_have_addresses_of_both_families(probe: Probe) -> None:
    expected = both("answered", "10.1.1.1", "10.1.1.2", "fd00::1")
    assert found(probe, answering("fd00::1", "10.1.1.1", "10.1.1.2")) == expected


def test_a_name_may_be_known_without_addresses(probe: Probe) -> None:
    assert found(probe, answering()) == both("answered")


@pytest.mark.parametrize(("code", "state"), [(3, "nxdomain"), (2, "servfail"), (1, "servfail"), (5, "servfail")])
def test_response_codes(probe: Probe, code: int, state: str) -> None:
    assert found(probe, coded(code)) == both(state)


def test_a_failing_aaaa_does_not_hide_the_address(probe: Probe) -> None:
    def respond(query: bytes) -> Sequence[bytes]:
        return answering("10.1.1.1")(query) if servers.asked_type(query) == A else coded(2)(query)

    assert found(probe, respond) == Found(ipv4="answered", ipv6="servfail", addresses=("10.1.1.1",))


def test_an_aaaa_that_never_comes_does_not_hide_the_address(probe: Probe) -> None:
    def respond(query: bytes) -> Sequence[bytes]:
        return answering("10.1.1.1")(query) if servers.asked_type(query) == A else []

    expected = Found(ipv4="answered", ipv6="no-answer", addresses=("10.1.1.1",))
    assert found(probe, respond, timing=QUICK) == expected


def test_silence_is_no_answer(probe: Probe) -> None:
    assert found(probe, silent, timing=QUICK) == both("no-answer")


def test_a_query_that_got_lost_is_sent_again(probe: Probe) -> None:
    seen: list[bytes] = []

    def respond(query: bytes) -> Sequence[bytes]:
        seen.append(query)
        return answering("10.1.1.1")(query) if seen.count(query) > 1 else []

    assert found(probe, respond, timing=Timing(window_ms=2000)) == both("answered", "10.1.1.1")


def test_the_second_nameserver_is_asked_when_the_first_is_silent(probe: Probe) -> None:
    answer = found(probe, silent, answering("10.1.1.1"), timing=Timing(window_ms=2000))
    assert answer == both("answered", "10.1.1.1")


def test_the_first_nameserver_is_believed(probe: Probe) -> None:
    assert found(probe, coded(3), answering("10.1.1.1")) == both("nxdomain")


def test_a_nameserver_that_is_not_there_is_no_answer(probe: Probe) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
        taken.bind(("127.0.0.9", 0))
        assert probe.look_up(taken.getsockname()[1], "web", timing=QUICK) == [both("no-answer")]


def test_without_a_nameserver_there_is_no_answer(sanitized: Probe) -> None:
    assert sanitized.answers(Lookup(name="web")) == [both("no-answer")]


def test_a_resolver_file_that_cannot_be_read_is_our_failure(sanitized: Probe, tmp_path: Path) -> None:
    done = sanitized.run("dns,web", f"resolv={tmp_path}")  # a folder opens, and then does not read
    assert b"unread resolv.conf\n" in done.stdout
    assert b"answer 0 not-observed not-observed\n" in done.stdout


def test_aliases_are_followed_by_type(probe: Probe) -> None:
    alias = servers.record(CNAME, b"\x03box\x03lab\x00")
    address = servers.record(A, socket.inet_aton("10.1.1.1"), owner=b"\x03box\x03lab\x00")

    def respond(query: bytes) -> Sequence[bytes]:
        return [reply(query, alias, address) if servers.asked_type(query) == A else reply(query, alias)]

    assert found(probe, respond) == both("answered", "10.1.1.1")


def test_names_compare_without_case(probe: Probe) -> None:
    def respond(query: bytes) -> Sequence[bytes]:
        return [reply(query[:12] + query[12:-4].upper() + query[-4:])]

    assert found(probe, respond, name="flask-app.lab") == both("answered")


@pytest.mark.parametrize("name", ["flask-app", "a.b.c", "web.", "münchen", "with_underscore", "x" * 63, "with space"])
def test_names_arrive_as_they_are(sanitized: Probe, name: str) -> None:
    heard: set[str] = set()

    def respond(query: bytes) -> Sequence[bytes]:
        heard.add(servers.asked_name(query))
        return [reply(query)]

    assert found(sanitized, respond, name=name) == both("answered")
    assert heard == {name.removesuffix(".")}


@pytest.mark.parametrize("name", ["", ".", "a..b", ".a", "x" * 64, "x." * 127 + "x", "a\0b", "a\nb", "\ud800"])
def test_what_is_no_name_is_not_observed(sanitized: Probe, name: str) -> None:
    assert sanitized.look_up(1, name) == [both("not-observed")]


def with_another_id(query: bytes) -> bytes:
    return bytes([query[0] ^ 1]) + reply(query)[1:]


def with_another_name(query: bytes) -> bytes:
    return reply(query).replace(b"\x03web", b"\x03wob")


def with_another_type(query: bytes) -> bytes:
    return reply(query[:-4] + b"\x00\x10\x00\x01")


def as_a_query(query: bytes) -> bytes:
    return reply(query, flags=0x0100)


def without_question(query: bytes) -> bytes:
    return query[:2] + b"\x81\x80" + bytes(8)


@pytest.mark.parametrize(
    "forge",
    [with_another_id, with_another_name, with_another_type, as_a_query, without_question, lambda _: b"\xff" * 40],
)
def test_a_reply_to_something_else_is_no_answer(sanitized: Probe, forge: Callable[[bytes], bytes]) -> None:
    assert found(sanitized, lambda query: [forge(query)], timing=QUICK) == both("no-answer")


def test_a_reply_from_somewhere_else_is_no_answer(probe: Probe) -> None:
    with (
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asked,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other,
        ThreadPoolExecutor() as pool,
    ):
        asked.bind(("127.0.0.1", 0))
        running = pool.submit(probe.look_up, asked.getsockname()[1], "web", timing=QUICK)
        for _ in range(2):
            query, sender = asked.recvfrom(4096)
            other.sendto(reply(query), sender)
        assert running.result() == [both("no-answer")]


def test_the_right_reply_counts_after_forged_ones(sanitized: Probe) -> None:
    def respond(query: bytes) -> Sequence[bytes]:
        return [with_another_id(query), with_another_name(query), *answering("10.1.1.1")(query)]

    assert found(sanitized, respond) == both("answered", "10.1.1.1")


GOOD = servers.address_record("10.1.1.1")
LOOP = servers.record(A, b"\x0a\x01\x01\x02", owner=b"\xc0\x1d")


@pytest.mark.parametrize(
    "records",
    [
        [GOOD, LOOP[:4]],
        [GOOD, b"\xc0"],
        [GOOD, b"\x3f" * 70],
        [GOOD, b"\x80" * 20],
        [GOOD, GOOD[:-4] + b"\xff"],
        [GOOD, servers.record(A, b"\x0a")],
        [GOOD, servers.record(AAAA, bytes(16))],
    ],
)
def test_what_comes_before_the_garbled_part_is_taken(sanitized: Probe, records: list[bytes]) -> None:
    def respond(query: bytes) -> Sequence[bytes]:
        return [reply(query, *records, count=65535)] if servers.asked_type(query) == A else [reply(query)]

    assert found(sanitized, respond) == both("answered", "10.1.1.1")


@pytest.mark.parametrize("missing", [1, 4, 5, 14, 15, 16])
def test_what_an_earlier_reply_left_in_memory_is_not_read(sanitized: Probe, missing: int) -> None:
    def respond(query: bytes) -> Sequence[bytes]:
        whole = reply(query, GOOD)
        return [with_another_id(query)[:12] + whole[12:], whole[:-missing]]

    assert found(sanitized, respond) == both("answered")


def test_a_compression_loop_is_not_followed(sanitized: Probe) -> None:
    def respond(query: bytes) -> Sequence[bytes]:
        itself = bytes([0xC0, len(query)])
        return [reply(query, servers.record(A, b"\x0a\x01\x01\x02", owner=itself))]

    assert found(sanitized, respond) == Found(ipv4="answered", ipv6="answered", addresses=("10.1.1.2",))


def test_a_truncated_reply_gives_what_is_there(sanitized: Probe) -> None:
    def respond(query: bytes) -> Sequence[bytes]:
        return [reply(query, GOOD, flags=0x8380, count=9)] if servers.asked_type(query) == A else [reply(query)]

    assert found(sanitized, respond) == both("answered", "10.1.1.1")


def test_addresses_are_bounded(sanitized: Probe) -> None:
    plenty = [servers.address_record(f"10.1.{number}.1") for number in range(200)]

    def respond(query: bytes) -> Sequence[bytes]:
        return [reply(query, *plenty)] if servers.asked_type(query) == A else [reply(query)]

    assert found(sanitized, respond) == both("answered", *(f"10.1.{number}.1" for number in range(16)))


def test_an_address_that_is_said_twice_is_one(probe: Probe) -> None:
    assert found(probe, answering("10.1.1.1", "10.1.1.1")) == both("answered", "10.1.1.1")


def test_names_wait_in_proportion_to_the_slowest_one(probe: Probe) -> None:
    asked: dict[str, float] = {}
    delays = {"slow": 0.15, "slower": 0.7}  # of a window of 0.25 s, which the first one stretches to 1.2 s

    def respond(query: bytes) -> Sequence[bytes]:
        name = servers.asked_name(query)
        since = asked.setdefault(name, time.monotonic())
        if name == "slow":
            time.sleep(max(0.0, since + delays[name] - time.monotonic()))
        return [reply(query)] if time.monotonic() - since >= delays[name] else []

    with servers.dns(respond) as port:
        assert probe.look_up(port, "slow", "slower") == [both("answered")] * 2


def test_random_damage_harms_nobody(sanitized: Probe) -> None:
    chance = random.Random(7)  # noqa: S311  # the same damage every time

    def damaged(query: bytes) -> bytes:
        whole = bytearray(
            reply(query, GOOD, LOOP, servers.record(CNAME, b"\xc0\x0c"), count=chance.randrange(70000) % 65536)
        )
        for _ in range(chance.randrange(6)):
            whole[chance.randrange(12, len(whole))] = chance.randrange(256)
        return bytes(whole[: chance.randrange(len(whole) + 1)] if chance.random() < 0.5 else whole)

    names = [f"name-{number}" for number in range(400)]
    with servers.dns(lambda query: [damaged(query), damaged(query)]) as port:
        answers = sanitized.look_up(port, *names, timing=Timing(window_ms=300))
    assert len(answers) == len(names)


def test_a_flood_of_replies_does_not_stop_the_clock(sanitized: Probe) -> None:
    names = [f"name-{number}" for number in range(500)]  # each reply is compared with all: slower than they come
    over = Event()

    def flood(server: socket.socket) -> None:
        query, sender = server.recvfrom(4096)
        forged = with_another_id(query)
        while not over.is_set():
            with suppress(OSError):
                server.sendto(forged, sender)

    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server, ThreadPoolExecutor() as pool:
        server.bind(("127.0.0.1", 0))
        pool.submit(flood, server)
        try:
            answers = sanitized.look_up(server.getsockname()[1], *names, timing=QUICK)
        finally:
            over.set()
    assert answers == [both("no-answer")] * 500


def test_hundreds_of_names_are_found(probe: Probe) -> None:
    names = [f"name-{number}" for number in range(100)]
    with servers.dns(answering("10.1.1.1")) as port:
        answers = probe.look_up(port, *names, timing=PATIENT)
    assert answers == [both("answered", "10.1.1.1")] * 100
