"""Networks as rails: their heads, a container's row across them, and the wires in between."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from rich.text import Text

from grader.models.topology import Box, Lane, Link, Mark
from grader.reporters.terminal.pen import BAD, GOOD, QUIET, STRONG, Lines, Pen

MARK_STYLES: dict[Mark, str] = {"right": GOOD, "wrong": f"{STRONG} {BAD}", "missing": BAD, "extra": QUIET}
_MOST_PORTS = 2
_MOST_NAMES = 2
_LEAD = 3
"""Columns from a container's label to the first rail."""


def mark_sign(pen: Pen, mark: Mark) -> str:
    """Return the sign of a connection."""
    sign: str = getattr(pen.glyphs, mark)
    return sign


@dataclass(frozen=True, slots=True)
class Rails:
    """Some networks side by side, right of a column of labels."""

    pen: Pen
    lanes: Sequence[Lane]
    left: int
    column: int

    def heads(self) -> Lines:
        """Return the names of the networks and what they are, each above its rail."""
        columns = [list(_head(self.pen, lane)) for lane in self.lanes]
        return [
            self._line(Text(), [(self.pen.clip(text, self.column - 1), style) for text, style in row])
            for row in zip_longest(*columns, fillvalue=("", ""))
        ]

    def gap(self) -> Text:
        """Return a line of nothing but rails."""
        return self._line(Text(), [(self._rail(lane), _rail_style(lane)) for lane in self.lanes])

    def row(self, box: Box, links: Sequence[Link | None]) -> Lines:
        """Return a container's row: its label, the wire to each of its networks, and its names there."""
        labels = label(self.pen, box, self.left)
        columns = [[*self._beside(link)] for link in links]
        height = max(len(labels), *(1 + len(column) for column in columns), 1)
        below = [self._below(labels, columns, at) for at in range(1, height)]
        return [self._wired(labels[0], links, is_planned=box.planned), *below]

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

    def _wired(self, left: Text, links: Sequence[Link | None], *, is_planned: bool) -> Text:
        """Return the first line of a row, with wires up to the last network that the container is on."""
        line = Text("  ").append_text(left)
        for place, (lane, link) in enumerate(zip(self.lanes, links, strict=True)):
            self._wire(line, self._start(place), next(filter(None, links[place:]), None))
            if link is None:
                line.append(self._rail(lane), _rail_style(lane))
            else:
                line.append(mark_sign(self.pen, link.mark), MARK_STYLES[link.mark])
                if link.addresses or not is_planned:
                    line.append(f" {self.pen.clip(_address(link), self.column - 3)}", _address_style(link))
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

    def _beside(self, link: Link | None) -> Iterator[tuple[str, str]]:
        """Yield what stands under an address: further ones, and the names that Docker's DNS knows or should know."""
        if link is None:
            return
        for address in link.addresses[1:]:
            yield self.pen.clip(address, self.column - 3), QUIET
        if link.names:
            for text in self.pen.fold(", ".join(link.names), self.column - 3, most=_MOST_NAMES):
                yield text, QUIET
        for name in link.nameless[:_MOST_NAMES]:
            yield self.pen.clip(f"{mark_sign(self.pen, 'missing')} {name}", self.column - 3), BAD


def _head(pen: Pen, lane: Lane) -> Iterator[tuple[str, str]]:
    style = {"right": STRONG, "wrong": f"{STRONG} {BAD}", "missing": BAD, "extra": QUIET}[lane.mark]
    yield lane.name, style
    if lane.mark == "missing":
        yield "does not exist", BAD
    if lane.called is not None:
        yield f"is called {lane.called}", BAD
    if kind := ", ".join(filter(None, (lane.driver, lane.note))):
        itself = lane.mark == "wrong" and lane.called is None
        yield (f"{mark_sign(pen, 'wrong')} {kind}", BAD) if itself else (kind, QUIET)
    if lane.subnets:
        yield ", ".join(lane.subnets), QUIET


def _rail_style(lane: Lane) -> str:
    return BAD if lane.mark == "wrong" else QUIET


def _address(link: Link) -> str:
    if link.mark == "missing":
        return "missing"
    return link.addresses[0] if link.addresses else "no address"


def _address_style(link: Link) -> str:
    if not link.addresses:
        return BAD
    return {"right": "", "wrong": BAD, "missing": BAD, "extra": QUIET}[link.mark]


def label(pen: Pen, box: Box, width: int) -> Lines:
    """Return a container's name and role, its state where it is special, and its published ports."""
    place = [(f"on {box.host}", QUIET)] if box.host and box.role else []
    below = [*place, *_state(pen, box), *_ports(pen, box)]
    return [*_names(pen, box, width), *(Text(pen.clip(text, width), style) for text, style in below)]


def _state(pen: Pen, box: Box) -> Iterator[tuple[str, str]]:
    if box.note and box.mark in ("wrong", "missing"):
        yield f"{mark_sign(pen, box.mark)} {box.note}", BAD
    elif box.note:
        yield box.note, QUIET


def _ports(pen: Pen, box: Box) -> Iterator[tuple[str, str]]:
    """Yield a few published ports, first those that are wrong, and those that are missing."""
    leaks = dict.fromkeys(_short(port) for port in box.leaks)
    others = dict.fromkeys(port for port in map(_short, box.published) if port not in leaks)
    for port in list(leaks)[:_MOST_PORTS]:
        yield f"{mark_sign(pen, 'wrong')} {port}", BAD
    for port in list(others)[: _MOST_PORTS - len(leaks)]:
        yield port, QUIET
    for port in box.unpublished[:_MOST_PORTS]:
        yield f"{mark_sign(pen, 'missing')} {port} not published", BAD


def _short(binding: str) -> str:
    """Return `*:8080->80/tcp` for a binding at every address, which docker shows for IPv4 and IPv6 apart."""
    for everywhere in ("0.0.0.0:", "[::]:"):
        if binding.startswith(everywhere):
            return f"*:{binding.removeprefix(everywhere)}"
    return binding


def _names(pen: Pen, box: Box, width: int) -> Lines:
    """Return role and container, side by side where both fit."""
    if box.role is None:
        place = f" on {box.host}" if box.host else ""
        return [Text(pen.clip(f"{box.container or box.key}{place}", width), QUIET)]
    role, style = Text(pen.clip(box.role, width), STRONG), QUIET if box.container else BAD
    if box.container == box.role or (box.planned and not box.container):
        return [role]
    container = pen.clip(box.container or "nobody", width)
    beside = Text.assemble(role, "  ", (container, style))
    return [beside] if beside.cell_len <= width else [role, Text(container, style)]
