"""Everything that a check may look at: the evidence, read through the roles."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from grader.judging import netnames, sandboxes
from grader.judging.netnames import NetworkMatch
from grader.judging.wants import Wants
from grader.models.evidence import Evidence
from grader.models.probe import (
    HOST,
    Answer,
    Connect,
    Echo,
    Exchange,
    Exchanged,
    Found,
    Lookup,
    Observation,
    Question,
    Reach,
    Reached,
    Sandbox,
)
from grader.models.snapshot import Container, Endpoint, Network, Snapshot

_LOOPBACK = ("127.", "::1")
UNASKED = "the evidence holds no answer to this question"


class Spot(NamedTuple):
    """A network sandbox on one of the engines: where observations come from."""

    host: str
    source: str
    """A container's id, or HOST."""


@dataclass(frozen=True, slots=True)
class Actor:
    """A container in a role, with the endpoints that it really uses and the source that speaks for it."""

    role: str
    host: str
    container: Container
    endpoints: tuple[Endpoint, ...]
    gateways: tuple[str, ...]
    """The engine's addresses on its networks."""
    source: str

    @property
    def label(self) -> str:
        """The role, and the container's name where that is another word."""
        return self.role if self.container.name == self.role else f"{self.role} ({self.container.name})"

    @property
    def spot(self) -> Spot:
        """The sandbox that it lives in."""
        return Spot(self.host, self.source)

    @property
    def on_host(self) -> bool:
        """Whether it uses the engine's own network stack."""
        return self.source == HOST

    @property
    def addresses(self) -> tuple[str, ...]:
        """Its addresses on all networks."""
        return tuple(address for endpoint in self.endpoints for address in endpoint.addresses)

    @property
    def networks(self) -> tuple[str, ...]:
        """The names of the networks that it is connected to."""
        return tuple(endpoint.network for endpoint in self.endpoints)


@dataclass(frozen=True, slots=True)
class RoleMatch:
    """Who plays a role: several actors are replicas, none with `rivals` means that it is ambiguous."""

    role: str
    actors: tuple[Actor, ...] = ()
    because: tuple[str, ...] = ()
    rivals: tuple[str, ...] = ()
    taken: tuple[str, ...] = ()
    """Where nobody plays it, those who look like it and play another one: `x (listens on port 80) is already flask`."""
    unheard: tuple[str, ...] = ()
    """Where the role is known only by its port, those of whom nobody can tell what they listen on: `x is stopped`."""
    wanted: str = ""
    """What was looked for, in words."""
    home: str = ""
    """The engine that the rubric wants it on, where it knows several."""
    unnamed: bool = False
    """Whether nobody said which engine `home` is."""
    doubts: tuple[str, ...] = ()
    """Containers that were not seen, and of which one may be the role's if it listens on its port."""


