"""The search for the fault behind a failure.

Every function returns one sentence that names the fault, or None where it finds none; the same fault
gives the same sentence wherever it is met, so that the report can name it once.
"""

from collections.abc import Iterable, Iterator, Mapping

from grader.judging import lodging, pools, sandboxes
from grader.judging.names import bearers, dns_names, in_words
from grader.judging.scene import Actor, RoleMatch, Scene
from grader.judging.verdict import Passing, Unexplained
from grader.judging.wants import NameWanted
from grader.models.probe import Listener, Reach
from grader.models.snapshot import Protocol

_AVX_EXIT = 132
"""SIGILL: MongoDB 5 and later need a processor with AVX."""


def casting(match: RoleMatch) -> str | None:
    """Return why nobody plays a role."""
    if match.rivals:
        return (
            f"{in_words(match.rivals)} could each be {match.role}: remove one, "
            f"or label the right one grade.role={match.role}"
        )
    place = f" on the engine {match.home}" if match.home else ""
    return None if match.actors else f"there is no {match.role} container{place} ({match.wanted})"


def idle(scene: Scene, role: str) -> str | None:
    """Return why a role is not at work: nobody plays it, or its container does not run."""
    match = scene.role(role)
    return casting(match) or next(filter(None, (stopped(scene, actor) for actor in match.actors)), None)


def stopped(scene: Scene, actor: Actor) -> str | None:
    """Return why a container does not run, and behind that the name that it died without."""
    container = actor.container
    if container.state == "running":
        return _restarts(actor) if _crash_loops(scene, actor) else None
    died = container.state in ("exited", "restarting") and container.exit_code == 1
    return (nameless(scene, actor) if died else None) or _state(actor)


def _crash_loops(scene: Scene, actor: Actor) -> bool:
    """Return whether a container that runs at the moment is between two of its crashes: it listens to nobody."""
    if not actor.container.restarts or not scene.snapshot(actor.host).is_young(actor.container):
        return False
    sandbox = scene.sandbox(actor)
    return sandbox is None or not sandboxes.listeners_of(sandbox)


def _restarts(actor: Actor) -> Passing:
    return Passing(f"{actor.label} keeps restarting: docker logs {actor.container.name} tells why")


def _state(actor: Actor) -> str:
    container, label = actor.container, actor.label
    match container.state:
        case "created" if container.port_taken:
            return f"{label} could not start: a port of the host that it publishes is already in use"
        case "created":
            return f"{label} was created but never started"
        case "paused":
            return f"{label} is paused: docker unpause {container.name}"
        case "exited" | "restarting" if container.exit_code == _AVX_EXIT:
            return (
                f"{label} stopped with exit code 132: its program needs a processor with AVX, as MongoDB does "
                "from version 5 on; mongo:4.4 runs without"
            )
        case "restarting":
            return _restarts(actor)
        case "removing" | "dead":
            return f"{label} is being removed"
        case "exited" if container.oom_killed:
            return f"{label} was stopped because it ran out of memory"
        case "exited":
            return f"{label} is stopped (exit code {container.exit_code}): docker logs {container.name} tells why"
        case _:
            return f"{label} does not run"


def nameless(scene: Scene, actor: Actor) -> str | None:
    """Return why a name that a program needs leads nowhere.

    nginx, for one, waits for the names of its upstreams when it starts, and exits without them.
    """
    for wanted in sorted(scene.wants.names, key=lambda each: each.name):
        if wanted.source != actor.role:
            continue
        for target in scene.role(wanted.target).actors:
            if target.container.state != "running":
                return _state(target)
            if fault := apart(scene, actor, target, by_name=True) or misnamed(scene, actor, wanted.name, target):
                return fault
    return None


def absent_network(scene: Scene, wanted: str) -> str | None:
    """Return that a network does not exist on any engine, not even under a name that is nearly right."""
    if any(scene.network(wanted, host).network for host in scene.evidence.hosts):
        return None
    return next(pools.taken(scene, wanted), f"the network {wanted} does not exist")


def unattached(scene: Scene, actor: Actor, wanted: str) -> str | None:
    """Return why an actor is not connected to a network that it should be on."""
    if scene.is_on(actor, wanted):
        return None
    if actor.on_host:
        return f"{actor.label} uses the host's network (--network host), so no other network can be joined"
    return absent_network(scene, wanted) or lodging.secluded(scene, actor) or f"{actor.label} is not on {wanted}"


