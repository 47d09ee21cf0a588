"""The picture: networks as rails from top to bottom, containers as rows that are wired to them, arrows below."""

from collections.abc import Iterator

from rich.text import Text

from grader.models.report import Report
from grader.models.topology import FlowMark, Mark, Topology
from grader.reporters.picture.captions import MEANINGS, SHUT
from grader.reporters.picture.layout import Block, Limits, lay_out
from grader.reporters.terminal.pen import QUIET, Lines, Pen, widest
from grader.reporters.terminal.rails import MARK_STYLES, Rails, label, mark_sign
from grader.reporters.terminal.ways import ways

_NARROWEST_RAIL, _WIDEST_RAIL = 18, 34
"""Columns of a rail: an IPv4 address has to fit beside it, and far apart they are hard to compare."""
_NARROWEST_LABEL, _WIDEST_LABEL = 10, 24
_MOST_ROWS = 12
_MOST_SHORT = 6


def picture(report: Report, pen: Pen) -> Lines:
    """Return the drawing of what was built, laid over what is asked for."""
    return drawing(report.topology, pen)


def small_picture(report: Report, pen: Pen) -> Lines:
    """Return networks and containers alone, for a screen that has other things to show."""
    return _networks(report.topology, pen)


def drawing(topology: Topology, pen: Pen, heading: str = "Networks") -> Lines:
    """Return the drawing of a build or of a target, and what its signs mean where that is needed."""
    if not topology.lanes and not topology.boxes:
        return []
    return [*pen.heading(heading), *_networks(topology, pen), Text(), *_below(topology, pen)]


def _networks(topology: Topology, pen: Pen) -> Lines:
    """Return the rails with the containers on them, in as many blocks as the page needs."""
    lines: Lines = []
    labels = widest(line.plain for box in topology.boxes for line in label(pen, box, _WIDEST_LABEL))
    left = max(_NARROWEST_LABEL, min(labels, pen.width // 3))
    room = pen.width - left - 5
    layout = lay_out(topology, Limits(max(room // _NARROWEST_RAIL, 1), _MOST_ROWS, _MOST_SHORT))
    for place, block in enumerate(layout.blocks):
        column = max(4, min(room // max(len(layout.blocks[0].lanes), 1), _WIDEST_RAIL))
        rails = Rails(pen, block.lanes, left, column)
        lines += [*([Text()] if place else []), *rails.heads(), *_rows(rails, block)]
    return lines


def _rows(rails: Rails, block: Block) -> Iterator[Text]:
    """Yield a full row for each container that matters, short ones for a few more, and how many are left."""
    for above, row in zip((None, *block.rows), block.rows, strict=False):
        if not row.is_brief or (above is None or not above.is_brief):
            yield rails.gap()
        yield from rails.row(row)
    if block.more:
        yield rails.pen.text((f"  and {block.more} more", QUIET))


def _below(topology: Topology, pen: Pen) -> Lines:
    """Return the arrows, and what the signs mean."""
    parts = [part for part in (ways(topology, pen), _legend(topology, pen)) if part]
    return [line for part in parts for line in (Text(), *part)][1:]


def _legend(topology: Topology, pen: Pen) -> Lines:
    """Return what the signs mean, where one does not speak for itself."""
    drawn = _signs(topology)
    told = [(mark_sign(pen, mark), MARK_STYLES[mark], meaning) for mark, meaning in MEANINGS.items() if mark in drawn]
    if not drawn - {"right"}:
        told = []
    if any(flow.shut for flow in topology.flows):
        told.append((pen.glyphs.wall, QUIET, SHUT))
    lines = [Text(" ")] if told else []
    for sign, style, meaning in told:
        entry = Text.assemble((f" {sign} ", style), (meaning, QUIET))
        if lines[-1].cell_len + 2 + entry.cell_len > pen.width:
            lines.append(Text(" "))
        lines[-1] = Text("  " if len(lines[-1]) > 1 else "").join([lines[-1], entry])
    return lines


def _signs(topology: Topology) -> set[Mark | FlowMark]:
    """Return the signs that are drawn."""
    noted: set[Mark] = {box.mark for box in topology.boxes if box.note and box.mark in ("wrong", "missing")}
    blamed: set[Mark] = {"wrong" for lane in topology.lanes if lane.mark == "wrong" and lane.called is None}
    leaks: set[Mark] = {"wrong" for box in topology.boxes if box.leaks}
    lacks: set[Mark] = {"missing" for box in topology.boxes if box.unpublished}
    unknown: set[Mark] = {"missing" for link in topology.links if link.nameless}
    ways: set[FlowMark] = {flow.mark for flow in topology.flows}
    return {link.mark for link in topology.links} | noted | blamed | leaks | lacks | unknown | ways
