"""Small changes to a world, each of which gives a new one."""

from collections.abc import Callable
from dataclasses import replace
from ipaddress import ip_network
from typing import Any

from grader.judging.world import Inside, World
from grader.models.snapshot import YOUNG, Binding, Container, Endpoint, Network, Snapshot, State, Subnet

BYSTANDER = "f" * 64
"""The id of a container that a fault brings along."""


def container(world: World, identity: str, **changes: Any) -> World:
    """Change what a container is."""

    def changed(snapshot: Snapshot) -> Snapshot:
        found = tuple(each.model_copy(update=changes) if each.id == identity else each for each in snapshot.containers)
        return snapshot.model_copy(update={"containers": found})

    return _everywhere(world, changed)


def inside(world: World, identity: str, **changes: Any) -> World:
    """Change what a container's program does."""
    changed = replace(world.insides.get(identity, Inside()), **changes)
    return replace(world, insides={**world.insides, identity: changed})


def network(world: World, called: str, /, **changes: Any) -> World:
    """Change what a network is, on every engine that has it; under a new name its endpoints follow."""
    new_name = changes.get("name", called)

    def changed(snapshot: Snapshot) -> Snapshot:
        networks = tuple(each.model_copy(update=changes) if each.name == called else each for each in snapshot.networks)
        containers = tuple(
            each.model_copy(update={"endpoints": tuple(_renamed(e, called, new_name) for e in each.endpoints)})
            for each in snapshot.containers
        )
        return snapshot.model_copy(update={"networks": networks, "containers": containers})

    return _unpublished(_everywhere(world, changed))


def gone(world: World, identity: str) -> World:
    """Take a container away."""
    return _everywhere(
        world,
        lambda snapshot: snapshot.model_copy(
            update={"containers": tuple(each for each in snapshot.containers if each.id != identity)}
        ),
    )


def network_gone(world: World, name: str) -> World:
    """Take a network away, with the endpoints on it."""

    def changed(snapshot: Snapshot) -> Snapshot:
        containers = tuple(
            each.model_copy(update={"endpoints": tuple(e for e in each.endpoints if e.network != name)})
            for each in snapshot.containers
        )
        networks = tuple(each for each in snapshot.networks if each.name != name)
        return snapshot.model_copy(update={"networks": networks, "containers": containers})

    return _unpublished(_everywhere(world, changed))


def added(world: World, host: str, found: Container, what: Inside) -> World:
    """Put one more container beside the others."""
    snapshot = world.snapshots[host]
    changed = snapshot.model_copy(update={"containers": (*snapshot.containers, found)})
    return World({**world.snapshots, host: changed}, {**world.insides, found.id: what})


def network_added(world: World, host: str, name: str) -> World:
    """Put one more bridge beside the other networks, in a pool that nobody uses."""
    snapshot = world.snapshots[host]
    new = Network(
        id=f"net-{name}", name=name, driver="bridge", subnets=(Subnet(subnet="10.213.7.0/24", gateway="10.213.7.1"),)
    )
    changed = snapshot.model_copy(update={"networks": (*snapshot.networks, new)})
    return World({**world.snapshots, host: changed}, world.insides)


def joined(world: World, host: str, identity: str, name: str, aliases: tuple[str, ...] = ()) -> World:
    """Connect a container to a network, at an address that nobody has."""
    found = next(each for each in world.containers(host) if each.id == identity)
    new = endpoint(world, host, name, aliases)
    return unpublished_where_nothing_leads_out(
        container(world, identity, endpoints=(*found.endpoints, new)), host, identity
    )


def left(world: World, host: str, identity: str, name: str) -> World:
    """Disconnect a container from a network."""
    found = next(each for each in world.containers(host) if each.id == identity)
    kept = tuple(each for each in found.endpoints if each.network != name)
    return unpublished_where_nothing_leads_out(container(world, identity, endpoints=kept), host, identity)


def endpoint(world: World, host: str, name: str, aliases: tuple[str, ...] = ()) -> Endpoint:
    """Return a fresh endpoint on a network."""
    found = world.network(host, name)
    if found is None or not found.subnets:
        return Endpoint(network=name, aliases=aliases)
    pool = found.subnets[0]
    taken = {address for each in world.containers(host) for address in each.addresses} | {pool.gateway}
    hosts = list(ip_network(pool.subnet, strict=False).hosts())[1:250]
    free = next(str(each) for each in reversed(hosts) if str(each) not in taken)
    return Endpoint(
        network=name,
        network_id=found.id,
        ipv4=free,
        ipv4_prefix=ip_network(pool.subnet, strict=False).prefixlen,
        gateway=pool.gateway,
        aliases=aliases,
    )