def astray(scene: Scene, actor: Actor) -> str | None:
    """Return why an actor does not live in the sandbox that it should share."""
    for host in sorted(host for role, host in scene.wants.shared if role == actor.role):
        if fault := idle(scene, host) or lodging.secluded(scene, actor):
            return fault
        if any(actor.spot == other.spot for other in scene.role(host).actors):
            continue
        owner, wanted = scene.owner(actor), scene.role(host).actors[0]
        if actor.on_host:
            return f"{actor.label} uses the host's network (--network host), not the sandbox of {wanted.label}"
        where = "a sandbox of its own" if owner == actor.container else f"the sandbox of {owner.name}"
        return (
            f"{actor.label} lives in {where}, not in that of {wanted.label} "
            f"(--network container:{wanted.container.name})"
        )
    return None


def trespass(actor: Actor, network: str) -> str:
    """Return that an actor is connected to a network that it should keep away from."""
    return f"{actor.label} is on {network}, where it does not belong"


def apart(scene: Scene, one: Actor, other: Actor, *, by_name: bool = False) -> str | None:
    """Return why two actors share no network on which they can talk, or by which they can find one another."""
    if one.spot == other.spot:
        return None
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
    if shared:
        return f"{shared[0].name} forbids traffic between its containers (enable_icc is false)"
    if by_name and "bridge" in one.networks and "bridge" in other.networks:
        return f"{one.label} and {other.label} share only the default bridge, which has no DNS for container names"
    return (
        lodging.secluded(scene, one)
        or lodging.secluded(scene, other)
        or f"{one.label} and {other.label} share no network"
    )


def misnamed(scene: Scene, source: Actor, name: str, target: Actor) -> str | None:
    """Return why `name` does not lead to the target on the networks that it shares with the source."""
    shared = [network.name for network in scene.shared_networks(source, target) if network.name != "bridge"]
    borne = bearers(scene.snapshot(source.host).containers, name, shared)
    where = in_words(shared)
    others = [container for container in borne if container.id != target.container.id]
    if others and len(others) == len(borne):
        return (
            f"the name {name} on {where} belongs to {in_words(sorted(c.name for c in others))}, not to {target.label}"
        )
    if others:
        return f"the name {name} on {where} answers for {in_words(sorted(c.name for c in borne))}, not for one alone"
    if borne:
        return None
    return f"nothing answers to the name {name} on {where}: {_names_instead(scene, source, target, name, shared)}"


def _names_instead(scene: Scene, source: Actor, target: Actor, name: str, shared: list[str]) -> str:
    aliases = dns_names(target.container, shared) - {target.container.name, target.container.short_id}
    has = f"has the alias {in_words(sorted(aliases))}" if aliases else "has no alias"
    story = f"the container is called {target.container.name} and {has}"
    if _in_hosts(scene, source, name):
        return f"{story}; the hosts file of {source.label} knows it, but that is not Docker's DNS"
    return story


def _in_hosts(scene: Scene, source: Actor, name: str) -> bool:
    sandbox = scene.sandbox(source)
    return sandbox is not None and any(name in entry.names for entry in sandbox.hosts)


def together(scene: Scene, source: Actor, target: Actor) -> str | None:
    """Return why two actors that should be apart can meet: who stands on whose network."""
    if source.on_host:
        return f"{source.label} uses the host's network (--network host), from which every container can be reached"
    if target.on_host:
        return f"{target.label} uses the host's network (--network host), which every container reaches at its gateway"
    if source.spot == target.spot:
        return f"{source.label} and {target.label} share one network sandbox"
    for network in scene.shared_networks(source, target):
        wanted = next(
            (n for n in scene.wants.networks if scene.network(n, source.host).network == network), network.name
        )
        for actor in (source, target):
            other = target if actor is source else source
            if wanted not in scene.wants.networks_of(actor.role) and wanted in scene.wants.networks_of(other.role):
                return trespass(actor, wanted)
        return f"{source.label} and {target.label} are both on {network.name}"
    return None


def unpublished(scene: Scene, actor: Actor, port: int, protocol: Protocol = "tcp") -> str:
    """Return why a port of a running container is bound nowhere on the engine's host."""
    if actor.on_host:
        return f"{actor.label} uses the host's network (--network host), where publishing a port has no effect"
    if not any((each.port, each.protocol) == (port, protocol) for each in scene.owner(actor).requested):
        return f"port {port} of {actor.label} is not published"
    internal = [n.name for name in actor.networks if (n := scene.network_called(name, actor.host)) and n.internal]
    if internal:
        return f"{internal[0]} is internal, so Docker does not publish port {port} of {actor.label}"
    return f"port {port} of {actor.label} was asked for with -p, but the engine has not bound it"


