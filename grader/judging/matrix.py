"""Who reaches whom among several roles, laid out as ordered pairs, and the faults behind the wrong ones.

A pair alone cannot tell which of two containers stands on a network wrongly; the whole matrix often can: the one
that has nobody to reach there.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import chain

from grader.judging import causes, outside
from grader.judging.names import in_words
from grader.judging.outside import OUTSIDE
from grader.judging.pairs import not_at_work
from grader.judging.scene import Actor, Scene
from grader.judging.verdict import Cause, Part
from grader.judging.ways_open import judge_open
from grader.judging.ways_shut import FROM_NOBODY, Blame, judge_shut
from grader.models.snapshot import Binding, Network


@dataclass(frozen=True, slots=True)
class Edge:
    """An ordered pair of roles, the port of the second, and whether the first has to get through."""

    source: str
    target: str
    port: int
    is_open: bool

    def __str__(self) -> str:
        """Show it as an arrow."""
        return f"{self.source} -> {self.target}:{self.port}"

    @property
    def wanted(self) -> str:
        """Its demand."""
        return f"{self} {'open' if self.is_open else 'closed'}"


def judge_matrix(scene: Scene, edges: Sequence[Edge]) -> list[Part]:
    """Return one part for each edge, those first that were lost to the dearest fault.

    Open edges together weigh as much as closed ones together: all on one network, or each on its own, is worth half.
    """
    blame = _MatrixBlame(scene, edges)
    found = [(edge, _judged(scene, edge, blame)) for edge in edges]
    told = _strangers(scene, found)
    parts = [replace(_shown(edge, part), weight=_weight(edge, edges)) for edge, part in told]
    lost: dict[str | None, Fraction] = {}
    for part in parts:
        cause = part.cause if part.outcome == "failed" else None
        lost[cause] = lost.get(cause, Fraction(0)) + (part.weight if cause else 0)
    return sorted(parts, key=lambda part: -lost[part.cause if part.outcome == "failed" else None])


def _weight(edge: Edge, edges: Sequence[Edge]) -> Fraction:
    alike = sum(other.is_open == edge.is_open for other in edges)
    return Fraction(1) if alike == len(edges) else Fraction(len(edges), 2 * alike)


def _judged(scene: Scene, edge: Edge, blame: Blame) -> Part:
    if edge.is_open:
        (part,) = judge_open(scene, edge.source, edge.target, edge.port, edge.wanted)
    else:
        (part,) = judge_shut(scene, edge.source, edge.target, edge.port, edge.wanted, blame)
    return part


def _shown(edge: Edge, part: Part) -> Part:
    """Return the part in the words of the matrix, with a line of evidence where it is wrong."""
    if part.outcome != "failed":
        return part
    idle = part.actual in (FROM_NOBODY, not_at_work(edge.source), not_at_work(edge.target))
    is_open = not edge.is_open and not idle
    word = "open" if is_open else "closed"
    seen = f"but {part.actual}" if idle else f"is {word} ({part.actual})"
    actual = f"{edge}: {part.actual}" if idle else f"{edge} {word}"
    return replace(part, actual=actual).seen(f"{edge} should be {'open' if edge.is_open else 'closed'}, {seen}")


class _MatrixBlame(Blame):
    """Tells who stands wrongly on a network by what else it is there for."""

    def __init__(self, scene: Scene, edges: Sequence[Edge]) -> None:
        self.scene = scene
        self.open = [edge for edge in edges if edge.is_open and edge.source != OUTSIDE]
        self.shut = [edge for edge in edges if not edge.is_open and edge.source != OUTSIDE]
        roles = dict.fromkeys(chain.from_iterable((edge.source, edge.target) for edge in (*self.open, *self.shut)))
        self.actors = {role: scene.role(role).actors for role in roles}

    def way_round(self, source: Actor, target: Actor, binding: Binding, address: str) -> Cause:
        """Return the one sentence for all who get in by a published port."""
        told = outside.opened(self.scene, target, binding.port)
        return told or super().way_round(source, target, binding, address)

    def meeting(self, scene: Scene, source: Actor, target: Actor) -> Cause | None:
        """Return the fault behind a meeting; one that many edges share is told in the same words for each."""
        if fault := causes.merged(self.scene, source, target) or self._joined(source, target):
            return fault
        shared = scene.shared_networks(source, target)
        for network in [each for each in shared if each.inter_container] or shared:
            told = causes.intruder(scene, source, target, network) or self._intruder(source, target, network)
            return told or self._gathering(source, target, network)
        return None

    def _joined(self, source: Actor, target: Actor) -> Cause | None:
        """Return that one of the two lives in the sandbox of a third."""
        for actor in (source, target):
            for other in chain.from_iterable(self.actors.values()):
                if other.spot == actor.spot and other.role != actor.role:
                    return causes.one_sandbox(self.scene, actor, other)
        return None

    def _intruder(self, source: Actor, target: Actor, network: Network) -> Cause | None:
        idle = [actor for actor in (source, target) if not self._needs(actor, network)]
        return causes.trespass(self.scene, idle[0], network.name) if len(idle) == 1 else None

    def _needs(self, actor: Actor, network: Network) -> bool:
        """Return whether an open edge of the actor's leads over this network and over no other."""
        partners = [edge.target if edge.source == actor.role else edge.source for edge in self.open if _at(edge, actor)]
        others = (other for role in partners for other in self.actors[role])
        return any(
            [net.name for net in self.scene.shared_networks(actor, other) if net.inter_container] == [network.name]
            for other in others
        )

    def _gathering(self, source: Actor, target: Actor, network: Network) -> Cause:
        """Return whom the network joins that have to be kept apart, and of whom none stands there alone wrongly."""
        pairs = {
            frozenset((edge.source, edge.target))
            for edge in self.shut
            for one in self.actors[edge.source]
            for other in self.actors[edge.target]
            if network.name in one.networks and network.name in other.networks
            if not self._intruder(one, other, network)
        }
        pair = frozenset((source.role, target.role))
        hub, others = next((hub, others) for hub, others in _stars(pairs | {pair}) if pair <= {hub, *others})
        if len(others) == 1:
            return causes.both_on(self.scene, source, target, network)
        apart = in_words(_label(self.scene, other) for other in others)
        kept = f"{_label(self.scene, hub)} has to be kept apart from {apart}"
        return Cause(f"{kept}, but all of them are on {network.name}", "forbidden")


