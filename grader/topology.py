"""What the picture of a build is drawn from: the wanted laid over the actual."""

from collections.abc import Iterator, Sequence

from grader.checks.attached import AttachedCheck
from grader.checks.network import NetworkCheck
from grader.judging import lodging
from grader.judging.names import dns_names
from grader.judging.scene import Actor, Scene
from grader.models.report import CheckResult
from grader.models.snapshot import Container, Network
from grader.models.topology import Box, Lane, Link, Mark, Topology
from grader.rubric.model import Rubric

_PREDEFINED_UNSEEN = ("host", "none")


def topology(rubric: Rubric, scene: Scene, results: Sequence[CheckResult]) -> Topology:
    """Return the rubric's networks and roles first, in its order, then what else is connected to them."""
    wanted = _wanted_networks(rubric)
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
    lanes = [
        *(_lane(scene, name, results, rubric) for name in wanted),
        *(_extra_lane(net) for net in named.values()),
    ]
    boxes = [*_role_boxes(rubric, scene), *(_box(container, None, "extra") for _, container in others)]
    links = [
        *_role_links(rubric, scene, wanted, list(named)),
        *(link for host, container in others for link in _other_links(host, container, scene, wanted)),
    ]
    return Topology(lanes=tuple(lanes), boxes=tuple(boxes), links=tuple(links))


def _wanted_networks(rubric: Rubric) -> list[str]:
    """Return the rubric's networks in the order in which it names them."""
    return list(dict.fromkeys(name for check in rubric.checks for name in sorted(check.wants().networks)))


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


def _lane(scene: Scene, name: str, results: Sequence[CheckResult], rubric: Rubric) -> Lane:
    found = (scene.network(name, host) for host in scene.evidence.hosts)
    match = next((match for match in found if match.network), None)
    if match is None or match.network is None:
        return Lane(name=name, mark="missing")
    asking = {check.id for check in rubric.checks if isinstance(check, NetworkCheck) and check.network == name}
    wrong = any(result.id in asking and result.status == "failed" for result in results)
    called = match.network.name if match.slip else None
    return _drawn(match.network, name, called, "wrong" if wrong else "right")


def _extra_lane(network: Network) -> Lane:
    return _drawn(network, network.name, None, "extra")


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


def _role_boxes(rubric: Rubric, scene: Scene) -> Iterator[Box]:
    for name in rubric.roles:
        match = scene.role(name)
        for actor in match.actors:
            mark: Mark = "right" if actor.container.state == "running" else "wrong"
            yield _box(actor.container, name, mark, lodging.whereabouts(scene, actor))
        if not match.actors:
            note = "ambiguous" if match.rivals else None
            yield Box(key=f"role:{name}", role=name, container=None, mark="missing", note=note)


def _box(container: Container, role: str | None, mark: Mark, whereabouts: str | None = None) -> Box:
    stopped = f"{container.state} ({container.exit_code})" if container.state == "exited" else container.state
    return Box(
        key=container.id,
        role=role,
        container=container.name,
        mark=mark,
        note=whereabouts if container.state == "running" else stopped,
        published=tuple(binding.shown for binding in container.published),
    )


def _role_links(rubric: Rubric, scene: Scene, wanted: Sequence[str], extra: Sequence[str]) -> Iterator[Link]:
    for role in rubric.roles:
        avoided = {n for c in rubric.checks if isinstance(c, AttachedCheck) and c.role == role for n in c.without}
        for actor in scene.role(role).actors:
            for name in (*wanted, *extra):
                mark = _mark(scene, actor, name, avoided)
                if mark:
                    yield _link(scene, actor, name, mark)
        if not scene.role(role).actors:
            asked = scene.wants.networks_of(role)
            yield from (Link(box=f"role:{role}", lane=name, mark="missing") for name in wanted if name in asked)


def _mark(scene: Scene, actor: Actor, name: str, avoided: set[str]) -> Mark | None:
    """Return how a connection stands to what the rubric asks; None where there is none and none is asked for."""
    asked = name in scene.wants.networks_of(actor.role)
    if scene.is_on(actor, name) or name in actor.networks:
        return "right" if asked else "wrong" if name in avoided else "extra"
    return "missing" if asked else None


def _link(scene: Scene, actor: Actor, name: str, mark: Mark) -> Link:
    match = scene.network(name, actor.host)
    here = match.network.name if match.network else name
    endpoint = next((each for each in actor.endpoints if each.network == here), None)
    return Link(
        box=actor.container.id,
        lane=name,
        mark=mark,
        addresses=endpoint.addresses if endpoint else (),
        names=_names(actor.container, here) if endpoint and here != "bridge" and _is_owner(scene, actor) else (),
    )


def _other_links(host: str, container: Container, scene: Scene, wanted: Sequence[str]) -> Iterator[Link]:
    for name in wanted:
        match = scene.network(name, host)
        for endpoint in container.endpoints:
            if match.network and endpoint.network == match.network.name:
                yield Link(
                    box=container.id,
                    lane=name,
                    mark="extra",
                    addresses=endpoint.addresses,
                    names=_names(container, endpoint.network),
                )


def _names(container: Container, network: str) -> tuple[str, ...]:
    return tuple(sorted(dns_names(container, [network]) - {container.short_id}))


def _is_owner(scene: Scene, actor: Actor) -> bool:
    """Return whether the sandbox is the actor's own: only its owner has names."""
    return scene.owner(actor).id == actor.container.id
