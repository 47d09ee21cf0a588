"""What was seen of a build, as a picture: the wanted laid over the actual."""

from collections.abc import Iterator, Sequence

from grader.checks.attached import AttachedCheck
from grader.checks.publishes import PublishesCheck
from grader.checks.resolves import ResolvesCheck
from grader.judging import lodging
from grader.judging.names import dns_names
from grader.judging.scene import Actor, Scene
from grader.models.report import CheckResult
from grader.models.snapshot import Container, Network
from grader.models.topology import Box, Lane, Link, Mark, Topology
from grader.rubric.model import Rubric
from grader.topology.flows import judged
from grader.topology.target import networks_of, role_key
from grader.topology.verdicts import Verdicts

_PREDEFINED_UNSEEN = ("host", "none")


def topology(rubric: Rubric, scene: Scene, results: Sequence[CheckResult]) -> Topology:
    """Return the rubric's networks and roles first, in its order, then what else is connected to them."""
    flows = list(judged(rubric.checks, scene, results))
    verdicts = Verdicts(rubric, results, flows)
    wanted = networks_of(rubric)
    stand_ins = {
        match.network.name
        for name in wanted
        for host in scene.evidence.hosts
        if (match := scene.network(name, host)).network
    }
    cast = [actor for name in rubric.roles for actor in scene.role(name).actors]
    others = _others(scene, cast, stand_ins)
    named = {
        name: network
        for name, host in _joined(cast).items()
        if name not in stand_ins and (network := scene.network_called(name, host))
    }
    used = {name for actor in cast for name in verdicts.used(scene, actor)}
    lanes = [
        *(_lane(scene, name, verdicts) for name in wanted),
        *(_extra_lane(net, is_used=net.name in used) for net in named.values()),
    ]
    boxes = [
        *_role_boxes(rubric, scene, verdicts),
        *(_box(container, None, "extra", _place(host)) for host, container in others),
    ]
    links = [
        *_role_links(rubric, scene, wanted, list(named), verdicts),
        *(link for host, container in others for link in _other_links(host, container, scene, wanted, verdicts)),
    ]
    return Topology(lanes=tuple(lanes), boxes=tuple(boxes), links=tuple(links), flows=tuple(flows))


def _joined(cast: Sequence[Actor]) -> dict[str, str]:
    """Return the networks that actors are on, each with an engine that has it."""
    found: dict[str, str] = {}
    for actor in cast:
        for name in actor.networks:
            found.setdefault(name, actor.host)
    return {name: host for name, host in found.items() if name not in _PREDEFINED_UNSEEN}


def _others(scene: Scene, cast: Sequence[Actor], networks: set[str]) -> list[tuple[str, Container]]:
    """Return who else runs on these networks, with their engines."""
    playing = {actor.container.id for actor in cast}
    return [
        (host, container)
        for host, seen in scene.evidence.hosts.items()
        for container in seen.snapshot.containers
        if container.id not in playing
        and container.state == "running"
        and networks & {endpoint.network for endpoint in container.endpoints}
    ]


def _lane(scene: Scene, name: str, verdicts: Verdicts) -> Lane:
    found = (scene.network(name, host) for host in scene.evidence.hosts)
    match = next((match for match in found if match.network), None)
    if match is None or match.network is None:
        return Lane(name=name, mark="missing")
    called = match.network.name if match.slip else None
    return _drawn(match.network, name, called, "wrong" if verdicts.blame(match.network, name) else "right")


def _extra_lane(network: Network, *, is_used: bool) -> Lane:
    """Return a network of the learner's own, which is right if it serves a way that is to be open."""
    return _drawn(network, network.name, None, "right" if is_used else "extra")


def _drawn(network: Network, name: str, called: str | None, mark: Mark) -> Lane:
    special = [
        word for word, true in (("internal", network.internal), ("icc off", not network.inter_container)) if true
    ]
    return Lane(
        name=name,
        called=called,
        driver=network.driver,
        subnets=tuple(pool.subnet for pool in network.subnets),
        mark=mark,
        note=", ".join(special) or None,
    )


def _role_boxes(rubric: Rubric, scene: Scene, verdicts: Verdicts) -> Iterator[Box]:
    for name in rubric.roles:
        match = scene.role(name)
        for actor in match.actors:
            yield _role_box(scene, actor, verdicts)
        if not match.actors:
            note = "ambiguous" if match.rivals else None
            home = match.home or None
            yield Box(key=role_key(name), role=name, container=None, mark="missing", note=note, host=home)


