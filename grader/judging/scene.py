"""Everything that a check may look at: the evidence, read through the roles."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from grader.judging import netnames, sandboxes
from grader.judging.netnames import NetworkMatch
from grader.judging.wants import Wants
from grader.models.evidence import Evidence, HostEvidence
from grader.models.probe import (
    HOST,
    Answer,
    Connect,
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
from grader.models.snapshot import Container, Endpoint, Network

_LOOPBACK = ("127.", "::1")
UNASKED = "the evidence holds no answer to this question"


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
    wanted: str = ""
    """What was looked for, in words."""
    doubts: tuple[str, ...] = ()
    """Containers that were not seen, and of which one may be the role's if it listens on its port."""


class Scene:
    """One build, seen through the roles of one rubric."""

    def __init__(self, evidence: Evidence, wants: Wants, cast: Mapping[str, RoleMatch]) -> None:
        self.evidence = evidence
        self.wants = wants
        self.cast = cast

    @cached_property
    def host(self) -> HostEvidence:
        """The engine that was looked at."""
        return next(iter(self.evidence.hosts.values()))

    @cached_property
    def _observations(self) -> dict[str, Observation]:
        return {seen.source: seen for seen in self.host.observations}

    @cached_property
    def _answers(self) -> dict[tuple[str, Question], Answer]:
        return {(seen.source, asked.question): asked.answer for seen in self.host.observations for asked in seen.asked}

    @cached_property
    def _matches(self) -> dict[str, NetworkMatch]:
        return netnames.match_all(self.wants.networks, self.host.snapshot.networks)

    def role(self, name: str) -> RoleMatch:
        """Return who plays the role."""
        return self.cast[name]

    def network(self, name: str) -> NetworkMatch:
        """Return the network that stands for the one that the rubric names; any other only for itself."""
        return self._matches.get(name) or NetworkMatch(name, self.network_called(name))

    def network_called(self, name: str) -> Network | None:
        """Return the engine's network of exactly this name."""
        return next((network for network in self.host.snapshot.networks if network.name == name), None)

    def is_on(self, actor: Actor, wanted: str) -> bool:
        """Return whether the actor is connected to the network that stands for `wanted`."""
        network = self.network(wanted).network
        return network is not None and network.name in actor.networks

    def shared_networks(self, one: Actor, other: Actor) -> tuple[Network, ...]:
        """Return the networks that both are connected to."""
        names = [name for name in one.networks if name in other.networks]
        return tuple(network for name in names if (network := self.network_called(name)))

    def sandbox(self, actor: Actor) -> Sandbox | None:
        """Return what the actor's sandbox looks like from inside, None if no sidecar reported it."""
        seen = self._observations.get(actor.source)
        return seen.sandbox if seen else None

    def owner(self, actor: Actor) -> Container:
        """Return the container whose sandbox the actor lives in, itself as a rule."""
        return sandboxes.owner_of(actor.container, self.host.snapshot.containers) or actor.container

    def fault(self, actor: Actor) -> str:
        """Return why the actor's sandbox was not seen, in words that end a sentence."""
        seen = self._observations.get(actor.source)
        return (seen.fault if seen else None) or UNASKED

    def observation(self, source: str) -> Observation | None:
        """Return what one source reported."""
        return self._observations.get(source)

    def reach(self, source: str, address: str, port: int) -> Reach:
        """Return how a TCP connection from a source's sandbox went."""
        answer = self._answers.get((source, Connect(address=address, port=port)))
        return answer.state if isinstance(answer, Reached) else "not-observed"

    def lookup(self, source: str, name: str) -> Found:
        """Return what the resolver of a source's sandbox said of a name."""
        answer = self._answers.get((source, Lookup(name=name)))
        return answer if isinstance(answer, Found) else Found(ipv4="not-observed", ipv6="not-observed")

    def exchange(self, source: str, question: Exchange) -> Exchanged:
        """Return the answer to a bounded request from a source's sandbox."""
        answer = self._answers.get((source, question))
        return answer if isinstance(answer, Exchanged) else Exchanged(state="not-observed")

    def addresses_towards(self, source: Actor, target: Actor) -> tuple[str, ...]:
        """Return every address at which `source` might meet `target`.

        A target on the engine's own stack is met at the gateways, which are the engine's addresses,
        one in the same sandbox at loopback too.
        """
        shared = ("127.0.0.1",) if source.source == target.source else ()
        if target.on_host:
            return tuple(dict.fromkeys((*shared, *source.gateways, *sandboxes.engine_addresses(self.host.snapshot))))
        return tuple(dict.fromkeys((*shared, *target.addresses)))

    def reaches(self, source: Actor, target: Actor, port: int) -> dict[str, Reach]:
        """Return how each of the target's addresses answered to the source."""
        return {address: self.reach(source.source, address, port) for address in self.addresses_towards(source, target)}


def outside_loopback(sandbox: Sandbox) -> tuple[str, ...]:
    """Return the sandbox's addresses that others may reach: neither loopback nor link-local."""
    found = (interface.address for interface in sandbox.interfaces)
    return tuple(address for address in found if not address.startswith((*_LOOPBACK, "fe80:")))
