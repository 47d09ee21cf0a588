"""Questions as the probe's arguments, and its output as an Observation.

The probe prints `grade-probe 1 FINGERPRINT`, facts (see `source/facts.c`), `answer INDEX ...` for each
question in order, and `end COUNT`. Words are parted by one blank; what comes from files has every odd byte as
%XX. Output that deviates in anything is believed in nothing: half a list of listeners would be held against
the learner.
"""

import re
from collections import defaultdict
from collections.abc import Sequence
from ipaddress import ip_address, ip_network
from urllib.parse import unquote_to_bytes

from pydantic import ValidationError

from grader.models.base import Frozen
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

VERSION = 1

_UNASKED = "unasked"
_HEX = re.compile(r"-|([0-9a-f]{2})+")


class Timing(Frozen):
    """How long silence must last to count, and when exchanges end, counted from the probe's start; in ms."""

    window_ms: int = 250
    exchange_ms: int = 2500


def encode(questions: Sequence[Question], timing: Timing) -> list[str]:
    """Return a probe's arguments; a question that fits into none will be answered `not-observed`."""
    options = [f"window={timing.window_ms}", f"exchange={timing.exchange_ms}"]
    return options + [_sendable(_encoded(question)) for question in questions]


def decode(source: str, questions: Sequence[Question], output: bytes) -> Observation:
    """Return what a probe said; when it is not exactly what was to be said, an Observation with a fault."""
    try:
        facts, answers = _split(output, len(questions))
        asked = tuple(
            Asked(question=question, answer=_answer(question, words))
            for question, words in zip(questions, answers, strict=True)
        )
        return Observation(source=source, sandbox=_sandbox(facts), asked=asked)
    except ValidationError as error:
        fault = f"it has a word that we do not know in {error.title}"
    except ValueError as error:
        fault = str(error)
    return not_observed(source, questions, f"the probe's output is not to be trusted: {fault}")


def not_observed(source: str, questions: Sequence[Question], fault: str) -> Observation:
    """Return the observation of a source that told us nothing, because of `fault`."""
    asked = tuple(Asked(question=question, answer=_not_observed(question)) for question in questions)
    return Observation(source=source, sandbox=None, asked=asked, fault=fault)


def _encoded(question: Question) -> str:
    match question:
        case Connect():
            return f"tcp,{question.address},{question.port}"
        case Echo():
            return f"icmp,{question.address}"
        case Lookup():
            return f"dns,{question.name}"
        case Exchange():
            target = f"{question.address},{question.port}"
            return f"exchange,{target},{question.limit},{question.request}"


def _sendable(word: str) -> str:
    """Return the word if it can travel: arguments hold no NUL, and JSON no lone surrogate."""
    return word if word.isprintable() else _UNASKED


def _not_observed(question: Question) -> Answer:
    match question:
        case Connect() | Echo():
            return Reached(ask=question.ask, state="not-observed")
        case Lookup():
            return Found(ipv4="not-observed", ipv6="not-observed")
        case Exchange():
            return Exchanged(state="not-observed")


def _split(output: bytes, count: int) -> tuple[list[list[str]], list[list[str]]]:
    """Return the words of each fact, and the words behind the index of each answer."""
    lines = output.decode("ascii").split("\n")
    if lines[-2:] != [f"end {count}", ""]:
        raise ValueError(f"it does not end with its count of {count} answers")
    if not all(line.isprintable() for line in lines):
        raise ValueError("it has control characters")
    greeting, *body = [line.split(" ") for line in lines[:-2]]
    if greeting[:2] != ["grade-probe", str(VERSION)]:
        raise ValueError(f"it is not of version {VERSION}")
    facts, answers = body[: len(body) - count], body[len(body) - count :]
    if [answer[:2] for answer in answers] != [["answer", str(index)] for index in range(count)]:
        raise ValueError("its answers are not those to the questions")
    return facts, [answer[2:] for answer in answers]


def _answer(question: Question, words: Sequence[str]) -> Answer:
    if words == [_UNASKED]:
        return _not_observed(question)
    match question:
        case Connect() | Echo():
            (state,) = words
            return Reached.model_validate({"ask": question.ask, "state": state})
        case Lookup():
            ipv4, ipv6, *found = words
            addresses = [_address(address) for address in found]
            return Found.model_validate({"ipv4": ipv4, "ipv6": ipv6, "addresses": addresses})
        case Exchange():
            return _exchanged(words, question.limit)


def _exchanged(words: Sequence[str], limit: int) -> Exchanged:
    state, *rest = words
    if state != "open":
        if rest:
            raise ValueError("it has a response without a connection")
        return Exchanged.model_validate({"state": state})
    ending, response = rest
    if not _HEX.fullmatch(response) or len(response) > 2 * limit:
        raise ValueError("it has a response that is not one")
    body = "" if response == "-" else response
    return Exchanged.model_validate({"state": state, "ending": ending, "response": body})


def _sandbox(facts: Sequence[Sequence[str]]) -> Sandbox:
    """Return the facts in the probe's order; what stands there twice (`SO_REUSEPORT`) is named once."""
    found: dict[str, dict[object, None]] = defaultdict(dict)
    for keyword, *words in facts:
        field, fact = _fact(keyword, words)
        found[field][fact] = None
    return Sandbox.model_validate({field: tuple(values) for field, values in found.items()})


def _fact(keyword: str, words: Sequence[str]) -> tuple[str, object]:
    """Return the field of Sandbox that a line belongs to, and its value."""
    match keyword, words:
        case "interface", [name, address, prefix]:
            return "interfaces", Interface(name=_text(name), address=_address(address), prefix=_number(prefix, 128))
        case "route", [name, destination, gateway]:
            ip_network(destination)
            via = None if gateway == "-" else _address(gateway)
            return "routes", Route(interface=_text(name), destination=destination, gateway=via)
        case "nameserver", [address]:
            return "nameservers", _address(_text(address))
        case "search", [domain]:
            return "search", _text(domain)
        case "hosts", [address, *names]:
            return "hosts", HostsEntry(address=_address(_text(address)), names=tuple(map(_text, names)))
        case "listener", [address, port]:
            return "listeners", Listener(address=_address(address), port=_number(port, 65535))
        case "unread", [what]:
            raise ValueError(f"the {what} of the sandbox could not be read")
        case _:
            raise ValueError(f"it has a line that we do not know: {keyword[:40]}")


def _address(word: str) -> str:
    ip_address(word)
    return word


def _number(word: str, most: int) -> int:
    if not word.isdecimal() or len(word) > 6 or int(word) > most:
        raise ValueError("it has a number that is none")
    return int(word)


def _text(word: str) -> str:
    r"""Return a word of a file; what is no UTF-8 or could move a cursor is spelled, as in `\x1b`."""
    decoded = unquote_to_bytes(word).decode("utf-8", "backslashreplace")
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in decoded)
