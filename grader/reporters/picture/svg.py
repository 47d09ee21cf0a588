"""The picture as SVG: bands for networks, boxes for containers, dots where they meet, arrows for who asks whom."""

from grader.models.report import Report
from grader.models.topology import FlowMark, Mark, Topology
from grader.reporters.picture.arrows import Arrow
from grader.reporters.picture.canvas import Canvas
from grader.reporters.picture.captions import MEANINGS, SHUT
from grader.reporters.picture.description import described
from grader.reporters.picture.geometry import (
    CHARACTER,
    GAP,
    LINE,
    PAD,
    TRACK,
    Placed,
    Plan,
    Said,
    Section,
    pieces_at,
    planned,
)
from grader.reporters.picture.style import STYLE
from grader.reporters.words import clean, number

_HEAD = 30
_WIDEST = 1600
"""Pixels up to which two pictures stand side by side."""


def write(report: Report) -> str:
    """Return the report's picture as a file: what is asked for beside what was built."""
    found = [("To build", planned(report.target)), ("Built", planned(report.topology))]
    drawn = [(name, plan) for name, plan in found if plan.layout.blocks[0].rows or plan.layout.blocks[0].lanes]
    beside = sum(plan.width for _, plan in drawn) + GAP * 2 <= _WIDEST
    canvas = Canvas()
    x, y = 0.0, 44.0
    right, bottom = 300.0, y
    paper = canvas.part(0, 0)
    canvas.text("title", PAD, 26, ("", clean(report.title, longest=80)), ("quiet", f"  {_score(report)}"))
    for name, plan in drawn:
        part = canvas.part(x, y)
        part.text("heading", PAD, 16, ("", name))
        _draw(part.part(0, _HEAD), plan)
        right, bottom = max(right, x + plan.width), max(bottom, y + _HEAD + plan.height + GAP)
        x, y = (x + plan.width + GAP * 2, y) if beside else (0.0, bottom + GAP)
    _legend(canvas.part(0, bottom), report.topology)
    right, bottom = max(right, 560), bottom + 34
    paper.rect("paper", 0, 0, right, bottom, 8)
    _finish(canvas, right, bottom)
    canvas.note("title", clean(f"{report.exercise}: {report.title}"))
    canvas.note("desc", " ".join(described(report.topology)))
    canvas.note("style", STYLE)
    return canvas.written() + "\n"


def inline(topology: Topology, label: str) -> str:
    """Return the picture as an element for a page that has the style; a screen reader says the label."""
    plan = planned(topology)
    canvas = Canvas()
    _draw(canvas, plan)
    canvas.element.set("aria-label", clean(label))
    _finish(canvas, plan.width, plan.height)
    return canvas.written()


def _finish(canvas: Canvas, width: float, height: float) -> None:
    size = {"width": f"{width:.0f}", "height": f"{height:.0f}", "viewBox": f"0 0 {width:.0f} {height:.0f}"}
    for name, value in ({"class": "picture", "role": "img"} | size).items():
        canvas.element.set(name, value)


def _score(report: Report) -> str:
    share = "not graded completely" if report.percent is None else f"{number(report.percent)} %"
    return f"{number(report.score)} / {number(report.max_score)} points, {share}"


def _draw(canvas: Canvas, plan: Plan) -> None:
    y = plan.lead
    for place, section in enumerate(plan.sections):
        part = canvas.part(0, y)
        _bands(part, section)
        for placed in section.rows:
            _wires(part, plan, section, placed)
        for placed in section.rows:
            _box(part, plan, placed)
        if section.block.more:
            part.text("quiet", plan.boxes, section.height - 4, ("", f"and {section.block.more} more"))
        if not place:
            _arrows(canvas, plan, y)
        y += section.height + GAP


def _bands(canvas: Canvas, section: Section) -> None:
    for lane, (x, breadth), head in zip(section.block.lanes, section.lanes, section.heads, strict=True):
        canvas.rect(f"band {lane.mark}", x, 0, breadth, section.height, 10)
        _lines(canvas, x + 10, 20, head)


def _lines(canvas: Canvas, x: float, y: float, lines: list[Said]) -> None:
    for place, line in enumerate(lines):
        if line.text:
            canvas.text("", x, y + place * LINE, (line.tone, line.text), full=line.full)