def out_of_swarm(world: World, host: str) -> World:
    """Take an engine out of its swarm: the swarm's networks go, and its node is no member of others' swarms."""
    snapshot = world.snapshots[host]
    swarm = snapshot.engine.swarm
    reaching = [each.name for each in snapshot.networks if each.scope == "swarm"]
    containers = tuple(
        each.model_copy(update={"endpoints": tuple(e for e in each.endpoints if e.network not in reaching)})
        for each in snapshot.containers
    )
    changed = snapshot.model_copy(
        update={
            "engine": snapshot.engine.model_copy(update={"swarm": None}),
            "networks": tuple(each for each in snapshot.networks if each.scope != "swarm"),
            "containers": containers,
        }
    )
    others = {
        name: each if name == host or swarm is None else _without_node(each, swarm.node)
        for name, each in world.snapshots.items()
    }
    return World({**others, host: changed}, world.insides)


def _without_node(snapshot: Snapshot, node: str) -> Snapshot:
    swarm = snapshot.engine.swarm
    if swarm is None:
        return snapshot
    kept = swarm.model_copy(update={"members": tuple(each for each in swarm.members if each != node)})
    return snapshot.model_copy(update={"engine": snapshot.engine.model_copy(update={"swarm": kept})})


def at_rest(world: World, identity: str, state: State, exit_code: int = 0) -> World:
    """Let a container's life end: its endpoints stay on paper, without addresses, and its ports are closed."""
    found = next(each for host in world.snapshots for each in world.containers(host) if each.id == identity)
    nowhere = {"ipv4": None, "ipv4_prefix": None, "ipv6": None, "ipv6_prefix": None, "gateway": None, "gateway6": None}
    endpoints = tuple(each.model_copy(update=nowhere) for each in found.endpoints)
    return container(world, identity, state=state, exit_code=exit_code, endpoints=endpoints, published=())


def unpublished_where_nothing_leads_out(world: World, host: str, identity: str) -> World:
    """Close the ports of a container that is on no bridge which leads outside, as the engine does."""
    found = next(each for each in world.containers(host) if each.id == identity)
    carried = any(
        net is not None and net.driver == "bridge" and not net.internal
        for net in (world.network(host, each.network) for each in found.endpoints)
    )
    kept: tuple[Binding, ...] = found.published if carried else ()
    return container(world, identity, published=kept)


def _unpublished(world: World) -> World:
    """Close the ports of all containers that are on no bridge which leads outside."""
    for host in world.snapshots:
        for each in world.containers(host):
            world = unpublished_where_nothing_leads_out(world, host, each.id)
    return world


def nameless(world: World, found: Container, name: str) -> World:
    """Take a name from a container, be it its own, its hostname or an alias."""
    endpoints = tuple(
        each.model_copy(update={"aliases": tuple(alias for alias in each.aliases if alias.lower() != name.lower())})
        for each in found.endpoints
    )
    changes: dict[str, Any] = {"endpoints": endpoints}
    if found.name.lower() == name.lower():
        changes["name"] = f"{name}-gone"
    if found.hostname.lower() == name.lower():
        changes["hostname"] = found.short_id
    return container(world, found.id, **changes)


def bystander(world: World, host: str, name: str, on: str, aliases: tuple[str, ...]) -> World:
    """Put a container that does nothing on a network."""
    new = Container(
        id=BYSTANDER,
        name=name,
        image="busybox",
        image_id="sha256:" + "0" * 64,
        created_at=world.snapshots[host].engine.now - YOUNG,
        started_at=world.snapshots[host].engine.now - YOUNG,
        endpoints=(endpoint(world, host, on, aliases),),
    )
    return added(world, host, new, Inside())


def listening(
    world: World, identity: str, port: int, *, address: str | None = None, number: int | None = None
) -> World:
    """Let a program listen at another address, or on another port."""
    here = world.insides.get(identity, Inside())
    listens = tuple(
        each.model_copy(update={"address": address or each.address, "port": number or port})
        if each.port == port
        else each
        for each in here.listens
    )
    voices = tuple(replace(each, port=number or port) if each.port == port else each for each in here.voices)
    return inside(world, identity, listens=tuple(dict.fromkeys(listens)), voices=voices)


def moved(world: World, name: str, subnet: str) -> World:
    """Give a network another pool, and its containers addresses of it."""
    pool = ip_network(subnet)
    hosts = [str(each) for each in pool.hosts()]
    world = network(world, name, subnets=(Subnet(subnet=subnet, gateway=hosts[0]),))
    free = iter(hosts[1:])
    for host in world.snapshots:
        for found in world.containers(host):
            changed = tuple(
                each.model_copy(
                    update={"ipv4": next(free), "ipv4_prefix": pool.prefixlen, "gateway": hosts[0], "fixed": ()}
                )
                if each.network == name and each.ipv4
                else each
                for each in found.endpoints
            )
            world = container(world, found.id, endpoints=changed)
    return world


def _renamed(found: Endpoint, name: str, new_name: str) -> Endpoint:
    return found.model_copy(update={"network": new_name}) if found.network == name else found


def _everywhere(world: World, changed: Callable[[Snapshot], Snapshot]) -> World:
    return World({host: changed(snapshot) for host, snapshot in world.snapshots.items()}, world.insides)
