"""The search for the fault behind a failure.

Every function returns one sentence that names the fault, or None where it finds none; the same fault
gives the same sentence wherever it is met, so that the report can name it once.
"""

from grader.judging import lodging, pools, sandboxes, swarms
from grader.judging.misnaming import misnamed
from grader.judging.names import in_words
from grader.judging.scene import Actor, RoleMatch, Scene
from grader.judging.verdict import Cause, Telling, TellingPassing
from grader.models.snapshot import Network

_AVX_EXIT = 132
"""SIGILL: MongoDB 5 and later need a processor with AVX."""


def casting(match: RoleMatch) -> Cause | None:
    """Return why nobody plays a role."""
    if match.unnamed:
        return swarms.unnamed(match.home)
    if match.rivals:
        told = f"{in_words(match.rivals)} could each be {match.role}: remove one, or label the right one"
        return Telling(f"{told} grade.role={match.role}", "rivals")
    if match.actors:
        return None
    place = f" on the engine {match.home}" if match.home else ""
    perhaps = "".join(f"; {in_words(words)}" for words in (match.taken, match.unheard) if words)
    return Cause(f"there is no {match.role} container{place} ({match.wanted}){perhaps}", "missing-role")


def idle(scene: Scene, role: str) -> Cause | None:
    """Return why a role is not at work: nobody plays it, or its container does not run."""
    match = scene.role(role)
    return casting(match) or next(filter(None, (stopped(scene, actor) for actor in match.actors)), None)


def stopped(scene: Scene, actor: Actor) -> Cause | None:
    """Return why a container does not run, and behind that the name that it died without."""
    container = actor.container
    if container.state == "running":
        return _restarts(actor) if _crash_loops(scene, actor) else None
    if container.state == "created" and (fault := barred(scene, actor)):
        return fault
    if gone := scene.removed(actor):
        return _removed(scene, actor, gone[0])
    died = container.state in ("exited", "restarting") and container.exit_code == 1
    return (nameless(scene, actor) if died else None) or _state(actor)


def barred(scene: Scene, actor: Actor) -> Cause | None:
    """Return why a container that never started could not join a network that it was made for."""
    for wanted in sorted(scene.wants.networks_of(actor.role)):
        network = scene.network(wanted, actor.host).network
        if (network.name if network else wanted) in actor.networks and (fault := unattached(scene, actor, wanted)):
            return fault
    return None


def _crash_loops(scene: Scene, actor: Actor) -> bool:
    """Return whether a container that runs at the moment is between two of its crashes: it listens to nobody."""
    if not actor.container.restarts or not scene.snapshot(actor.host).is_young(actor.container):
        return False
    sandbox = scene.sandbox(actor)
    return sandbox is None or not sandboxes.listeners_of(sandbox)


def _restarts(actor: Actor) -> TellingPassing:
    return TellingPassing(f"{actor.label} keeps restarting: docker logs {actor.container.name} tells why", "stopped")


def _state(actor: Actor) -> Cause:
    return _restarts(actor) if _is_looping(actor) else Telling(_standstill(actor), "stopped")


def _is_looping(actor: Actor) -> bool:
    return actor.container.state == "restarting" and actor.container.exit_code != _AVX_EXIT


def _standstill(actor: Actor) -> str:
    container, label = actor.container, actor.label
    match container.state:
        case "created" if container.port_taken:
            return (
                f"{label} could not start: a port of the host that it publishes is already in use; "
                "free it or publish another"
            )
        case "created":
            return f"{label} was created but never started: docker start {container.name}"
        case "paused":
            return f"{label} is paused: docker unpause {container.name}"
        case "exited" | "restarting" if container.exit_code == _AVX_EXIT:
            return (
                f"{label} stopped with exit code 132: its program needs a processor with AVX, as MongoDB does "
                "from version 5 on; mongo:4.4 runs without"
            )
        case "removing" | "dead":
            return f"{label} is being removed"
        case "exited" if container.oom_killed:
            return f"{label} was stopped because it ran out of memory: give it more, then docker start {container.name}"
        case "exited":
            return (
                f"{label} is stopped (exit code {container.exit_code}): docker start {container.name} starts it again; "
                f"if it does not stay up, docker logs {container.name} tells why"
            )
        case _:
            return f"{label} does not run"


def nameless(scene: Scene, actor: Actor) -> Cause | None:
    """Return why a name that a program needs leads nowhere.

    nginx, for one, waits for the names of its upstreams when it starts, and exits without them.
    """
    for wanted in sorted(scene.wants.names, key=lambda each: each.name):
        if wanted.source != actor.role:
            continue
        match = scene.role(wanted.target)
        if fault := casting(match):
            return fault
        for target in match.actors:
            if target.container.state != "running":
                return _state(target)
            if fault := apart(scene, actor, target, by_name=True) or misnamed(scene, actor, wanted.name, target):
                return fault
    return None


