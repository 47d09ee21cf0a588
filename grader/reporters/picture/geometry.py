"""The layout in pixels: how broad and how high everything is, from what is written in it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from grader.models.topology import FlowMark, Mark, Topology
from grader.reporters.picture import captions
from grader.reporters.picture.arrows import OUTSIDE, Arrow, at_row
from grader.reporters.picture.captions import Caption
from grader.reporters.picture.layout import Block, Layout, Limits, Row, lay_out
from grader.reporters.picture.measure import clip, columns, fold, widest
from grader.reporters.words import clean

CHARACTER = 7.25
"""The breadth of a character of 12 pixels in a monospaced font: 0.602 of its height in most of them."""
LINE = 16
PAD = 10
GAP = 14
TRACK = 12
SLOT = 20
_LONGEST = 26
"""Columns of a text, of which the rest is shown to who points at it."""
_LIMITS = Limits(across=7, full=40, brief=40)
SIGNS: dict[Mark | FlowMark, str] = {"right": "✓", "wrong": "✗", "missing": "?", "extra": "○", "unknown": "!"}


@dataclass(frozen=True, slots=True)
class Said:
    """A line of text that fits, and the whole of it where it was cut."""

    text: str
    tone: str
    full: str = ""


def said(caption: Caption) -> list[Said]:
    """Return a caption as lines that fit."""
    whole = clean(f"{SIGNS[caption.sign]} {caption.text}" if caption.sign else caption.text)
    lines = fold(whole, _LONGEST, caption.lines) or [""]
    full = whole if any(line.endswith("…") for line in lines) else ""
    return [Said(line, caption.tone, full) for line in lines]


def lines_of(found: Iterable[Caption]) -> list[Said]:
    """Return captions as lines."""
    return [line for caption in found for line in said(caption)]


@dataclass(frozen=True, slots=True)
class Placed:
    """A row with its place from the top of its block, its height, and what is written in it."""

    row: Row
    top: float
    height: float
    box: list[Said]
    links: tuple[list[Said], ...]
    arrows: list[Arrow]

    @property
    def wire(self) -> float:
        """How far down its wires run."""
        return self.top + (9 if self.row.is_brief else 14)

    def slot(self, arrow: Arrow) -> float:
        """Return how far down an arrow meets it."""
        return self.top + SLOT - 2 + self.arrows.index(arrow) * SLOT


@dataclass(frozen=True, slots=True)
class Section:
    """A block with the places of all in it."""

    block: Block
    heads: list[list[Said]]
    head: float
    lanes: tuple[tuple[float, float], ...]
    """Where each network begins, and its breadth."""
    rows: list[Placed]
    height: float


@dataclass(frozen=True, slots=True)
class Plan:
    """The whole picture: the gutter of the arrows, the column of containers, the networks."""

    layout: Layout
    labels: float
    boxes: float
    breadth: float
    """Where containers begin, and their breadth."""
    sections: list[Section]
    outside: list[Arrow]

    @property
    def gutter(self) -> float:
        """Where the words at the arrows begin."""
        return PAD + self.layout.tracks * TRACK

    @property
    def width(self) -> float:
        """The breadth of all."""
        ends = [x + breadth for section in self.sections for x, breadth in section.lanes]
        return max([self.boxes + self.breadth, *ends]) + PAD

    @property
    def lead(self) -> float:
        """The height of what stands above all rows: whoever comes from outside."""
        return max(28.0, len(self.outside) * SLOT + 10) + GAP if self.outside else 0.0

    @property
    def height(self) -> float:
        """The height of all."""
        return self.lead + sum(section.height for section in self.sections) + GAP * (len(self.sections) - 1)


def planned(topology: Topology) -> Plan:
    """Return where everything of a topology is drawn."""
    layout = lay_out(topology, _LIMITS)
    words = max((columns(words_at(arrow)) for arrow in layout.arrows), default=0)
    labels = words * CHARACTER + 20 if layout.arrows else 0.0
    names = [line for block in layout.blocks for row in block.rows for line in _box(row)]
    breadth = max(widest(line.text for line in names) * CHARACTER + 20, 70)
    boxes = PAD + layout.tracks * TRACK + labels
    start = boxes + breadth + 20
    sections = [_section(block, start, layout.arrows if not place else ()) for place, block in enumerate(layout.blocks)]
    return Plan(layout, labels, boxes, breadth, sections, at_row(layout.arrows, OUTSIDE))


def words_at(arrow: Arrow) -> str:
    """Return all that is written at an arrow."""
    return "  ".join(text for _, text in pieces_at(arrow))


def pieces_at(arrow: Arrow) -> list[tuple[FlowMark, str]]:
    """Return each way of an arrow in words, with its mark."""
    return [(flow.mark, clip(clean(_sign(flow.mark) + captions.of_flow(flow)), _LONGEST)) for flow in arrow.flows]


def _sign(mark: FlowMark) -> str:
    """Return what is read before a way that is not as it should be, so that colour does not say it alone."""
    return "" if mark == "right" else f"{SIGNS[mark]} "


def _box(row: Row) -> list[Said]:
    names = lines_of(captions.of_name(row.box))
    return names if row.is_brief else [*names, *lines_of(captions.of_box(row.box))]


def _section(block: Block, start: float, arrows: Sequence[Arrow]) -> Section:
    heads = [lines_of(captions.of_lane(lane)) for lane in block.lanes]
    links = [[_beside(row, place) for place in range(len(block.lanes))] for row in block.rows]
    lanes: list[tuple[float, float]] = []
    for place, told in enumerate(heads):
        texts = [line.text for line in (*told, *(line for row in links for line in row[place]))]
        breadth = max(widest(texts) * CHARACTER + 30, 90)
        lanes.append((sum(lanes[-1]) + 8 if lanes else start, breadth))
    head = max(map(len, heads), default=0) * LINE + 20 if heads else 0.0
    rows: list[Placed] = []
    top = head
    for place, (row, beside) in enumerate(zip(block.rows, links, strict=True)):
        placed = _placed(row, top, beside, at_row(arrows, place))
        rows.append(placed)
        top += placed.height + (6 if row.is_brief else GAP)
    return Section(block, heads, head, tuple(lanes), rows, top + (LINE if block.more else 0))


def _beside(row: Row, place: int) -> list[Said]:
    link = row.links[place]
    if link is None:
        return []
    lines = [line for line in lines_of(captions.of_link(row.box, link)) if line.text]
    return lines[:1] if row.is_brief else lines


def _placed(row: Row, top: float, beside: list[list[Said]], arrows: list[Arrow]) -> Placed:
    box = _box(row)
    if row.is_brief:
        return Placed(row, top, 18, box[:1], tuple(beside), arrows)
    under = max(map(len, beside), default=0) * LINE + 20
    height = max(len(box) * LINE + 14, under, len(arrows) * SLOT + 8)
    return Placed(row, top, height, box, tuple(beside), arrows)