def _role_box(scene: Scene, actor: Actor, verdicts: Verdicts) -> Box:
    running = actor.container.state == "running"
    astray = actor.on_host and bool(scene.wants.networks_of(actor.role))
    box = _box(actor.container, actor.role, "right" if running and not astray else "wrong", _place(actor.host))
    ports = [f"{c.port}/{c.protocol}" for c in verdicts.failed(PublishesCheck) if c.role == actor.role and running]
    bound = {f"{binding.port}/{binding.protocol}" for binding in scene.owner(actor).published}
    faults = verdicts.faults(actor, scene) if running else ()
    changes = {
        "mark": "wrong" if faults else box.mark,
        "faults": faults,
        "note": box.note or lodging.whereabouts(scene, actor),
        "leaks": tuple(dict.fromkeys((*verdicts.leaks(actor.role, box.published), *verdicts.misbound(actor, scene)))),
        "unpublished": tuple(port for port in ports if port not in bound),
    }
    return box.model_copy(update=changes)


def _place(host: str) -> str | None:
    """Return the engine's name where a reader has to tell engines apart."""
    return None if host == "default" else host


def _box(container: Container, role: str | None, mark: Mark, host: str | None) -> Box:
    stopped = f"{container.state} ({container.exit_code})" if container.state == "exited" else container.state
    return Box(
        key=container.id,
        role=role,
        container=container.name,
        mark=mark,
        note=None if container.state == "running" else stopped,
        host=host,
        published=tuple(binding.shown for binding in container.published),
    )


def _role_links(
    rubric: Rubric, scene: Scene, wanted: Sequence[str], extra: Sequence[str], verdicts: Verdicts
) -> Iterator[Link]:
    for role in rubric.roles:
        avoided = {n for c in rubric.checks if isinstance(c, AttachedCheck) and c.role == role for n in c.without}
        for actor in scene.role(role).actors:
            meetings, used = (
                verdicts.meetings(scene, actor) | verdicts.astray(actor, scene),
                verdicts.used(scene, actor),
            )
            for name in (*wanted, *extra):
                mark = _mark(scene, actor, name, avoided | meetings, used)
                if mark:
                    yield _link(scene, actor, name, mark, verdicts)
        if not scene.role(role).actors:
            asked = scene.wants.networks_of(role)
            yield from (Link(box=role_key(role), lane=name, mark="missing") for name in wanted if name in asked)


def _mark(scene: Scene, actor: Actor, name: str, avoided: set[str], used: set[str]) -> Mark | None:
    """Return how a connection stands to what the rubric asks; None where there is none and none is asked for."""
    asked = name in scene.wants.networks_of(actor.role)
    if scene.is_on(actor, name):
        return "right" if asked else "wrong" if name in avoided else "right" if name in used else "extra"
    if name in actor.networks:  # a network of that name, but only its own engine's
        return "wrong" if asked or name in avoided else "extra"
    return "missing" if asked else None


def _link(scene: Scene, actor: Actor, name: str, mark: Mark, verdicts: Verdicts) -> Link:
    match = scene.network(name, actor.host)
    here = match.network.name if match.network else name
    endpoint = next((each for each in actor.endpoints if each.network == here), None)
    own = endpoint is not None and endpoint in actor.container.endpoints and here != "bridge"
    names = _names(actor.container, here) if own else ()
    asked = (
        check.name
        for check in verdicts.failed(ResolvesCheck)
        if actor.role in check.targets and name in scene.wants.networks_of(check.source)
    )
    addresses = endpoint.addresses if endpoint else ()
    return Link(
        box=actor.container.id,
        lane=name,
        mark="wrong" if mark == "right" and addresses and verdicts.misplaced(actor, name, addresses) else mark,
        addresses=addresses,
        names=names,
        nameless=tuple(each for each in asked if each not in names) if own and mark == "right" else (),
    )


def _other_links(
    host: str, container: Container, scene: Scene, wanted: Sequence[str], verdicts: Verdicts
) -> Iterator[Link]:
    for name in wanted:
        match = scene.network(name, host)
        for endpoint in container.endpoints:
            if match.network and endpoint.network == match.network.name:
                names = _names(container, endpoint.network)
                yield Link(
                    box=container.id,
                    lane=name,
                    mark="wrong" if verdicts.stolen(container, names, scene) else "extra",
                    addresses=endpoint.addresses,
                    names=names,
                )


def _names(container: Container, network: str) -> tuple[str, ...]:
    return tuple(sorted(dns_names(container, [network]) - {container.short_id}))
