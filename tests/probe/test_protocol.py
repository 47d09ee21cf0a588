"""The probe's words: what goes in comes back, and nothing that comes back can do harm."""

import re
from urllib.parse import quote_from_bytes

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.models.probe import (
    Answer,
    Asked,
    Connect,
    Echo,
    Exchange,
    Exchanged,
    Found,
    HostsEntry,
    Interface,
    Listener,
    Lookup,
    Observation,
    Question,
    Reached,
    Route,
    Sandbox,
)
from grader.probe.protocol import Timing, decode, encode, not_observed

REACH = ["open", "refused", "timeout", "no-route", "not-observed"]
LOOKUP = ["answered", "nxdomain", "servfail", "no-answer", "not-observed"]
ENDING = ["eof", "reset", "limit", "deadline"]

addresses = st.one_of(st.ip_addresses(v=4), st.ip_addresses(v=6)).map(str)
ports = st.integers(0, 65535)
names = st.text(st.characters(codec="utf-8"), min_size=1, max_size=12).filter(str.isprintable)
hexes = st.binary(max_size=20).map(bytes.hex)

connects = st.builds(Connect, address=addresses, port=ports)
echoes = st.builds(Echo, address=addresses)
lookups = st.builds(Lookup, name=names)
exchanges = st.builds(Exchange, address=addresses, port=ports, request=hexes, limit=st.integers(20, 4096))


def answered(question: Question) -> st.SearchStrategy[Answer]:
    match question:
        case Connect() | Echo():
            return st.builds(Reached, ask=st.just(question.ask), state=st.sampled_from(REACH))
        case Lookup():
            states = st.sampled_from(LOOKUP)
            return st.builds(Found, ipv4=states, ipv6=states, addresses=st.lists(addresses, max_size=3).map(tuple))
        case Exchange():
            opened = st.builds(Exchanged, state=st.just("open"), ending=st.sampled_from(ENDING), response=hexes)
            return st.one_of(opened, st.builds(Exchanged, state=st.sampled_from(REACH[1:])))


def distinct(each: st.SearchStrategy[object]) -> st.SearchStrategy[tuple[object, ...]]:
    return st.lists(each, max_size=3, unique=True).map(tuple)


routes = st.builds(
    Route,
    interface=names,
    destination=st.tuples(st.ip_addresses(v=4), st.just(32)).map(lambda pair: f"{pair[0]}/{pair[1]}"),
    gateway=st.one_of(st.none(), addresses),
)
sandboxes = st.builds(
    Sandbox,
    interfaces=distinct(st.builds(Interface, name=names, address=addresses, prefix=st.integers(0, 128))),
    routes=distinct(routes),
    nameservers=distinct(addresses),
    search=distinct(names),
    hosts=distinct(st.builds(HostsEntry, address=addresses, names=st.lists(names, min_size=1, max_size=3).map(tuple))),
    listeners=distinct(st.builds(Listener, address=addresses, port=ports)),
)


@st.composite
def observations(draw: st.DrawFn) -> Observation:
    questions = draw(st.lists(st.one_of(connects, echoes, lookups, exchanges), max_size=5))
    asked = tuple(Asked(question=question, answer=draw(answered(question))) for question in questions)
    return Observation(source="c0ffee", sandbox=draw(sandboxes), asked=asked)


def printed(observation: Observation) -> bytes:
    """Return what a probe prints that sees this: the counterpart of decode, written again on purpose."""
    assert observation.sandbox is not None
    lines = ["grade-probe 1 fingerprint", *facts(observation.sandbox)]
    lines += [f"answer {number} {answer_words(asked.answer)}" for number, asked in enumerate(observation.asked)]
    return "".join(f"{line}\n" for line in [*lines, f"end {len(observation.asked)}"]).encode()


def word(text: str) -> str:
    return quote_from_bytes(text.encode(), safe="!\"#$&'()*+,-./:;<=>?@[\\]^_`{|}~")


def facts(sandbox: Sandbox) -> list[str]:
    return [
        *(f"interface {word(each.name)} {each.address} {each.prefix}" for each in sandbox.interfaces),
        *(f"route {word(each.interface)} {each.destination} {each.gateway or '-'}" for each in sandbox.routes),
        *(f"nameserver {each}" for each in sandbox.nameservers),
        *(f"search {word(each)}" for each in sandbox.search),
        *(f"hosts {each.address} {' '.join(map(word, each.names))}" for each in sandbox.hosts),
        *(f"listener {each.address} {each.port}" for each in sandbox.listeners),
    ]


def answer_words(answer: Answer) -> str:
    match answer:
        case Reached():
            return answer.state
        case Found():
            return " ".join([answer.ipv4, answer.ipv6, *answer.addresses])
        case Exchanged():
            return f"open {answer.ending} {answer.response or '-'}" if answer.state == "open" else answer.state


def questions_of(observation: Observation) -> list[Question]:
    return [asked.question for asked in observation.asked]


def is_not_observed(observation: Observation, questions: list[Question]) -> bool:
    """Return whether it is exactly what a silent source leaves, apart from the fault."""
    nothing = not_observed(observation.source, questions, observation.fault or "")
    return bool(observation.fault) and observation == nothing


@given(observations())
def test_what_the_probe_prints_is_what_is_read(observation: Observation) -> None:
    assert decode("c0ffee", questions_of(observation), printed(observation)) == observation


