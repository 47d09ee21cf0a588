"""The picture: networks as rails from top to bottom, containers as rows that are wired to them, arrows below."""

from collections.abc import Iterator
from itertools import zip_longest

from rich.text import Text

from grader.models.report import Report
from grader.models.topology import FlowMark, Mark, Topology
from grader.reporters.picture.captions import MEANINGS, SHUT, of_lane
from grader.reporters.picture.layout import Block, Layout, Limits, lay_out
from grader.reporters.terminal.pen import QUIET, STRONG, Lines, Pen, widest
from grader.reporters.terminal.rails import MARK_STYLES, Rails, label, mark_sign
from grader.reporters.terminal.ways import ways

_NARROWEST_RAIL, _WIDEST_RAIL = 18, 34
"""Columns of a rail: an IPv4 address has to fit beside it, and far apart they are hard to compare."""
_NARROWEST_LABEL, _WIDEST_LABEL = 10, 24
_BETWEEN = 4
_MOST_ROWS = 12
_MOST_SHORT = 6


def picture(report: Report, pen: Pen) -> Lines:
    """Return the drawing of what was built, laid over what is asked for; beside that too, where it differs and fits."""
    if report.target.lanes and _differs(report.topology) and (beside := _side_by_side(report, pen)):
        return [*pen.heading("Networks"), *beside, Text(), *_below(report.topology, pen)]
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
    left = max(_NARROWEST_LABEL, min(_labels(topology, pen), pen.width // 3))
    room = pen.width - left - 5
    layout = lay_out(topology, Limits(max(room // _NARROWEST_RAIL, 1), _MOST_ROWS, _MOST_SHORT))
    column = max(4, min(room // max(len(layout.blocks[0].lanes), 1), _WIDEST_RAIL))
    return _diagram(layout, pen, left, column)


def _diagram(layout: Layout, pen: Pen, left: int, column: int) -> Lines:
    lines: Lines = []
    for block in layout.blocks:
        rails = Rails(pen, block.lanes, left, column)
        lines += [*([Text()] if lines else []), *rails.heads(), *_rows(rails, block)]
    return lines


def _labels(topology: Topology, pen: Pen) -> int:
    return widest(line.plain for box in topology.boxes for line in label(pen, box, _WIDEST_LABEL))


def _side_by_side(report: Report, pen: Pen) -> Lines:
    """Return the target and the build as narrow as they can be, side by side; nothing where that is still too broad."""
    target, built = (_narrow(topology, pen) for topology in (report.target, report.topology))
    room = widest(line.plain for line in target) + _BETWEEN
    if not target or room + widest(line.plain for line in built) > pen.width:
        return []
    heads = (Text("  To build", STRONG), Text("  Built", STRONG))
    pairs = zip_longest((heads[0], Text(), *target), (heads[1], Text(), *built), fillvalue=Text())
    return [_joined(one.copy(), other, room) for one, other in pairs]


def _joined(one: Text, other: Text, room: int) -> Text:
    if other:
        one.pad_right(room - one.cell_len)
    return one.append_text(other)


def _narrow(topology: Topology, pen: Pen) -> Lines:
    """Return a diagram of one block whose columns are no broader than what stands in them."""
    layout = lay_out(topology, Limits(len(topology.lanes), _MOST_ROWS, _MOST_SHORT))
    addresses = [address for link in topology.links for address in (*link.addresses, "missing")]
    heads = [caption.text for lane in topology.lanes for caption in of_lane(lane)]
    column = max(widest(map(pen.clean, addresses)) + 3, widest(map(pen.clean, heads)) + 2, 12)
    return _diagram(layout, pen, max(_labels(topology, pen), _NARROWEST_LABEL), column)


def _differs(topology: Topology) -> bool:
    """Return whether something is other than it should be."""
    return bool(_signs(topology) & {"wrong", "missing"}) or any(lane.mark != "right" for lane in topology.lanes)


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
    leaks: set[Mark] = {"wrong" for box in topology.boxes if box.leaks or box.faults}
    lacks: set[Mark] = {"missing" for box in topology.boxes if box.unpublished}
    unknown: set[Mark] = {"missing" for link in topology.links if link.nameless}
    ways: set[FlowMark] = {flow.mark for flow in topology.flows}
    return {link.mark for link in topology.links} | noted | blamed | leaks | lacks | unknown | ways
