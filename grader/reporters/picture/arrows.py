"""Who asks whom, as arrows beside the rows: each on a track of its own where two would run over one another."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from grader.models.topology import Flow, FlowMark

OUTSIDE = -1
"""The row of whoever comes from outside: above all others."""
_WORST: tuple[FlowMark, ...] = ("wrong", "missing", "unknown", "right")


@dataclass(frozen=True, slots=True)
class Arrow:
    """All ways from one role to another that are to be open, or all that are to be shut.

    `source` and `target` are rows of the first block. `track` counts from the boxes outwards.
    """

    source: int
    target: int
    flows: tuple[Flow, ...]
    track: int = 0

    @property
    def shut(self) -> bool:
        """Whether nothing should get through."""
        return self.flows[0].shut

    @property
    def mark(self) -> FlowMark:
        """The worst that is said of its ways."""
        return worst(self.flows)

    @property
    def top(self) -> int:
        """The upper one of its rows."""
        return min(self.source, self.target)

    @property
    def bottom(self) -> int:
        """The lower one of its rows."""
        return max(self.source, self.target)


def worst(flows: Iterable[Flow]) -> FlowMark:
    """Return the worst that is said of some ways."""
    marks = {flow.mark for flow in flows}
    return next(mark for mark in _WORST if mark in marks)


def pairs(flows: Iterable[Flow]) -> list[tuple[Flow, ...]]:
    """Return the ways from one role to another together, those that are to be open apart from those to be shut."""
    found: dict[tuple[str, str, bool], list[Flow]] = {}
    for flow in flows:
        found.setdefault((flow.source, flow.target, flow.shut), []).append(flow)
    return [tuple(each) for each in found.values()]


def arrows(flows: Iterable[Flow], rows: Mapping[str, int]) -> tuple[Arrow, ...]:
    """Return an arrow for each pair of roles that stand somewhere, in the order of `flows`."""
    places = {"outside": OUTSIDE, **rows}
    bare = [
        Arrow(places[each[0].source], places[each[0].target], each)
        for each in pairs(flows)
        if each[0].source in places and each[0].target in places
    ]
    return _on_tracks([arrow for arrow in bare if arrow.source != arrow.target])


def _on_tracks(bare: Sequence[Arrow]) -> tuple[Arrow, ...]:
    """Return the arrows on tracks, the shortest next to the boxes."""
    taken: list[list[Arrow]] = []
    tracks: dict[int, int] = {}
    for place, arrow in sorted(enumerate(bare), key=lambda each: (each[1].bottom - each[1].top, each[1].top, each[0])):
        free = (track for track, others in enumerate(taken) if not any(_overlap(arrow, other) for other in others))
        track = next(free, len(taken))
        taken[track:] = taken[track:] or [[]]
        taken[track].append(arrow)
        tracks[place] = track
    return tuple(replace(arrow, track=tracks[place]) for place, arrow in enumerate(bare))


def _overlap(one: Arrow, other: Arrow) -> bool:
    """Return whether two arrows pass the same row; one that ends where the other begins does not."""
    return one.top < other.bottom and other.top < one.bottom


def at_row(found: Iterable[Arrow], row: int) -> list[Arrow]:
    """Return the arrows that begin or end at a row, from top to bottom and so that none crosses another there."""
    here = [arrow for arrow in found if row in (arrow.source, arrow.target)]
    upwards = [arrow for arrow in here if arrow.bottom == row]
    downwards = [arrow for arrow in here if arrow.top == row]
    return [*sorted(upwards, key=lambda a: a.track), *sorted(downwards, key=lambda a: -a.track)]
