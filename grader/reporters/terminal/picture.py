"""The picture: networks as rails from top to bottom, containers as rows that are wired to them.

Rails that do not fit side by side go into a further block below, with the containers that are on them.
What plays no part is drawn in short, and beyond a few only counted.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rich.text import Text

from grader.models.report import Report
from grader.models.topology import Box, Lane, Link, Mark, Topology
from grader.reporters.terminal.pen import QUIET, Lines, Pen, widest
from grader.reporters.terminal.rails import MARK_STYLES, Rails, label, mark_sign

_NARROWEST_RAIL, _WIDEST_RAIL = 18, 34
"""Columns of a rail: an IPv4 address has to fit beside it, and far apart they are hard to compare."""
_NARROWEST_LABEL, _WIDEST_LABEL = 10, 24
_MOST_ROWS = 12
_MOST_SHORT = 6
_MEANINGS: dict[Mark, str] = {
    "right": "as it should be",
    "wrong": "is wrong",
    "missing": "is missing",
    "extra": "does not matter",
}


@dataclass(frozen=True, slots=True)
class _Wiring:
    """Who is connected to what."""

    links: dict[tuple[str, str], Link]

    @classmethod
    def of(cls, topology: Topology) -> "_Wiring":
        return cls({(link.box, link.lane): link for link in topology.links})

    def along(self, box: Box, lanes: Sequence[Lane]) -> list[Link | None]:
        return [self.links.get((box.key, lane.name)) for lane in lanes]

    def is_loose(self, box: Box) -> bool:
        return not any(key == box.key for key, _ in self.links)

    def is_telling(self, box: Box) -> bool:
        """Return whether a container plays a part, or something about it is other than it should be."""
        marks = {link.mark for (key, _), link in self.links.items() if key == box.key}
        return box.role is not None or bool({box.mark, *marks} & {"wrong", "missing"})


def picture(report: Report, pen: Pen) -> Lines:
    """Return the drawing of what was built."""
    return drawing(report.topology, pen)


def drawing(topology: Topology, pen: Pen, heading: str = "Networks") -> Lines:
    """Return the drawing of networks and containers, and what its signs mean where that is needed."""
    if not topology.lanes and not topology.boxes:
        return []
    wiring = _Wiring.of(topology)
    lines = pen.heading(heading)
    for place, rails in enumerate(_blocks(topology, pen)):
        shown = [box for box in topology.boxes if any(wiring.along(box, rails.lanes))]
        loose = [box for box in topology.boxes if wiring.is_loose(box) and not place]
        lines += [*rails.heads(), *_rows(rails, [*shown, *loose], wiring), Text()]
    return [*lines[:-1], *_legend(topology, pen)]


def _blocks(topology: Topology, pen: Pen) -> list[Rails]:
    """Return the rails in as few blocks of about equal breadth as the page allows."""
    labels = widest(line.plain for box in topology.boxes for line in label(pen, box, _WIDEST_LABEL))
    left = max(_NARROWEST_LABEL, min(labels, pen.width // 3))
    room, lanes = pen.width - left - 5, topology.lanes
    blocks = -(-len(lanes) // max(room // _NARROWEST_RAIL, 1)) or 1
    size = -(-len(lanes) // blocks) or 1
    column = max(4, min(room // size, _WIDEST_RAIL))
    return [Rails(pen, lanes[at : at + size], left, column) for at in range(0, len(lanes) or 1, size)]


def _rows(rails: Rails, boxes: Sequence[Box], wiring: _Wiring) -> Iterator[Text]:
    """Yield a full row for each container that matters, short ones for a few more, and how many are left."""
    full = [box for box in boxes if wiring.is_telling(box)][:_MOST_ROWS]
    short = [box for box in boxes if not wiring.is_telling(box)][:_MOST_SHORT]
    for box in full:
        yield rails.gap()
        yield from rails.row(box, wiring.along(box, rails.lanes))
    if short:
        yield rails.gap()
    for box in short:
        yield rails.row(box, wiring.along(box, rails.lanes))[0]
    if more := len(boxes) - len(full) - len(short):
        yield rails.pen.text((f"  and {more} more", QUIET))


def _legend(topology: Topology, pen: Pen) -> Lines:
    """Return what the signs mean, where one does not speak for itself."""
    drawn = _signs(topology)
    if not drawn & {"wrong", "extra"}:
        return []
    line = Text(" ")
    for mark, meaning in _MEANINGS.items():
        if mark in drawn:
            line.append(f" {mark_sign(pen, mark)} ", MARK_STYLES[mark]).append(f"{meaning}  ", QUIET)
    line.rstrip()
    return [Text(), line]


def _signs(topology: Topology) -> set[Mark]:
    """Return the signs that are drawn."""
    noted: set[Mark] = {box.mark for box in topology.boxes if box.note and box.mark in ("wrong", "missing")}
    blamed: set[Mark] = {"wrong" for lane in topology.lanes if lane.mark == "wrong" and lane.called is None}
    leaks: set[Mark] = {"wrong" for box in topology.boxes if box.leaks}
    lacks: set[Mark] = {"missing" for box in topology.boxes if box.unpublished}
    unknown: set[Mark] = {"missing" for link in topology.links if link.nameless}
    return {link.mark for link in topology.links} | noted | blamed | leaks | lacks | unknown
