"""What a network sandbox looks like from inside, worked out from the state of its engine."""

from __future__ import annotations

from ipaddress import ip_network
from typing import TYPE_CHECKING

from grader.judging import sandboxes
from grader.models.probe import HOST, HostsEntry, Interface, Route, Sandbox

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from grader.judging.scene import Spot
    from grader.judging.world import World
    from grader.models.snapshot import Container, Endpoint

HOSTS_RESOLVER = "192.0.2.53"
"""The server that the engine's own resolv.conf names."""
_LOOPBACK = Interface(name="lo", address="127.0.0.1", prefix=8)


def facts(world: World, spot: Spot) -> Sandbox:
    """Return the interfaces, routes, names and listeners of a sandbox."""
    residents = world.residents(spot)
    listeners = dict.fromkeys(each for one in residents for each in world.inside(one.id).listens)
    owner = next((each for each in world.containers(spot.host) if each.id == spot.source), None)
    if spot.source == HOST or owner is None:
        return Sandbox(interfaces=(_LOOPBACK,), nameservers=(HOSTS_RESOLVER,), listeners=tuple(listeners))
    endpoints = [each for each in world.endpoints(spot) if each.addresses]
    embedded = any(each.network != "bridge" for each in endpoints)
    return Sandbox(
        interfaces=(_LOOPBACK, *_interfaces(endpoints)),
        routes=tuple(_routes(world, spot, endpoints)),
        nameservers=(sandboxes.EMBEDDED_DNS,) if embedded else owner.dns or (HOSTS_RESOLVER,),
        search=owner.dns_search,
        hosts=(*_hosts(owner, endpoints), *_linked(world, spot, owner)),
        listeners=tuple(listeners),
    )


def _interfaces(endpoints: Sequence[Endpoint]) -> Iterator[Interface]:
    for number, endpoint in enumerate(endpoints):
        pairs = ((endpoint.ipv4, endpoint.ipv4_prefix), (endpoint.ipv6, endpoint.ipv6_prefix))
        for address, prefix in pairs:
            if address:
                yield Interface(name=f"eth{number}", address=address, prefix=prefix or 24)


def _routes(world: World, spot: Spot, endpoints: Sequence[Endpoint]) -> Iterator[Route]:
    inside = world.inside(spot.source)
    # Engines 20.10 to 28 take the first by name, whatever the order of joining.
    able = sorted(
        (each for each in endpoints if each.gateway and not _is_internal(world, spot, each)),
        key=lambda each: each.network,
    )
    chosen = next((each for each in able if each.network == inside.default_route), able[0] if able else None)
    for number, endpoint in enumerate(endpoints):
        if endpoint is chosen:
            yield Route(interface=f"eth{number}", destination="0.0.0.0/0", gateway=endpoint.gateway)
        if endpoint.ipv4:
            pool = ip_network(f"{endpoint.ipv4}/{endpoint.ipv4_prefix or 24}", strict=False)
            yield Route(interface=f"eth{number}", destination=str(pool), gateway=None)


def _is_internal(world: World, spot: Spot, endpoint: Endpoint) -> bool:
    network = world.network(spot.host, endpoint.network)
    return network is not None and network.internal


def _linked(world: World, spot: Spot, owner: Container) -> Iterator[HostsEntry]:
    """Yield what `--link` on the default bridge writes: `/TARGET:/OWNER/ALIAS` is an alias for the target."""
    for link in owner.links:
        target, _, mine = link.partition(":")
        other = next((each for each in world.containers(spot.host) if f"/{each.name}" == target), None)
        for address in other.addresses if other else ():
            yield HostsEntry(address=address, names=(mine.rpartition("/")[2], other.name if other else ""))


def _hosts(owner: Container, endpoints: Sequence[Endpoint]) -> Iterator[HostsEntry]:
    yield HostsEntry(address="127.0.0.1", names=("localhost",))
    for text in owner.extra_hosts:
        name, _, address = text.partition(":")
        yield HostsEntry(address=address, names=(name,))
    names = (owner.hostname, owner.short_id) if owner.hostname else (owner.short_id,)
    for endpoint in endpoints:
        yield from (HostsEntry(address=address, names=names) for address in endpoint.addresses)