class Scene:
    """One build, seen through the roles of one rubric."""

    def __init__(self, evidence: Evidence, wants: Wants, cast: Mapping[str, RoleMatch]) -> None:
        self.evidence = evidence
        self.wants = wants
        self.cast = cast

    @cached_property
    def first_host(self) -> str:
        """The engine that is meant where a rubric names none."""
        return next(iter(self.evidence.hosts))

    @cached_property
    def _observations(self) -> dict[Spot, Observation]:
        return {
            Spot(name, seen.source): seen for name, host in self.evidence.hosts.items() for seen in host.observations
        }

    @cached_property
    def _answers(self) -> dict[tuple[Spot, Question], Answer]:
        return {
            (spot, asked.question): asked.answer for spot, seen in self._observations.items() for asked in seen.asked
        }

    @cached_property
    def _matches(self) -> dict[str, dict[str, NetworkMatch]]:
        hosts = self.evidence.hosts.items()
        return {
            name: netnames.match_all(
                self.wants.networks, host.snapshot.networks, netnames.crowd(host.snapshot.containers)
            )
            for name, host in hosts
        }

    @property
    def spots(self) -> tuple[Spot, ...]:
        """Every sandbox that was to be looked into."""
        return tuple(self._observations)

    def snapshot(self, host: str) -> Snapshot:
        """Return the state of one engine."""
        return self.evidence.hosts[host].snapshot

    def role(self, name: str) -> RoleMatch:
        """Return who plays the role."""
        return self.cast[name]

    def network(self, name: str, host: str | None = None) -> NetworkMatch:
        """Return the network of an engine that stands for the one that the rubric names; any other only for itself."""
        where = host or self.first_host
        return self._matches.get(where, {}).get(name) or NetworkMatch(name, self.network_called(name, where))

    def network_called(self, name: str, host: str | None = None) -> Network | None:
        """Return an engine's network of exactly this name."""
        seen = self.evidence.hosts.get(host or self.first_host)
        return next((network for network in seen.snapshot.networks if network.name == name), None) if seen else None

    def spanning(self, wanted: str) -> tuple[str, Network] | None:
        """Return the network for `wanted` that reaches from engine to engine, with an engine that has it."""
        found = ((host, self.network(wanted, host).network) for host in self.evidence.hosts)
        return next(((host, network) for host, network in found if network and network.scope == "swarm"), None)

    def is_on(self, actor: Actor, wanted: str) -> bool:
        """Return whether the actor is on the network that stands for `wanted`: where one spans engines, on that one."""
        network = self.network(wanted, actor.host).network
        if spanning := self.spanning(wanted):
            home, wide = spanning
            # An engine that runs nobody on a swarm's network does not list it, though a container may belong there.
            listed = network.id == wide.id if network else self.one_swarm(home, actor.host)
            return listed and wide.name in actor.networks
        return network is not None and network.name in actor.networks and network.name not in self.removed(actor)

    def removed(self, actor: Actor) -> tuple[str, ...]:
        """Return the networks that an actor at rest was on and that are gone, whatever has their names by now."""
        return sandboxes.removed_networks(self.owner(actor), self.snapshot(actor.host))

    def one_swarm(self, one: str, other: str) -> bool:
        """Return whether two engines are in one swarm: a manager counts both, or both know a network of it.

        A member knows the swarm's first network only some moments after it has joined, and a manager may not be asked.
        """
        mine, theirs = (
            {network.id for network in self.snapshot(host).networks if network.scope == "swarm"}
            for host in (one, other)
        )
        return one == other or bool(mine & theirs) or self._counted_together(one, other)

    def _counted_together(self, one: str, other: str) -> bool:
        swarms = {host: self.snapshot(host).engine.swarm for host in self.evidence.hosts}
        nodes = {swarm.node for host in (one, other) if (swarm := swarms[host])}
        return len(nodes) == 2 and any(swarm and nodes <= set(swarm.members) for swarm in swarms.values())

    def shared_networks(self, one: Actor, other: Actor) -> tuple[Network, ...]:
        """Return the networks that both are connected to; only a swarm's networks reach from engine to engine."""
        names = [name for name in one.networks if name in other.networks]
        pairs = ((self.network_called(name, one.host), self.network_called(name, other.host)) for name in names)
        return tuple(
            mine for mine, theirs in pairs if mine and theirs and (one.host == other.host or _is_one(mine, theirs))
        )

    def observation(self, spot: Spot) -> Observation | None:
        """Return what one sandbox reported."""
        return self._observations.get(spot)

    def sandbox(self, actor: Actor) -> Sandbox | None:
        """Return what the actor's sandbox looks like from inside, None if no sidecar reported it."""
        seen = self._observations.get(actor.spot)
        return seen.sandbox if seen else None

    def owner(self, actor: Actor) -> Container:
        """Return the container whose sandbox the actor lives in, itself as a rule."""
        return sandboxes.owner_of(actor.container, self.snapshot(actor.host).containers) or actor.container

    def landlord(self, actor: Actor) -> Actor:
        """Return whoever plays a role and owns the sandbox that the actor lives in, itself as a rule."""
        owner = self.owner(actor)
        if owner == actor.container:
            return actor
        everybody = (other for match in self.cast.values() for other in match.actors)
        return next((other for other in everybody if (other.host, other.container) == (actor.host, owner)), actor)

    def fault(self, actor: Actor) -> str:
        """Return why the actor's sandbox was not seen, in words that end a sentence."""
        seen = self._observations.get(actor.spot)
        return (seen.fault if seen else None) or UNASKED

    def reach(self, spot: Spot, address: str, port: int) -> Reach:
        """Return how a TCP connection from a sandbox went."""
        answer = self._answers.get((spot, Connect(address=address, port=port)))
        return answer.state if isinstance(answer, Reached) else "not-observed"

    def echo(self, spot: Spot, address: str) -> Reach:
        """Return how an ICMP echo request from a sandbox went."""
        answer = self._answers.get((spot, Echo(address=address)))
        return answer.state if isinstance(answer, Reached) else "not-observed"

    def state(self, spot: Spot, address: str, port: int | None) -> Reach:
        """Return how a connection went, or a ping where no port is given."""
        return self.echo(spot, address) if port is None else self.reach(spot, address, port)

    def lookup(self, spot: Spot, name: str) -> Found:
        """Return what the resolver of a sandbox said of a name."""
        answer = self._answers.get((spot, Lookup(name=name)))
        return answer if isinstance(answer, Found) else Found(ipv4="not-observed", ipv6="not-observed")

    def exchange(self, spot: Spot, question: Exchange) -> Exchanged:
        """Return the answer to a bounded request from a sandbox."""
        answer = self._answers.get((spot, question))
        return answer if isinstance(answer, Exchanged) else Exchanged(state="not-observed")

    def addresses_towards(self, source: Actor, target: Actor) -> tuple[str, ...]:
        """Return every address at which `source` might meet `target`.

        A target on the engine's own stack is met at the gateways, which are the engine's addresses,
        one in the same sandbox at loopback too. Between engines only a swarm's networks lead.
        """
        shared = ("127.0.0.1",) if source.spot == target.spot else ()
        if target.on_host:
            engine = sandboxes.engine_addresses(self.snapshot(target.host))
            return tuple(dict.fromkeys((*shared, *source.gateways, *engine)))
        if source.host != target.host:
            if not self.one_swarm(source.host, target.host):
                return ()  # two swarms may give the same address to two containers
            return tuple(a for e in target.endpoints if self._reaches_out(target, e.network) for a in e.addresses)
        return tuple(dict.fromkeys((*shared, *target.addresses)))

    def named_addresses(self, role: str) -> frozenset[str]:
        """Return the addresses to which a name of the role may lead: its containers', and that of its service.

        A service's one address leads to all its tasks, so it counts only where all of them play the role.
        """
        actors = self.role(role).actors
        playing = {actor.container.id for actor in actors}
        services = {actor.container.service for actor in actors}
        snapshots = [host.snapshot for host in self.evidence.hosts.values()]
        strangers = {
            each.service
            for seen in snapshots
            for each in seen.containers
            if each.state == "running" and each.id not in playing
        }
        virtual = (
            address
            for seen in snapshots
            for service in (seen.engine.swarm.services if seen.engine.swarm else ())
            if service.id in services - strangers
            for address in service.addresses
        )
        return frozenset((*(address for actor in actors for address in actor.addresses), *virtual))

    def _reaches_out(self, actor: Actor, network: str) -> bool:
        found = self.network_called(network, actor.host)
        return found is not None and found.scope == "swarm"

    def reaches(self, source: Actor, target: Actor, port: int | None) -> dict[str, Reach]:
        """Return how each of the target's addresses answered to the source, to pings where no port is given."""
        return {a: self.state(source.spot, a, port) for a in self.addresses_towards(source, target)}


def _is_one(mine: Network, theirs: Network) -> bool:
    return mine.scope == "swarm" and mine.id == theirs.id


def outside_loopback(sandbox: Sandbox) -> tuple[str, ...]:
    """Return the sandbox's addresses that others may reach: neither loopback nor link-local."""
    found = (interface.address for interface in sandbox.interfaces)
    return tuple(address for address in found if not address.startswith((*_LOOPBACK, "fe80:")))
