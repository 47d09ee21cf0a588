"""The picture in words, for who does not see it."""

from collections.abc import Iterable, Iterator

from grader.models.topology import Box, Flow, Lane, Link, Topology
from grader.reporters.picture.captions import MEANINGS, of_box, of_flow, of_lane, of_name
from grader.reporters.words import clean


def described(topology: Topology) -> list[str]:
    """Return a sentence for each network, each container and each way."""
    boxes = {box.key: box for box in topology.boxes}
    networks = [
        _network(lane, [link for link in topology.links if link.lane == lane.name], boxes) for lane in topology.lanes
    ]
    loose = [box for box in topology.boxes if not any(link.box == box.key for link in topology.links)]
    return [clean(text) for text in (*networks, *map(_alone, loose), *_notes(topology), *map(_way, topology.flows))]


def _network(lane: Lane, links: Iterable[Link], boxes: dict[str, Box]) -> str:
    name, *rest = (caption.text for caption in of_lane(lane))
    kind = f" ({', '.join(rest)})" if rest else ""
    there = ", ".join(_member(link, boxes[link.box]) for link in links if link.lane == lane.name and link.box in boxes)
    return f"Network {name}{kind}: {there or 'nobody'}."


def _member(link: Link, box: Box) -> str:
    told = [*link.addresses, *(f"called {name}" for name in link.names), *(f"not called {n}" for n in link.nameless)]
    mark = [] if link.mark == "right" else [MEANINGS[link.mark]]
    return " ".join([_name(box), *([f"({', '.join([*told, *mark])})"] if told or mark else [])])


def _name(box: Box) -> str:
    first, *rest = (caption.text for caption in of_name(box))
    return f"{first}, played by {rest[0]}" if rest else first


def _alone(box: Box) -> str:
    return f"{_name(box)} is on none of the networks."


def _notes(topology: Topology) -> Iterator[str]:
    for box in topology.boxes:
        if told := [f"{c.text} ({MEANINGS[c.sign]})" if c.sign else c.text for c in of_box(box)]:
            yield f"{_name(box)}: {', '.join(told)}."


def _way(flow: Flow) -> str:
    aim = "must not reach" if flow.shut else "has to reach"
    return f"{flow.source} {aim} {flow.target} ({of_flow(flow)}): {MEANINGS[flow.mark]}."