@given(observations(), st.data())
def test_output_that_is_cut_anywhere_is_not_believed(observation: Observation, data: st.DataObject) -> None:
    whole = printed(observation)
    cut = whole[: data.draw(st.integers(0, len(whole) - 1))]
    assert is_not_observed(decode("c0ffee", questions_of(observation), cut), questions_of(observation))


def test_every_cut_of_a_real_output_is_noticed() -> None:
    questions: list[Question] = [Connect(address="10.0.0.2", port=80), Lookup(name="web")]
    whole = b"grade-probe 1 f\ninterface eth0 10.0.0.3 24\nanswer 0 open\nanswer 1 answered no-answer 10.0.0.2\nend 2\n"
    assert decode("c", questions, whole).fault is None
    assert all(is_not_observed(decode("c", questions, whole[:cut]), questions) for cut in range(len(whole)))


@given(observations(), st.data())
def test_a_flipped_bit_never_raises(observation: Observation, data: st.DataObject) -> None:
    output = bytearray(printed(observation))
    output[data.draw(st.integers(0, len(output) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    questions = questions_of(observation)
    seen = decode("c0ffee", questions, bytes(output))
    assert [asked.question for asked in seen.asked] == questions
    assert seen.sandbox is not None or is_not_observed(seen, questions)


@given(st.lists(st.one_of(connects, echoes, lookups, exchanges), max_size=3), st.binary())
def test_random_bytes_are_not_believed(questions: list[Question], output: bytes) -> None:
    assert is_not_observed(decode("c0ffee", questions, output), questions)


WORDS = [
    "answer",
    "0",
    "open",
    "end",
    "interface",
    "eth0",
    "10.0.0.3",
    "24",
    "route",
    "hosts",
    "listener",
    "-",
    "unread",
    "é",
]


@given(st.lists(st.sampled_from([*WORDS, "\n"])))
def test_lines_of_known_words_never_raise(words: list[str]) -> None:
    output = ("grade-probe 1 f\n" + " ".join(words) + "\nanswer 0 open\nend 1\n").encode()
    decode("c0ffee", [Echo(address="10.0.0.2")], output)


@pytest.mark.parametrize(
    "lines",
    [
        "answer 0 open\nend 1",
        "grade-probe 2 f\nanswer 0 open\nend 1",
        "grade-probe 1 f\nanswer 0 open\nend 2",
        "grade-probe 1 f\nanswer 1 open\nend 1",
        "grade-probe 1 f\nanswer 0 ajar\nend 1",
        "grade-probe 1 f\nanswer 0 open open\nend 1",
        "grade-probe 1 f\nanswer 0\nend 1",
        "grade-probe 1 f\nanswer 0  open\nend 1",
        "grade-probe 1 f\nanswer 0 open\nend 1\nend 1",
        "grade-probe 1 f\nanswer 0 open\nlistener :: 80\nend 1",
        "grade-probe 1 f\nlistener :: 65536\nanswer 0 open\nend 1",
        "grade-probe 1 f\nlistener :: ²\nanswer 0 open\nend 1",
        "grade-probe 1 f\nlistener localhost 80\nanswer 0 open\nend 1",
        "grade-probe 1 f\ninterface eth0 10.0.0.2 129\nanswer 0 open\nend 1",
        "grade-probe 1 f\nroute eth0 10.0.0.0/40 -\nanswer 0 open\nend 1",
        "grade-probe 1 f\nweather fine\nanswer 0 open\nend 1",
        "grade-probe 1 f\nunread listeners\nanswer 0 open\nend 1",
    ],
)
def test_output_that_deviates_is_not_believed(lines: str) -> None:
    questions: list[Question] = [Echo(address="10.0.0.2")]
    assert is_not_observed(decode("c", questions, f"{lines}\n".encode()), questions)


@pytest.mark.parametrize(
    "words", ["open", "open eof", "open eof 4", "open eof XY", "open late 41", "refused eof -", "open eof 414141"]
)
def test_an_exchange_that_cannot_be_is_not_believed(words: str) -> None:
    questions: list[Question] = [Exchange(address="10.0.0.2", port=80, request="", limit=2)]
    output = f"grade-probe 1 f\nanswer 0 {words}\nend 1\n".encode()
    assert is_not_observed(decode("c", questions, output), questions)


def test_what_was_not_asked_is_not_observed() -> None:
    questions: list[Question] = [Echo(address="x"), Lookup(name=""), Exchange(address="x", port=1, request="")]
    output = b"grade-probe 1 f\nanswer 0 unasked\nanswer 1 unasked\nanswer 2 unasked\nend 3\n"
    assert decode("c", questions, output).asked == not_observed("c", questions, "").asked


def test_a_listener_that_is_there_twice_is_one() -> None:
    seen = decode("c", (), b"grade-probe 1 f\nlistener :: 80\nlistener :: 80\nlistener :: 81\nend 0\n")
    assert seen.sandbox == Sandbox(listeners=(Listener(address="::", port=80), Listener(address="::", port=81)))


@given(st.lists(st.one_of(connects, echoes, lookups, exchanges), max_size=4), st.text())
def test_arguments_can_always_be_sent(questions: list[Question], odd: str) -> None:
    words = encode([*questions, Lookup(name=odd)], Timing())
    assert len(words) == len(questions) + 3
    assert not [each for each in words if "\0" in each or re.search("[\ud800-\udfff]", each)]


def test_timing_is_said_first() -> None:
    assert encode((), Timing(window_ms=7, exchange_ms=8)) == ["window=7", "exchange=8"]
