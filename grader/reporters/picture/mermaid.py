"""The picture as Mermaid, which GitHub, GitLab and many editors draw: networks, containers and arrows as a graph."""

import re
from collections.abc import Iterator, Sequence

from grader.models.report import Report
from grader.models.topology import Box, FlowMark, Lane, Link, Mark, Topology
from grader.reporters.picture.arrows import pairs, worst
from grader.reporters.picture.captions import Caption, of_box, of_flow, of_lane, of_link, of_name
from grader.reporters.picture.geometry import SIGNS
from grader.reporters.picture.layout import is_telling
from grader.reporters.words import clean

_LONGEST = 60
_MOST_OTHERS = 8
"""Containers that play no part: whoever lays the graph out has no rows for them, and lines run across."""
_SPECIAL = re.compile(r"[!-+;-@\[-`{-~]|^-(?= )|\.(?= )")
"""What could end a label or mean something in it, markup and Markdown included."""
_LINKS: dict[Mark, str] = {"right": "---", "wrong": "===", "missing": "-.-", "extra": "---"}
_CLASSES = (
    "classDef wrong stroke:#d1242f,stroke-width:3px",
    "classDef missing stroke:#d1242f,stroke-dasharray:5 5",
    "classDef extra stroke:#8c959f,color:#8c959f",
    "classDef unknown stroke:#9a6700",
)
_COLOURS: dict[Mark | FlowMark, str] = {
    "right": "stroke:#1a7f37",
    "wrong": "stroke:#d1242f,stroke-width:3px",
    "missing": "stroke:#d1242f",
    "extra": "stroke:#8c959f",
    "unknown": "stroke:#9a6700",
}


def write(report: Report) -> str:
    """Return the picture of what was built; without a fence, which belongs to whoever puts it into a page."""
    return mermaid(report.topology)


def mermaid(topology: Topology) -> str:
    """Return the graph of a build or of a target, ending in a newline; of who plays no part a few."""
    telling = [box for box in topology.boxes if is_telling(box, topology)]
    others = [box for box in topology.boxes if box not in telling]
    shown = topology.model_copy(update={"boxes": (*telling, *others[:_MOST_OTHERS])})
    return _graph(shown, len(others) - len(others[:_MOST_OTHERS]))


def _graph(topology: Topology, more: int) -> str:
    lanes = {lane.name: f"n{place}" for place, lane in enumerate(topology.lanes)}
    boxes = {box.key: f"c{place}" for place, box in enumerate(topology.boxes)}
    edges = [*_links(topology, lanes, boxes), *_flows(topology, boxes)]
    styles = [f"linkStyle {place} {_COLOURS[mark]}" for place, (_, mark) in enumerate(edges) if mark != "extra"]
    nodes = [*map(_lane, topology.lanes, lanes.values()), *map(_box, topology.boxes, boxes.values())]
    outside = ['outside(["outside"])'] if any(flow.source == "outside" for flow in topology.flows) else []
    rest = [f'more["and {more} more"]:::extra'] if more else []
    lines = [*nodes, *rest, *outside, *(edge for edge, _ in edges), *styles, *_CLASSES]
    return "\n".join(["flowchart LR", *(f"  {line}" for line in lines)]) + "\n"


def _lane(lane: Lane, key: str) -> str:
    return f'{key}{{{{"{_label(of_lane(lane))}"}}}}{_class(lane.mark)}'


def _box(box: Box, key: str) -> str:
    return f'{key}["{_label([*of_name(box), *of_box(box)])}"]{_class(box.mark)}'


def _class(mark: Mark) -> str:
    return "" if mark == "right" else f":::{mark}"


def _links(topology: Topology, lanes: dict[str, str], boxes: dict[str, str]) -> Iterator[tuple[str, Mark | FlowMark]]:
    known = {box.key: box for box in topology.boxes}
    for link in topology.links:
        if link.box in boxes and link.lane in lanes:
            label = _label(_at(known[link.box], link))
            said = f'|"{label}"|' if label else ""
            yield f"{boxes[link.box]} {_LINKS[link.mark]}{said} {lanes[link.lane]}", link.mark


def _at(box: Box, link: Link) -> list[Caption]:
    return [caption for caption in of_link(box, link) if caption.text]


def _flows(topology: Topology, boxes: dict[str, str]) -> Iterator[tuple[str, Mark | FlowMark]]:
    """Yield an arrow for each pair of roles; one with a cross where nothing is to get through."""
    players = {box.role: boxes[box.key] for box in reversed(topology.boxes) if box.role is not None}
    ends = {"outside": "outside", **players}
    for flows in pairs(topology.flows):
        first = flows[0]
        if first.source in ends and first.target in ends:
            mark = worst(flows)
            arrow = "--x" if first.shut and mark != "wrong" else "-.->" if mark == "missing" else "-->"
            said = "<br/>".join(_escaped(f"{_sign(flow.mark)}{of_flow(flow)}") for flow in flows)
            yield f'{ends[first.source]} {arrow}|"{said}"| {ends[first.target]}', mark


def _sign(mark: FlowMark) -> str:
    return "" if mark == "right" else f"{SIGNS[mark]} "


def _label(captions: Sequence[Caption] | Iterator[Caption]) -> str:
    return "<br/>".join(_escaped(f"{SIGNS[each.sign]} {each.text}" if each.sign else each.text) for each in captions)


def _escaped(text: str) -> str:
    """Return a stranger's text so that Mermaid shows it, whatever it is."""
    return _SPECIAL.sub(lambda found: f"#{ord(found[0])};", clean(text, longest=_LONGEST))