def _wires(canvas: Canvas, plan: Plan, section: Section, placed: Placed) -> None:
    """Draw from a container to each of its networks, those that are wrong or missing over the others."""
    start, y = plan.boxes + plan.breadth, placed.wire
    found = [(link, x) for link, (x, _) in zip(placed.row.links, section.lanes, strict=True) if link]
    for link, x in found:
        canvas.path(f"wire {link.mark}", f"M{start:.1f} {y:.1f}H{x + 14:.1f}")
        start = x + 14
    for link, x in found:
        _dot(canvas, link.mark, x + 14, y)
    for lines, (x, _) in zip(placed.links, section.lanes, strict=True):
        _lines(canvas, x + 22, y + (4 if placed.row.is_brief else LINE), lines)


def _dot(canvas: Canvas, mark: str, x: float, y: float) -> None:
    canvas.circle(f"dot {mark}", x, y, 5)
    if mark == "wrong":
        canvas.path("cross", f"M{x - 2.5:.1f} {y - 2.5:.1f}l5 5m0-5l-5 5")


def _box(canvas: Canvas, plan: Plan, placed: Placed) -> None:
    kind = placed.row.box.mark
    if placed.row.is_brief:
        canvas.rect(f"box brief {kind}", plan.boxes, placed.top, plan.breadth, 18, 4)
        _lines(canvas, plan.boxes + 10, placed.top + 13, placed.box)
        return
    canvas.rect(f"box {kind}", plan.boxes, placed.top, plan.breadth, placed.height, 8)
    _lines(canvas, plan.boxes + 10, placed.top + 19, placed.box)


def _arrows(canvas: Canvas, plan: Plan, top: float) -> None:
    rows = plan.sections[0].rows
    if plan.outside:
        canvas.rect("box outside", plan.boxes, 4, plan.breadth, plan.lead - GAP - 4, 14)
        canvas.text("", plan.boxes + 10, 23, ("strong", "outside"))
    outside = {id(arrow): 18 + place * 20 for place, arrow in enumerate(plan.outside)}
    for arrow in plan.layout.arrows:
        start = outside[id(arrow)] if arrow.source < 0 else top + rows[arrow.source].slot(arrow)
        _arrow(canvas, plan, arrow, start, top + rows[arrow.target].slot(arrow))


def _arrow(canvas: Canvas, plan: Plan, arrow: Arrow, start: float, end: float) -> None:
    x, turn = plan.boxes, plan.gutter - TRACK / 2 - arrow.track * TRACK
    kind = f"{'shut' if arrow.shut else 'open'} {arrow.mark}"
    bend = 6 if end > start else -6
    way = f"M{x:.1f} {start:.1f}H{turn + 6:.1f}q-6 0-6 {bend}V{end - bend:.1f}q0 {bend} 6 {bend}H{x - 4:.1f}"
    canvas.path(f"way {kind}", way)
    if arrow.shut and arrow.mark != "wrong":
        canvas.path(f"bar {kind}", f"M{x - 4:.1f} {end - 6:.1f}v12")
    else:
        canvas.path(f"tip {kind}", f"M{x - 1:.1f} {end:.1f}l-9-4.5v9z")
    at = plan.gutter + 6
    for mark, text in pieces_at(arrow):
        canvas.text("label", at, end - 5, (f"said {mark}", text))
        at += (len(text) + 2) * CHARACTER


def _legend(canvas: Canvas, topology: Topology) -> None:
    """Say what the marks mean that are there."""
    x = PAD + 6.0
    drawn: set[Mark | FlowMark] = {*(link.mark for link in topology.links), *(box.mark for box in topology.boxes)}
    drawn |= {flow.mark for flow in topology.flows}
    for mark, meaning in MEANINGS.items():
        if mark in drawn:
            _dot(canvas, mark, x, 12)
            canvas.text("", x + 10, 16, ("quiet", meaning))
            x += (len(meaning) + 4) * CHARACTER
    if any(flow.shut for flow in topology.flows):
        canvas.path("way shut right", f"M{x:.1f} 12h22")
        canvas.path("bar shut right", f"M{x + 22:.1f} 6v12")
        canvas.text("", x + 32, 16, ("quiet", SHUT))