def absent_network(scene: Scene, wanted: str) -> Cause | None:
    """Return that a network does not exist on any engine, not even under a name that is nearly right."""
    if any(scene.network(wanted, host).network for host in scene.evidence.hosts):
        return None
    return next(pools.taken(scene, wanted), Cause(f"the network {wanted} does not exist", "missing-network"))


def unattached(scene: Scene, actor: Actor, wanted: str) -> Cause | None:
    """Return why an actor is not connected to a network that it should be on."""
    spanning = scene.spanning(wanted)
    if scene.is_on(actor, wanted):
        return _closed(actor, spanning[1]) if spanning else None
    if actor.on_host:
        return on_hosts_network(actor)
    if spanning and (fault := swarms.apart(scene, spanning[0], actor.host) or _namesake(scene, actor, wanted)):
        return fault
    if (network := scene.network(wanted, actor.host).network) and network.name in scene.removed(actor):
        return _removed(scene, actor, network.name)
    told = Cause(f"{actor.label} is not on {_spoken(wanted)}", "absent")
    return absent_network(scene, wanted) or lodging.secluded(scene, actor) or told


def _removed(scene: Scene, actor: Actor, network: str) -> Cause:
    """Return that a container at rest cannot start, because a network of its has been removed."""
    name, owner = _spoken(network), scene.owner(actor).name
    new = scene.network_called(network, actor.host)
    told = f"{actor.label} is stopped, and the {name} that it was on has been removed"
    told += f"; today's {name} is another one" if new else f": docker network create {network}"
    mend = f"docker network connect {network} {owner}, then docker start {owner}"
    return Cause(f"{told}{':' if new else ','} {mend}", "absent")


def astray(scene: Scene, actor: Actor) -> Cause | None:
    """Return why an actor does not live in the sandbox that it should share."""
    for host in sorted(host for role, host in scene.wants.shared if role == actor.role):
        if fault := idle(scene, host) or lodging.secluded(scene, actor):
            return fault
        if any(actor.spot == other.spot for other in scene.role(host).actors):
            continue
        owner, wanted = scene.owner(actor), scene.role(host).actors[0]
        if actor.on_host:
            told = f"{actor.label} uses the host's network (--network host), not the sandbox of {wanted.label}"
            return Cause(told, "host-network")
        where = "a sandbox of its own" if owner == actor.container else f"the sandbox of {owner.name}"
        told = f"{actor.label} lives in {where}, not in that of {wanted.label}"
        return Cause(f"{told} (--network container:{wanted.container.name})", "other-sandbox")
    return None


def _closed(actor: Actor, network: Network) -> Cause | None:
    """Return that a container is on a swarm's network on paper only."""
    started = actor.container.state != "created" or actor.container.service
    return None if started or network.attachable else swarms.closed(network)


def _namesake(scene: Scene, actor: Actor, wanted: str) -> Cause | None:
    """Return that a container is on a network which has only the name of the one that reaches all engines."""
    network = scene.network(wanted, actor.host).network
    if network is None or network.name not in actor.networks:
        return None
    where = swarms.called(actor.host)
    told = f"{actor.label} is on a {network.driver} network called {network.name} that only {where} has"
    return Cause(told, "driver")


def on_hosts_network(actor: Actor) -> Cause:
    """Return that an actor has no sandbox of its own, which has many consequences."""
    told = f"{actor.label} uses the host's network (--network host): it cannot join other networks or publish ports"
    return Cause(f"{told}, and nothing keeps it apart from other containers", "host-network")


def adrift(scene: Scene, actor: Actor) -> Cause:
    """Return why an actor has no address: it is not on a network that the rubric wants it on, or else on none."""
    faults = (unattached(scene, actor, network) for network in sorted(scene.wants.networks_of(actor.role)))
    return next(filter(None, faults), Cause(f"{actor.label} is on no network", "no-network"))


def trespass(scene: Scene, actor: Actor, network: str) -> Cause:
    """Return that an actor is connected to a network that it should keep away from."""
    owner = scene.owner(actor)
    if owner.id != actor.container.id:
        shares = f"{actor.label} shares the network sandbox of {owner.name} (--network container:{owner.name})"
        return Cause(f"{shares}, so it is on {_spoken(network)}, where it does not belong", "shared-sandbox")
    return Cause(f"{actor.label} is on {_spoken(network)}, where it does not belong", "forbidden")


