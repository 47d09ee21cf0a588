"""What is written at networks, containers, connections and arrows, the same in every medium."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

from grader.models.topology import Box, Flow, FlowMark, Lane, Link, Mark

Tone: TypeAlias = Literal["strong", "plain", "quiet", "bad", "blame"]
"""`blame` is both strong and bad."""

MEANINGS: dict[Mark | FlowMark, str] = {
    "right": "as it should be",
    "wrong": "is wrong",
    "missing": "is missing",
    "extra": "does not matter",
    "unknown": "could not be looked at",
}
SHUT = "nothing may get through"
_MOST_FAULTS = 2
_MOST_PORTS = 2
_MOST_NAMES = 2


@dataclass(frozen=True, slots=True)
class Caption:
    """A piece of raw text of strangers, how it is to look, the sign before it, and over how many lines it may go."""

    text: str
    tone: Tone = "quiet"
    sign: Mark | None = None
    lines: int = 1


def of_lane(lane: Lane) -> Iterator[Caption]:
    """Yield a network's name, and below it what is wrong and what it is."""
    tones: dict[Mark, Tone] = {"right": "strong", "wrong": "blame", "missing": "bad", "extra": "quiet"}
    yield Caption(lane.name, tones[lane.mark])
    if lane.mark == "missing":
        yield Caption("does not exist", "bad")
    if lane.called is not None:
        yield Caption(f"is called {lane.called}", "bad")
    if kind := ", ".join(filter(None, (lane.driver if lane.driver != lane.name else None, lane.note))):
        itself = lane.mark == "wrong" and lane.called is None
        yield Caption(kind, "bad", "wrong") if itself else Caption(kind)
    if lane.subnets:
        yield Caption(", ".join(lane.subnets), lines=2)


def of_box(box: Box) -> Iterator[Caption]:
    """Yield what stands under a container's name: its engine, its state, and its ports."""
    if box.host and box.role:
        yield Caption(f"on {box.host}")
    if box.note:
        yield Caption(box.note, "bad", box.mark) if box.mark in ("wrong", "missing") else Caption(box.note)
    for fault in box.faults[:_MOST_FAULTS]:
        yield Caption(fault, "bad", "wrong", lines=2)
    yield from _ports(box)


def _ports(box: Box) -> Iterator[Caption]:
    """Yield a few published ports, first those that are wrong, and those that are missing."""
    leaks = dict.fromkeys(map(_short, box.leaks))
    others = dict.fromkeys(port for port in map(_short, box.published) if port not in leaks)
    for port in list(leaks)[:_MOST_PORTS]:
        yield Caption(port, "bad", "wrong")
    for port in list(others)[: max(_MOST_PORTS - len(leaks), 0)]:
        yield Caption(port)
    for port in box.unpublished[:_MOST_PORTS]:
        yield Caption(f"{port} not published", "bad", "missing")


def _short(binding: str) -> str:
    """Return `*:8080->80/tcp` for a binding at every address, which docker shows for IPv4 and IPv6 apart."""
    for everywhere in ("0.0.0.0:", "[::]:"):
        if binding.startswith(everywhere):
            return f"*:{binding.removeprefix(everywhere)}"
    return binding


def of_name(box: Box) -> list[Caption]:
    """Return role and container, one of them where that says it all."""
    if box.role is None:
        place = f" on {box.host}" if box.host else ""
        return [Caption(f"{box.container or box.key}{place}")]
    role = Caption(box.role, "strong")
    if box.container == box.role or (box.planned and not box.container):
        return [role]
    return [role, Caption(box.container) if box.container else Caption("nobody", "bad")]


def of_link(box: Box, link: Link) -> Iterator[Caption]:
    """Yield what stands at a connection: addresses, and the names that Docker's DNS knows or should know."""
    yield from _addresses(box, link)
    if link.names:
        yield Caption(", ".join(link.names), lines=_MOST_NAMES)
    for name in link.nameless[:_MOST_NAMES]:
        yield Caption(name, "bad", "missing")


def _addresses(box: Box, link: Link) -> Iterator[Caption]:
    if link.mark == "missing":
        yield Caption("missing", "bad")
    elif link.addresses:
        tones: dict[Mark, Tone] = {"right": "plain", "wrong": "bad", "missing": "bad", "extra": "quiet"}
        yield Caption(link.addresses[0], tones[link.mark])
        for address in link.addresses[1:]:
            yield Caption(address)
    elif box.planned:
        yield Caption("")
    else:
        yield Caption("no address", "bad")


def of_flow(flow: Flow) -> str:
    """Return what is asked for: a name, a port, a ping or a page."""
    leads = {"name": "", "ping": "", "port": ":", "chain": ":", "page": "page :"}
    return f"{leads[flow.kind]}{flow.what}"