def deaf(scene: Scene, target: Actor, port: int) -> str | None:
    """Return why nobody can connect to a port: nothing listens there, or at loopback only."""
    sandbox = scene.sandbox(target)
    if sandbox is None:
        return None
    here = [listener for listener in sandbox.listeners if listener.port == port]
    if not here:
        return _listens_elsewhere(target, port, sandboxes.listeners_of(sandbox))
    if all(_is_loopback(listener.address) for listener in here):
        where = f"{here[0].address}:{port}"
        return Passing(f"{target.label} listens on {where} only, which nobody outside its sandbox can reach")
    return None


def _listens_elsewhere(target: Actor, port: int, listeners: Iterable[Listener]) -> Passing:
    others = sorted({each.port for each in listeners})
    if others and not target.on_host:
        return Passing(f"{target.label} listens on port {in_words(map(str, others))}, not on {port}")
    return Passing(f"nothing listens on port {port} in {target.label}")


def _is_loopback(address: str) -> bool:
    return address.startswith("127.") or address == "::1"


def unanswered(scene: Scene, source: Actor, target: Actor, port: int | None, how: str) -> str:
    """Return the cause of a connection, or of a ping without a port, that failed between two containers that run."""
    if fault := apart(scene, source, target):
        return fault
    if port is None:
        return Unexplained(f"what {source.label} sends to {target.label} is lost ({how})")
    return deaf(scene, target, port) or Unexplained(
        f"{target.label} listens on port {port}, but what {source.label} sends there is lost ({how})"
    )


def broken_chain(scene: Scene, role: str) -> str | None:
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


def _steps(scene: Scene, source: str) -> Iterator[tuple[str, str | None]]:
    """Yield each role that `source` depends on, with the fault on the way there."""
    for wanted in sorted(scene.wants.names, key=lambda each: each.name):
        if wanted.source == source:
            yield wanted.target, idle(scene, wanted.target) or _unknown_name(scene, wanted)
    pings = ((start, target, None) for start, target in scene.wants.pings)
    for start, target, port in (*sorted(scene.wants.edges), *sorted(pings)):
        if start == source:
            yield target, idle(scene, target) or _unreached(scene, source, target, port)


def _unknown_name(scene: Scene, wanted: NameWanted) -> str | None:
    for source in scene.role(wanted.source).actors:
        for target in scene.role(wanted.target).actors:
            found = scene.lookup(source.spot, wanted.name)
            if not found.addresses or not set(target.addresses) & set(found.addresses):
                return apart(scene, source, target, by_name=True) or misnamed(scene, source, wanted.name, target)
    return None


def _unreached(scene: Scene, start: str, end: str, port: int | None) -> str | None:
    for source in scene.role(start).actors:
        for target in scene.role(end).actors:
            states = scene.reaches(source, target, port)
            if "open" not in states.values() and "not-observed" not in states.values():
                return unanswered(scene, source, target, port, how_it_went(states))
    return None


def strayed(scene: Scene, role: str) -> str | None:
    """Return that a name in the chain behind a role leads elsewhere, so that others may answer for it."""
    for wanted in sorted(scene.wants.names, key=lambda each: (each.source, each.name)):
        if wanted.source not in {role, *scene.wants.behind(role)}:
            continue
        for source in scene.role(wanted.source).actors:
            found = set(scene.lookup(source.spot, wanted.name).addresses)
            targets = scene.role(wanted.target).actors
            if targets and found - {address for target in targets for address in target.addresses}:
                return stray(scene, source, wanted.name, targets[0], found)
    return None


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


def stray(scene: Scene, source: Actor, name: str, target: Actor, found: Iterable[str]) -> str:
    """Return whose addresses a name leads to instead of the target's."""
    known = misnamed(scene, source, name, target)
    return known or f"the name {name} leads to {in_words(sorted(found))}, not to {target.label} alone"


def how_it_went(states: Mapping[str, Reach]) -> str:
    """Return the answers of all addresses in words."""
    return in_words(f"{address}: {state}" for address, state in states.items()) or "it has no address"