def _at(edge: Edge, actor: Actor) -> bool:
    return actor.role in (edge.source, edge.target)


def _strangers(scene: Scene, found: Iterable[tuple[Edge, Part]]) -> list[tuple[Edge, Part]]:
    """Tell of one who shares a network with none of several partners, or has none at all, in one sentence."""
    judged = list(found)
    apart = {edge for edge, part in judged if _are_strangers(scene, edge, part)}
    sentences = {
        frozenset((hub, other)): _alone_among(scene, hub, others)
        for hub, others in _stars(frozenset((edge.source, edge.target)) for edge in apart)
        if len(others) > 1
        for other in others
    }
    told = {edge: _alone(scene, edge) or sentences.get(frozenset((edge.source, edge.target))) for edge in apart}
    return [(edge, replace(part, cause=told.get(edge) or part.cause)) for edge, part in judged]


def _are_strangers(scene: Scene, edge: Edge, part: Part) -> bool:
    if edge.source == OUTSIDE or not edge.is_open or part.outcome != "failed":
        return False
    sources, targets = scene.role(edge.source).actors, scene.role(edge.target).actors
    return any(part.cause == causes.strangers(scene, one, other) for one in sources for other in targets)


def _alone_among(scene: Scene, hub: str, others: Iterable[str]) -> Cause:
    partners = " nor with ".join(_label(scene, each) for each in others)
    return Cause(f"{_label(scene, hub)} shares a network neither with {partners}", "apart")


def _alone(scene: Scene, edge: Edge) -> Cause | None:
    actors = (actor for role in (edge.source, edge.target) for actor in scene.role(role).actors)
    return next(filter(None, map(causes.networkless, actors)), None)


def _stars(pairs: Iterable[frozenset[str]]) -> list[tuple[str, list[str]]]:
    """Return the pairs as few hubs with their partners, the one with most partners first."""
    left, stars = set(pairs), []
    while left:
        roles = sorted({role for pair in left for role in pair})
        hub = max(roles, key=lambda role: sum(role in pair for pair in left))
        mine = {pair for pair in left if hub in pair}
        stars.append((hub, sorted(role for pair in mine for role in pair - {hub})))
        left -= mine
    return stars


def _label(scene: Scene, role: str) -> str:
    actors = scene.role(role).actors
    return actors[0].label if actors else role
