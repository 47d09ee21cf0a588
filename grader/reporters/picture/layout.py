"""Where everything stands: networks side by side as columns, containers below one another as rows.

Positions are places in a grid and know of no medium: a terminal makes columns of characters of them, SVG pixels.
Networks that do not fit side by side go into a further block below, with the containers that are on them.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from grader.models.topology import Box, Lane, Link, Topology
from grader.reporters.picture.arrows import Arrow, arrows


@dataclass(frozen=True, slots=True)
class Row:
    """A container across the networks of its block; one that plays no part is told in brief."""

    box: Box
    links: tuple[Link | None, ...]
    """One place for each network of the block, None where the container is not on it."""
    is_brief: bool


@dataclass(frozen=True, slots=True)
class Block:
    """Networks side by side, and the containers on them."""

    lanes: tuple[Lane, ...]
    rows: tuple[Row, ...]
    more: int
    """How many containers are left out."""


@dataclass(frozen=True, slots=True)
class Layout:
    """Blocks from top to bottom; all roles stand in the first one, and the arrows are beside it."""

    blocks: tuple[Block, ...]
    arrows: tuple[Arrow, ...]

    @property
    def tracks(self) -> int:
        """How many arrows run side by side."""
        return max((arrow.track + 1 for arrow in self.arrows), default=0)


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a medium shows: networks side by side, containers told in full, and containers told in brief."""

    across: int
    full: int
    brief: int


def lay_out(topology: Topology, limits: Limits) -> Layout:
    """Return the places of all networks, containers and arrows."""
    parts = _parts(topology.lanes, limits.across)
    blocks = tuple(_block(topology, lanes, limits, is_first=not place) for place, lanes in enumerate(parts))
    rows: dict[str, int] = {}
    for place, row in enumerate(blocks[0].rows):
        if row.box.role is not None:
            rows.setdefault(row.box.role, place)
    return Layout(blocks, arrows(topology.flows, rows))


def _parts(lanes: Sequence[Lane], across: int) -> list[tuple[Lane, ...]]:
    """Return the networks in as few parts of about equal size as there may be."""
    parts = -(-len(lanes) // max(across, 1)) or 1
    size = -(-len(lanes) // parts) or 1
    return [tuple(lanes[at : at + size]) for at in range(0, len(lanes) or 1, size)]


def _block(topology: Topology, lanes: tuple[Lane, ...], limits: Limits, *, is_first: bool) -> Block:
    wired = {(link.box, link.lane): link for link in topology.links}
    linked = {box for box, _ in wired}
    along = {box.key: tuple(wired.get((box.key, lane.name)) for lane in lanes) for box in topology.boxes}
    shown = [
        box
        for box in topology.boxes
        if any(along[box.key]) or (is_first and (box.role is not None or box.key not in linked))
    ]
    telling = [box for box in shown if is_telling(box, topology)]
    full, brief = telling[: limits.full], [box for box in shown if box not in telling][: limits.brief]
    rows = [*(Row(box, along[box.key], False) for box in full), *(Row(box, along[box.key], True) for box in brief)]
    return Block(lanes, tuple(rows), len(shown) - len(rows))


def is_telling(box: Box, topology: Topology) -> bool:
    """Return whether a container plays a part, or something about it is other than it should be."""
    marks = {link.mark for link in topology.links if link.box == box.key}
    return box.role is not None or bool({box.mark, *marks} & {"wrong", "missing"})
