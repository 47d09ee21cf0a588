"""Who asks whom: one arrow a line, with what is asked for and what became of it."""

from collections.abc import Sequence

from rich.text import Text

from grader.models.topology import Flow, Topology
from grader.reporters.picture.arrows import pairs
from grader.reporters.picture.captions import of_flow
from grader.reporters.terminal.pen import QUIET, STRONG, Lines, Pen, widest
from grader.reporters.terminal.rails import MARK_STYLES, mark_sign

_LONGEST = 20
_MOST = 16


def ways(topology: Topology, pen: Pen) -> Lines:
    """Return an arrow for each pair of roles; where there are too many, those go first that are not as they should."""
    found = pairs(topology.flows)
    shown = found if len(found) <= _MOST else sorted(found, key=_is_well)[:_MOST]
    ends = [min(widest(pen.clean(name) for name in names), _LONGEST) for names in zip(*map(_ends, shown), strict=True)]
    lines = [line for each in shown for line in _way(pen, each, ends)]
    if more := len(found) - len(shown):
        lines.append(pen.text((f"  and {more} more", QUIET)))
    return lines


def _ends(flows: Sequence[Flow]) -> tuple[str, str]:
    return flows[0].source, flows[0].target


def _is_well(flows: Sequence[Flow]) -> bool:
    return all(flow.mark == "right" for flow in flows)


def _way(pen: Pen, flows: Sequence[Flow], widths: Sequence[int]) -> Lines:
    """Return the arrow, and behind it each way with its sign, over as many lines as they need."""
    source, target = (pen.fit(name, width) for name, width in zip(_ends(flows), widths, strict=True))
    arrow = pen.glyphs.wall if flows[0].shut else pen.glyphs.arrow
    lead = Text.assemble("  ", (source, STRONG), (f" {arrow} ", QUIET), (target, STRONG), "  ")
    lines = [lead]
    for flow in flows:
        room = pen.width - lead.cell_len
        said = Text.assemble(
            (mark_sign(pen, flow.mark), MARK_STYLES[flow.mark]), f" {pen.clip(of_flow(flow), max(room - 4, 4))}  "
        )
        if lines[-1].cell_len + said.cell_len > pen.width and lines[-1].cell_len > lead.cell_len:
            lines.append(Text(" " * widths[0] + " " * (lead.cell_len - widths[0])))
        lines[-1] = lines[-1].copy().append_text(said)
    for line in lines:
        line.rstrip()
    return lines
