"""The chain behind a page: who looks up whom, who connects to whom, and where the first link is broken."""

from collections.abc import Iterable, Iterator

from grader.judging.causes import apart, idle
from grader.judging.misnaming import misnamed
from grader.judging.names import in_words
from grader.judging.ports import how_it_went, unanswered
from grader.judging.scene import Actor, Scene
from grader.judging.verdict import Cause
from grader.judging.wants import NameWanted


def broken_chain(scene: Scene, role: str) -> Cause | None:
    """Return the first fault on the edges and names that lead away from a role, nearest first.

    A page is the work of all who stand behind its server, so its failure has their causes.
    """
    seen, waiting = {role}, [role]
    while waiting:
        source = waiting.pop(0)
        for target, fault in _steps(scene, source):
            if fault:
                return fault
            if target not in seen:
                seen.add(target)
                waiting.append(target)
    return None


def _steps(scene: Scene, source: str) -> Iterator[tuple[str, Cause | None]]:
    """Yield each role that `source` depends on, with the fault on the way there."""
    for wanted in sorted(scene.wants.names, key=lambda each: each.name):
        if wanted.source == source:
            yield wanted.target, idle(scene, wanted.target) or _unknown_name(scene, wanted)
    pings = ((start, target, None) for start, target in scene.wants.pings)
    for start, target, port in (*sorted(scene.wants.edges), *sorted(pings)):
        if start == source:
            yield target, idle(scene, target) or unreached(scene, source, target, port)


def _unknown_name(scene: Scene, wanted: NameWanted) -> Cause | None:
    for source in scene.role(wanted.source).actors:
        for target in scene.role(wanted.target).actors:
            found = scene.lookup(source.spot, wanted.name)
            if not scene.named_addresses(wanted.target) & set(found.addresses):
                return apart(scene, source, target, by_name=True) or misnamed(scene, source, wanted.name, target)
    return None


def meets(scene: Scene, start: str, end: str, port: int) -> bool:
    """Return whether everybody in one role was seen to connect to everybody in another."""
    pairs = [(source, target) for source in scene.role(start).actors for target in scene.role(end).actors]
    return all("open" in scene.reaches(source, target, port).values() for source, target in pairs)


def unreached(scene: Scene, start: str, end: str, port: int | None) -> Cause | None:
    """Return why somebody in one role was seen not to connect to somebody in another."""
    for source in scene.role(start).actors:
        for target in scene.role(end).actors:
            states = scene.reaches(source, target, port)
            if "open" not in states.values() and "not-observed" not in states.values():
                return unanswered(scene, source, target, port, how_it_went(states))
    return None


def strayed(scene: Scene, role: str) -> Cause | None:
    """Return that a name in the chain behind a role leads elsewhere, so that others may answer for it."""
    for wanted in sorted(scene.wants.names, key=lambda each: (each.source, each.name)):
        if wanted.source not in {role, *scene.wants.behind(role)}:
            continue
        for source in scene.role(wanted.source).actors:
            found = set(scene.lookup(source.spot, wanted.name).addresses)
            targets = scene.role(wanted.target).actors
            if targets and found - _rightful_addresses(scene, wanted):
                return stray(scene, source, wanted.name, targets[0], found)
    return None


def _rightful_addresses(scene: Scene, wanted: NameWanted) -> set[str]:
    """Return the addresses that a name may answer with: those of every role that should bear it."""
    roles = {each.target for each in scene.wants.names if (each.source, each.name) == (wanted.source, wanted.name)}
    return {address for role in roles for address in scene.named_addresses(role)}


def unasked(scene: Scene, role: str) -> str | None:
    """Return that a name in the chain behind a role was not asked for, so that nobody knows whether it strays."""
    for wanted in sorted(scene.wants.names, key=lambda each: (each.source, each.name)):
        if wanted.source not in {role, *scene.wants.behind(role)}:
            continue
        for source in (actor for actor in scene.role(wanted.source).actors if actor.container.state == "running"):
            found = scene.lookup(source.spot, wanted.name)
            if not found.addresses and "not-observed" in (found.ipv4, found.ipv6):
                return (
                    f"whose page it is cannot be told: {wanted.name} was not asked for in the sandbox of {source.label}"
                )
    return None


def stray(scene: Scene, source: Actor, name: str, target: Actor, found: Iterable[str]) -> Cause:
    """Return whose addresses a name leads to instead of the target's."""
    known = apart(scene, source, target, by_name=True) or misnamed(scene, source, name, target)
    told = f"the name {name} leads to {in_words(sorted(found))}, not to {target.label} alone"
    return known or Cause(told, "other-container")
