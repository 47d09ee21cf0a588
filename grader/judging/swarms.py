"""Engines that should form a swarm, and what keeps them from it, in one sentence a fault."""

from collections.abc import Callable, Iterator

from grader.judging.scene import Scene
from grader.judging.verdict import Cause, Passing
from grader.models.snapshot import Network, Swarm


def called(host: str) -> str:
    """Return how a sentence names an engine; a rubric that knows only one gives it no name."""
    return "the engine" if host == "default" else f"the engine {host}"


def unnamed(host: str) -> Cause:
    """Return that nobody said which engine a host of the rubric is."""
    return Cause(f"no engine was named for {host}: --host {host}=ADDRESS", "unnamed-engine")


def swarm_of(scene: Scene, host: str) -> Swarm | None:
    """Return an engine's part in a swarm."""
    seen = scene.evidence.hosts.get(host)
    return seen.snapshot.engine.swarm if seen else None


def outside(scene: Scene, host: str) -> Cause | None:
    """Return why an engine takes no part in any swarm."""
    if host not in scene.evidence.hosts:
        return unnamed(host)
    swarm, engine = swarm_of(scene, host), called(host)
    if swarm is None:
        return Cause(f"{engine} is in no swarm: docker swarm {_way_in(scene, host)}", "swarm")
    match swarm.state:
        case "active" if swarm.error:
            told = f"the swarm of {engine} has lost its leader, because too few of its managers are left"
            return Cause(told, "swarm")
        case "active":
            return None
        case "pending":
            told = f"{engine} is still waiting to join its swarm: 2377/tcp of a manager has to be open to it"
            return Passing(told, "swarm")
        case "locked":
            return Cause(f"the swarm of {engine} is locked: docker swarm unlock", "swarm")
        case _:
            told = f"{engine} cannot take part in its swarm: docker swarm leave --force, then join again"
            return Cause(told, "swarm")


def _way_in(scene: Scene, host: str) -> str:
    """Return the command that takes an engine into a swarm: the first one starts it, where no manager is there."""
    others = (swarm_of(scene, other) for other in scene.evidence.hosts if other != host)
    return "join" if any(other and other.manager for other in others) or host != scene.first_host else "init"


def apart(scene: Scene, one: str, other: str) -> Cause | None:
    """Return why two engines are not members of one swarm; that is for a manager to tell."""
    if one == other:
        return None
    one, other = sorted((one, other), key=_order(scene))  # the same sentence, whoever asks
    if fault := next(filter(None, (outside(scene, host) for host in (one, other))), None):
        return fault
    mine, theirs = swarm_of(scene, one), swarm_of(scene, other)
    if mine is None or theirs is None:
        return None  # told above
    nodes = {mine.node: one, theirs.node: other}
    managers = list(_managers(scene))
    for _, manager in managers:
        if nodes.keys() <= set(manager.members):
            return next((_unheard(nodes[node]) for node in nodes if node in manager.down), None)
    if mine.cluster and theirs.cluster and mine.cluster != theirs.cluster:
        return Cause(f"{one} and {other} are in two different swarms: {_again(other)}", "swarm")
    for name, manager in managers:
        if stranger := next((nodes[node] for node in nodes if node not in manager.members), None):
            told = f"the swarm of {called(name)} does not count {stranger} among its members: {_again(stranger)}"
            return Cause(told, "swarm")
    told = f"none of the engines is a manager, so nobody can tell whether {one} and {other} are in one swarm"
    return Cause(told, "swarm")


def _again(host: str) -> str:
    return f"on {host}, docker swarm leave --force, then docker swarm join"


def rank(swarm: Swarm) -> str:
    """Return what an engine is in its swarm."""
    return "manager" if swarm.manager else "worker"


def misranked(scene: Scene, host: str, swarm: Swarm) -> Cause:
    """Return why a member of a swarm has the other rank than it should."""
    others = {name: its for name in scene.evidence.hosts if name != host and (its := swarm_of(scene, name))}
    for other, its in others.items():
        if fault := apart(scene, host, other):
            return fault
        if its.manager != swarm.manager:
            pair = sorted(((host, swarm), (other, its)), key=lambda each: _order(scene)(each[0]))
            (first, one), (second, two) = pair
            told = f"{first} is a {rank(one)} and {second} a {rank(two)}: are the two --host the wrong way round?"
            return Cause(told, "rank")
    if swarm.manager:
        return Cause(f"{called(host)} is a manager{' too' if others else ''}: docker node demote", "rank")
    return Cause(f"{called(host)} is a worker: docker node promote, on a manager", "rank")


def _order(scene: Scene) -> Callable[[str], int]:
    """Return the place of an engine among those that were looked at; one that was not comes last."""
    names = list(scene.evidence.hosts)
    return lambda host: names.index(host) if host in names else len(names)


def _managers(scene: Scene) -> Iterator[tuple[str, Swarm]]:
    for host in scene.evidence.hosts:
        swarm = swarm_of(scene, host)
        if swarm and swarm.manager and swarm.members:
            yield host, swarm


def _unheard(host: str) -> Passing:
    told = f"{called(host)} is down, says the manager of its swarm: 2377/tcp and 7946 have to be open between them"
    return Passing(told, "swarm")


def ready_nodes(scene: Scene, host: str) -> int | None:
    """Return how many nodes the swarm of an engine has that are not down; None where no manager tells."""
    swarm = swarm_of(scene, host)
    knowing = (manager for _, manager in _managers(scene) if swarm and swarm.node in manager.members)
    return next((len(set(manager.members) - set(manager.down)) for manager in knowing), None)


def other_driver(network: Network, driver: str) -> Cause:
    """Return that a network is made by another driver than it should."""
    return Cause(f"{network.name} has the driver {network.driver or 'none'}, not {driver}", "driver")


def closed(network: Network) -> Cause:
    """Return that only services can join a swarm's network."""
    told = f"{network.name} is not attachable, so docker run cannot put a container on it, only services can join"
    return Cause(told, "attachable")
