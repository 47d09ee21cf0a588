"""Address pools: which subnets are alike, which overlap, and what lies in them.

Nothing here raises for text that is no address or subnet: older engines and other drivers write odd ones, and what
cannot be read is like nothing.
"""

from collections.abc import Iterable, Iterator
from ipaddress import IPv4Address, IPv4Interface, IPv4Network, IPv6Address, IPv6Interface, IPv6Network, ip_interface
from typing import TypeAlias

from grader.judging.names import in_words
from grader.judging.scene import Scene
from grader.judging.verdict import Cause
from grader.models.probe import Interface, Sandbox
from grader.models.snapshot import Network, Subnet

Pool: TypeAlias = IPv4Network | IPv6Network
DEFAULTS = ("0.0.0.0/0", "::/0")
"""Destinations of default routes, IPv4 first."""


def pool_of(text: str) -> Pool | None:
    """Return a subnet; engine 20.10 accepts one with host bits, such as 10.0.0.5/24, and means 10.0.0.0/24."""
    found = _read(text)
    return found.network if found else None


def address_of(text: str | None) -> IPv4Address | IPv6Address | None:
    """Return an address."""
    found = _read(text or "")
    return found.ip if found else None


def _read(text: str) -> IPv4Interface | IPv6Interface | None:
    try:
        return ip_interface(text)
    except ValueError:
        return None


def pools_of(network: Network) -> list[Pool]:
    """Return the subnets of a network."""
    return [pool for each in network.subnets if (pool := pool_of(each.subnet))]


def has_pool(network: Network, subnet: str) -> bool:
    """Return whether a network has exactly this subnet, however it is written."""
    return pool_of(subnet) in pools_of(network)


def is_within(address: str | None, pools: Iterable[Pool]) -> bool:
    """Return whether an address lies in one of some subnets."""
    found = address_of(address)
    return found is not None and any(found in pool for pool in pools)


def overlap(network: Network, subnet: str) -> str | None:
    """Return the subnet of a network that Docker would refuse this one for, None if it would not."""
    wanted = pool_of(subnet)
    for each in network.subnets if network.scope == "local" else ():
        pool = pool_of(each.subnet)
        if wanted and pool and wanted.version == pool.version and wanted.overlaps(pool):
            return each.subnet
    return None


def gateways(network: Network) -> list[str]:
    """Return the gateway of each subnet; where none was asked for, Docker takes the first address and does not say."""
    return [gateway for each in network.subnets if (gateway := each.gateway or _first(each))]


def _first(subnet: Subnet) -> str | None:
    pool = pool_of(subnet.subnet)
    return str(pool[1]) if pool and pool.num_addresses > 1 else None


def interfaces_of(sandbox: Sandbox) -> list[str]:
    """Return the names of the interfaces that have an address, without loopback."""
    return list(dict.fromkeys(each.name for each in sandbox.interfaces if each.name != "lo"))


def on_network(sandbox: Sandbox, network: Network) -> list[Interface]:
    """Return the addresses of a sandbox that lie in a network's subnets."""
    return [each for each in sandbox.interfaces if is_within(each.address, pools_of(network))]


def default_networks(sandbox: Sandbox, networks: Iterable[Network]) -> list[str]:
    """Return the networks through which default routes lead, that of IPv4 first.

    Engine 20.10 gives a container that is on internal networks alone a default route into one of them. It drops
    whatever is sent there, so it counts as none.
    """
    found = (network for network in _routed(sandbox, list(networks)) if not network.internal)
    return list(dict.fromkeys(network.name for network in found))


def _routed(sandbox: Sandbox, networks: list[Network]) -> Iterator[Network]:
    routes = sorted(
        (r for r in sandbox.routes if r.destination in DEFAULTS), key=lambda r: DEFAULTS.index(r.destination)
    )
    for route in routes:
        own = [each.address for each in sandbox.interfaces if each.name == route.interface]
        towards = [route.gateway] if route.gateway else own
        yield from (n for n in networks if any(is_within(address, pools_of(n)) for address in towards))


def taken(scene: Scene, wanted: str) -> Iterator[Cause]:
    """Yield who has the subnet that an absent network should have, so that Docker refuses to make it."""
    for subnet in sorted(subnet for name, subnet in scene.wants.pools if name == wanted):
        for seen in scene.evidence.hosts.values():
            for network in seen.snapshot.networks:
                if taken := overlap(network, subnet):
                    told = f"the network {wanted} does not exist, and cannot be made while {network.name} has"
                    why = "Docker lets no other network have addresses of it"
                    yield Cause(f"{told} the subnet {taken}: {why}", "taken-subnet")


def wrong(network: Network, subnet: str) -> Cause | None:
    """Return that a network has other addresses than the rubric asks for."""
    if has_pool(network, subnet):
        return None
    actual = in_words(each.subnet for each in network.subnets) or "none"
    return Cause(f"{network.name} has the subnet {actual}, not {subnet}", "subnet")
