"""Which network sandbox a container lives in, and what it is called as a source of observations."""

from collections.abc import Iterable, Iterator, Sequence
from ipaddress import ip_address, ip_network

from grader.models.probe import HOST, Listener, Sandbox
from grader.models.snapshot import Binding, Container, Endpoint, Network, Snapshot, Subnet

EMBEDDED_DNS = "127.0.0.11"
"""Where Docker's own resolver listens in every sandbox of a user-defined network."""


def owner_of(container: Container, containers: Iterable[Container]) -> Container | None:
    """Return the container whose sandbox this one lives in: itself, another one, or None if that is gone.

    A sandbox ends when its owner stops. Who had joined it stays in what is left of it, with loopback alone, even when
    the owner runs again: that has a new sandbox then.
    """
    known = tuple(containers)
    for _ in known:
        wanted = container.shares_sandbox_with
        if wanted is None:
            return container
        owner = next((other for other in known if wanted in (other.id, other.name)), None)
        if owner is None or (container.state == "running" and not _still_has(owner, container)):
            return None
        container = owner
    return container


def _still_has(owner: Container, guest: Container) -> bool:
    """Return whether the sandbox that a running guest joined when it started is the one that its owner has now."""
    if owner.state not in ("running", "paused"):
        return False
    return owner.started_at is None or guest.started_at is None or owner.started_at <= guest.started_at


def source_of(container: Container, containers: Iterable[Container]) -> str:
    """Return the source whose observation tells what `container` sees."""
    owner = owner_of(container, containers) or container
    return HOST if owner.network_mode == "host" else owner.id


def endpoints_of(container: Container, containers: Iterable[Container]) -> tuple[Endpoint, ...]:
    """Return the endpoints that `container` uses, its own or those of the sandbox that it joined."""
    owner = owner_of(container, containers)
    return tuple(e for e in owner.endpoints if e.network not in ("host", "none")) if owner else ()


def removed_networks(container: Container, snapshot: Snapshot) -> tuple[str, ...]:
    """Return the networks of a container at rest that were removed since it ran, whatever has their names by now.

    It remembers them by their ids and cannot start without them. One that never started may remember no id, and an
    engine of a swarm does not list all of its networks: that proves nothing.
    """
    if container.state in ("running", "paused") or snapshot.engine.swarm:
        return ()
    there = {network.id for network in snapshot.networks}
    return tuple(each.network for each in container.endpoints if each.network_id and each.network_id not in there)


def gateways_of(endpoints: Iterable[Endpoint], snapshot: Snapshot) -> tuple[str, ...]:
    """Return the engine's addresses on the networks of these endpoints.

    An internal network gives its endpoints no gateway, but the engine's end of the bridge is there all the same.
    """
    return tuple(dict.fromkeys(_gateways(endpoints, snapshot)))


def _gateways(endpoints: Iterable[Endpoint], snapshot: Snapshot) -> Iterator[str]:
    networks = {network.name: network for network in snapshot.networks}
    for endpoint in endpoints:
        own = [gateway for gateway in (endpoint.gateway, endpoint.gateway6) if gateway]
        network = networks.get(endpoint.network)
        yield from own or (bridge_addresses(network, snapshot) if network else ())


def bridge_addresses(network: Network, snapshot: Snapshot) -> tuple[str, ...]:
    """Return the engine's own addresses on a network, none if it is no bridge.

    Engine 20.10 tells no gateway of a pool for which none was asked: then its containers tell, or the first address
    of the pool is the gateway, as Docker's own address management gives them out.
    """
    if network.driver != "bridge":
        return ()
    here = [e for each in snapshot.containers for e in each.endpoints if e.network == network.name]
    told = [gateway for e in here for gateway in (e.gateway, e.gateway6) if gateway]
    return tuple(dict.fromkeys(filter(None, (_in_pool(pool, told) for pool in network.subnets))))


def _in_pool(pool: Subnet, told: Sequence[str]) -> str | None:
    """Return the gateway of a pool; None where its subnet is no subnet, as in a damaged file."""
    if pool.gateway:
        return pool.gateway
    try:
        addresses = ip_network(pool.subnet, strict=False)
        known = next((each for each in told if ip_address(each) in addresses), None)
    except ValueError:
        return None
    return known or str(addresses[min(1, addresses.num_addresses - 1)])  # a pool may have one address alone


def listeners_of(sandbox: Sandbox) -> tuple[Listener, ...]:
    """Return who listens in a sandbox, without Docker's own resolver."""
    return tuple(each for each in sandbox.listeners if each.address != EMBEDDED_DNS)


def engine_addresses(snapshot: Snapshot) -> tuple[str, ...]:
    """Return the engine's own addresses that containers can meet it at: the gateways of its bridges."""
    named = sorted(snapshot.networks, key=lambda network: (network.name, network.id))
    return tuple(address for network in named for address in bridge_addresses(network, snapshot))


def front_addresses(snapshot: Snapshot) -> tuple[str, ...]:
    """Return the addresses at which the engine is met from outside, one of each family that its bridges have.

    The default bridge's comes first. Without docker-proxy a port bound for IPv6 alone answers nowhere else.
    """
    named = sorted(snapshot.networks, key=lambda network: (network.name != "bridge", network.name, network.id))
    gateways = [address for network in named for address in bridge_addresses(network, snapshot)]
    firsts = (next((each for each in gateways if (":" in each) == six), None) for six in (False, True))
    return tuple(each for each in firsts if each)


def ways_in(binding: Binding, gateways: Sequence[str], *, on_host: bool = False) -> tuple[str, ...]:
    """Return the addresses at which a published port is met from a sandbox with these gateways.

    Bound to all addresses, it is met at each gateway of the same family; bound to loopback, only on the host.
    """
    if binding.wildcard:
        near = (*gateways, "127.0.0.1", "::1") if on_host else tuple(gateways)
        return tuple(a for a in near if not binding.host_ip or (":" in a) == (":" in binding.host_ip))
    return (binding.host_ip,) if on_host or not binding.loopback else ()
