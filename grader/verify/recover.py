"""From evidence of a build back to a world that can be changed: the state of the engines, and what programs do."""

from collections.abc import Collection, Iterator, Sequence

from grader.checks.http import HttpCheck
from grader.evaluate import scene_of
from grader.judging import requests, sandboxes
from grader.judging.questions import questions
from grader.judging.scene import Actor, Scene
from grader.judging.world import Inside, Need, Voice, World
from grader.models.evidence import Evidence, HostEvidence
from grader.models.probe import HOST, Connect, Exchange, Exchanged, Listener, Observation, Reached
from grader.models.snapshot import Container
from grader.rubric.model import Loaded

_EVERYWHERE = "0.0.0.0"  # noqa: S104 - told of, never bound


def recovered(loaded: Loaded, evidence: Evidence) -> World:
    """Return the world that would have given this evidence."""
    scene = scene_of(loaded, evidence)
    chained = {
        (check.port, check.path) for check in loaded.rubric.checks if isinstance(check, HttpCheck) and check.through
    }
    insides = {
        container.id: _inside(scene, name, host, container, chained)
        for name, host in evidence.hosts.items()
        for container in host.snapshot.containers
    }
    return World({name: host.snapshot for name, host in evidence.hosts.items()}, insides)


def seen(loaded: Loaded, evidence: Evidence, world: World) -> Evidence:
    """Return what a run would have recorded of a world; all else is as in the evidence that it came from."""
    asked = questions(loaded.rubric.wants, world.snapshots)
    hosts = {
        name: HostEvidence(snapshot=snapshot, observations=world.observations(name, asked[name]))
        for name, snapshot in world.snapshots.items()
    }
    return evidence.model_copy(update={"hosts": hosts})


def _inside(
    scene: Scene, host: str, seen_there: HostEvidence, container: Container, chained: Collection[tuple[int, str]]
) -> Inside:
    source = sandboxes.source_of(container, seen_there.snapshot.containers)
    look = next((each for each in seen_there.observations if each.source == source), None)
    if look is None or container.state != "running":
        return Inside(needs=tuple(_needs(scene, host, container)))
    return Inside(
        listens=_listeners(scene, host, look, container),
        voices=tuple(_voices(seen_there, look, container, chained)),
        needs=tuple(_needs(scene, host, container)),
        default_route=_default_route(look, container),
        blind=look.sandbox is None,
    )


def _listeners(scene: Scene, host: str, look: Observation, container: Container) -> tuple[Listener, ...]:
    """Return what a container listens on; in a sandbox of several, what its role and its image speak for."""
    found = _accepting(scene, host, look, container)
    own = _spoken_for(scene, container)
    if look.source == container.id:
        everybody = scene.snapshot(host).containers
        others = (each for each in everybody if each != container and each.state == "running")
        guests = (each for each in others if sandboxes.source_of(each, everybody) == look.source)
        theirs = {port for each in guests for port in _spoken_for(scene, each)}
        return tuple(each for each in found if each.port in own or each.port not in theirs)
    bound = {b.host_port for each in scene.snapshot(host).containers for b in each.published}
    return tuple(each for each in found if each.port in own or (not own and each.port not in bound))


def _spoken_for(scene: Scene, container: Container) -> set[int]:
    """Return the ports that a container's image and role speak for."""
    roles = [match.role for match in scene.cast.values() for each in match.actors if each.container.id == container.id]
    return {port.number for port in container.exposed} | {port for role in roles for port in _ports_of(scene, role)}


def _accepting(scene: Scene, host: str, look: Observation, container: Container) -> tuple[Listener, ...]:
    """Return who listens; one who began only after the sidecar had looked round has accepted all the same."""
    found = sandboxes.listeners_of(look.sandbox) if look.sandbox else ()
    late = {
        asked.question.port
        for seen_there in scene.evidence.hosts[host].observations
        for asked in seen_there.asked
        if isinstance(asked.question, Connect)
        and isinstance(asked.answer, Reached)
        and asked.question.address in container.addresses
        and asked.answer.state == "open"
    } - {each.port for each in found}
    return (*found, *(Listener(address=_EVERYWHERE, port=port) for port in sorted(late)))


def _ports_of(scene: Scene, role: str) -> set[int]:
    return {port for _, target, port in scene.wants.edges if target == role}


def _voices(
    seen_there: HostEvidence, look: Observation, container: Container, chained: Collection[tuple[int, str]]
) -> Iterator[Voice]:
    """Yield what was said at the container's own addresses, in its own sandbox and to the host.

    `chained` are ports and paths.
    """
    chains = {(requests.http_get("", *page).request, page[0]) for page in chained}
    for question, answer in _said(seen_there, look, container):
        if answer.response:
            chained_here = (question.request, question.port) in chains
            yield Voice(question.port, answer.response, question.request, chained_here)


def _said(seen_there: HostEvidence, look: Observation, container: Container) -> Iterator[tuple[Exchange, Exchanged]]:
    own = {*container.addresses, *(e.address for e in (look.sandbox.interfaces if look.sandbox else ()))}
    others = {address for each in seen_there.snapshot.containers for address in each.addresses}
    for seen_from in seen_there.observations:
        for each in seen_from.asked if seen_from.source in (look.source, HOST) else ():
            question, answer = each.question, each.answer
            if not isinstance(question, Exchange) or not isinstance(answer, Exchanged):
                continue
            at_home = question.address in own if look.source != HOST else question.address not in others
            if at_home if seen_from is look else question.address in container.addresses:
                yield question, answer


def _needs(scene: Scene, host: str, container: Container) -> Iterator[Need]:
    for match in scene.cast.values():
        if not _plays(match.actors, host, container):
            continue
        for wanted in sorted(scene.wants.names, key=lambda each: (each.name, each.target)):
            if wanted.source == match.role:
                yield Need(_ids(scene, wanted.target), name=wanted.name)
        for source, target, port in sorted(scene.wants.edges):
            if source == match.role:
                yield Need(_ids(scene, target), port=port)


def _ids(scene: Scene, role: str) -> tuple[str, ...]:
    return tuple(actor.container.id for actor in scene.role(role).actors)


def _plays(actors: Sequence[Actor], host: str, container: Container) -> bool:
    return any((actor.host, actor.container.id) == (host, container.id) for actor in actors)


def _default_route(look: Observation, container: Container) -> str | None:
    """Return the network whose gateway the default route of a sandbox leads to."""
    routes = look.sandbox.routes if look.sandbox else ()
    vias = {route.gateway for route in routes if route.destination == "0.0.0.0/0"}
    return next((each.network for each in container.endpoints if each.gateway in vias), None)