def _spoken(network: str) -> str:
    """Return the name of a network in words: Docker's own first one is called bridge, as its driver is."""
    return "the default bridge" if network == "bridge" else network


def apart(scene: Scene, one: Actor, other: Actor, *, by_name: bool = False) -> Cause | None:
    """Return why two actors share no network on which they can talk, or by which they can find one another."""
    if one.spot == other.spot or (not by_name and one.host == other.host and (one.on_host or other.on_host)):
        return None  # the host and the containers of its bridges reach one another
    shared = [network for network in scene.shared_networks(one, other) if not (by_name and network.name == "bridge")]
    if any(by_name or network.inter_container for network in shared):
        return None
    if fault := astray(scene, one) or astray(scene, other):
        return fault
    for pair in ((one, other), (scene.landlord(one), scene.landlord(other))):
        common = sorted(frozenset.intersection(*(scene.wants.networks_of(actor.role) for actor in pair)))
        faults = (unattached(scene, actor, network) for network in common for actor in pair)
        if fault := next(filter(None, faults), None):
            return fault
    if one.host != other.host:
        return _sundered(scene, one, other)
    if shared:
        return Cause(f"{shared[0].name} forbids traffic between its containers (enable_icc is false)", "closed-network")
    if by_name and "bridge" in one.networks and "bridge" in other.networks:
        told = f"{both(scene, one, other)} share only the default bridge, which has no DNS for container names"
        return Cause(told, "default-bridge")
    return lodging.secluded(scene, one) or lodging.secluded(scene, other) or strangers(scene, one, other)


def strangers(scene: Scene, one: Actor, other: Actor) -> Cause:
    """Return that two actors have no network in common."""
    return Cause(f"{both(scene, one, other)} share no network", "apart")


def both(scene: Scene, one: Actor, other: Actor) -> str:
    """Return two actors in words, in the rubric's order, whoever looks at whom."""
    order = list(scene.cast)
    return in_words(each.label for each in sorted((one, other), key=lambda each: order.index(each.role)))


def networkless(actor: Actor) -> Cause | None:
    """Return that an actor has nothing but loopback."""
    return None if actor.endpoints or actor.on_host else Cause(f"{actor.label} is on no network", "no-network")


def _sundered(scene: Scene, one: Actor, other: Actor) -> Cause:
    """Return why two actors on different engines share no network that reaches from one to the other."""
    for wanted in sorted(scene.wants.networks_of(one.role) & scene.wants.networks_of(other.role)):
        network = scene.network(wanted, one.host).network
        if network and network.driver != "overlay":
            return swarms.other_driver(network, "overlay")
    fault = swarms.apart(scene, one.host, other.host)
    told = f"{one.label} and {other.label} share no network that reaches from one engine to the other"
    return fault or Cause(told, "apart")


def together(scene: Scene, source: Actor, target: Actor, *, by_name: bool = False) -> Cause | None:
    """Return why two actors that should be apart can meet, or find one another: who stands on whose network."""
    if fault := merged(scene, source, target):
        return fault
    for network in scene.shared_networks(source, target):
        if not (by_name and network.name == "bridge"):
            return intruder(scene, source, target, network) or both_on(scene, source, target, network)
    return None


def merged(scene: Scene, source: Actor, target: Actor) -> Cause | None:
    """Return that two actors meet without a network of Docker's: on the host's, or in one sandbox."""
    if source.on_host or target.on_host:
        return on_hosts_network(source if source.on_host else target)
    return one_sandbox(scene, source, target) if source.spot == target.spot else None


def one_sandbox(scene: Scene, one: Actor, other: Actor) -> Cause:
    """Return that two actors share a network sandbox."""
    return Cause(f"{both(scene, one, other)} share one network sandbox", "shared-sandbox")


def intruder(scene: Scene, source: Actor, target: Actor, network: Network) -> Cause | None:
    """Return which of two actors on a network the rubric wants elsewhere, where it wants the other one there."""
    wanted = next((n for n in scene.wants.networks if scene.network(n, source.host).network == network), network.name)
    for actor in (source, target):
        other = target if actor is source else source
        if wanted not in scene.wants.networks_of(actor.role) and wanted in scene.wants.networks_of(other.role):
            return trespass(scene, actor, wanted)
    return None


def both_on(scene: Scene, source: Actor, target: Actor, network: Network) -> Cause:
    """Return that two actors share a network."""
    default = "Docker's default bridge, which nobody leaves by joining another network"
    where = default if network.name == "bridge" else network.name
    return Cause(f"{both(scene, source, target)} are both on {where}", "forbidden")
