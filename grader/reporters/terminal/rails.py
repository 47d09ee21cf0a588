"""Networks as rails: their heads, a container's row across them, and the wires in between."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from rich.text import Text

from grader.models.topology import Box, FlowMark, Lane, Link, Mark
from grader.reporters.picture import captions
from grader.reporters.picture.captions import Caption, Tone
from grader.reporters.picture.layout import Row
from grader.reporters.terminal.pen import BAD, GOOD, QUIET, STRONG, UNSURE, Lines, Pen

MARK_STYLES: dict[Mark | FlowMark, str] = {
    "right": GOOD,
    "wrong": f"{STRONG} {BAD}",
    "missing": BAD,
    "extra": QUIET,
    "unknown": UNSURE,
}
TONE_STYLES: dict[Tone, str] = {"strong": STRONG, "plain": "", "quiet": QUIET, "bad": BAD, "blame": f"{STRONG} {BAD}"}
_LEAD = 3
"""Columns from a container's label to the first rail."""


def mark_sign(pen: Pen, mark: Mark | FlowMark) -> str:
    """Return the sign of a connection or a way."""
    sign: str = getattr(pen.glyphs, "error" if mark == "unknown" else mark)
    return sign


def told(pen: Pen, caption: Caption) -> str:
    """Return a caption behind its sign, raw."""
    return f"{mark_sign(pen, caption.sign)} {caption.text}" if caption.sign else caption.text


@dataclass(frozen=True, slots=True)
class Rails:
    """Some networks side by side, right of a column of labels."""

    pen: Pen
    lanes: Sequence[Lane]
    left: int
    column: int

    def heads(self) -> Lines:
        """Return the names of the networks and what they are, each above its rail."""
        columns = [list(captions.of_lane(lane)) for lane in self.lanes]
        return [
            self._line(Text(), [(self.pen.clip(told(self.pen, c), self.column - 1), TONE_STYLES[c.tone]) for c in row])
            for row in zip_longest(*columns, fillvalue=Caption(""))
        ]

    def gap(self) -> Text:
        """Return a line of nothing but rails."""
        return self._line(Text(), [(self._rail(lane), _rail_style(lane)) for lane in self.lanes])

    def row(self, row: Row) -> Lines:
        """Return a container's row: its label, the wire to each of its networks, and its names there."""
        labels = label(self.pen, row.box, self.left)
        told_there = [list(captions.of_link(row.box, link)) if link else [] for link in row.links]
        first = self._wired(labels[0], row.links, [here[0] if here else Caption("") for here in told_there])
        if row.is_brief:
            return [first]
        columns = [list(self._folded(here[1:])) for here in told_there]
        height = max(len(labels), *(1 + len(column) for column in columns), 1)
        return [first, *(self._below(labels, columns, at) for at in range(1, height))]

    def _line(self, left: Text, cells: Sequence[tuple[str, str]]) -> Text:
        """Return a line of cells that each begin at their rail."""
        line = Text("  ").append_text(left)
        for place, (text, style) in enumerate(cells):
            line.pad_right(max(self._start(place) - line.cell_len, 0))
            line.append(text, style)
        line.rstrip()
        return line

    def _start(self, place: int) -> int:
        return 2 + self.left + _LEAD + place * self.column

    def _rail(self, lane: Lane) -> str:
        return self.pen.glyphs.ghost if lane.mark == "missing" else self.pen.glyphs.rail

    def _wired(self, left: Text, links: Sequence[Link | None], addresses: Sequence[Caption]) -> Text:
        """Return the first line of a row, with wires up to the last network that the container is on."""
        line = Text("  ").append_text(left)
        for place, (lane, link, address) in enumerate(zip(self.lanes, links, addresses, strict=True)):
            self._wire(line, self._start(place), next(filter(None, links[place:]), None))
            if link is None:
                line.append(self._rail(lane), _rail_style(lane))
                continue
            line.append(mark_sign(self.pen, link.mark), MARK_STYLES[link.mark])
            if address.text:
                line.append(f" {self.pen.clip(address.text, self.column - 3)}", TONE_STYLES[address.tone])
        return line

    def _wire(self, line: Text, end: int, towards: Link | None) -> None:
        """Draw up to a column: a wire towards the next connection, or blanks where none follows."""
        if towards is None:
            line.pad_right(max(end - line.cell_len, 0))
            return
        glyph = self.pen.glyphs.gap if towards.mark == "missing" else self.pen.glyphs.wire
        on_rail = line.plain.endswith((self.pen.glyphs.rail, self.pen.glyphs.ghost))
        line.append("" if on_rail else " ")
        line.append(glyph * max(end - line.cell_len, 0), BAD if towards.mark == "wrong" else QUIET)

    def _below(self, labels: Lines, columns: Sequence[Sequence[tuple[str, str]]], at: int) -> Text:
        line = Text("  ").append_text(labels[at] if at < len(labels) else Text())
        for place, (lane, column) in enumerate(zip(self.lanes, columns, strict=True)):
            line.pad_right(max(self._start(place) - line.cell_len, 0))
            line.append(self._rail(lane), _rail_style(lane))
            text, style = column[at - 1] if at <= len(column) else ("", QUIET)
            line.append(f" {text}" if text else "", style)
        return line

    def _folded(self, told_there: Iterable[Caption]) -> Iterator[tuple[str, str]]:
        """Yield the lines under an address."""
        for caption in told_there:
            for text in self.pen.fold(told(self.pen, caption), self.column - 3, most=caption.lines):
                yield text, TONE_STYLES[caption.tone]


def _rail_style(lane: Lane) -> str:
    return BAD if lane.mark == "wrong" else QUIET


def label(pen: Pen, box: Box, width: int) -> Lines:
    """Return a container's name and role, its state where it is special, and its published ports."""
    below = [Text(pen.clip(told(pen, each), width), TONE_STYLES[each.tone]) for each in captions.of_box(box)]
    return [*_names(pen, box, width), *(below if box.role or box.mark != "extra" else [])]


def _names(pen: Pen, box: Box, width: int) -> Lines:
    """Return role and container, side by side where both fit."""
    parts = [Text(pen.clip(each.text, width), TONE_STYLES[each.tone]) for each in captions.of_name(box)]
    beside = Text("  ").join(parts)
    return [beside] if beside.cell_len <= width else parts
