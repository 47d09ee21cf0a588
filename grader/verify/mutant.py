"""One fault in a correct build, and what a rubric has to say of it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeVar

from grader.checks.base import Check
from grader.checks.http import HttpCheck
from grader.checks.publishes import PublishesCheck
from grader.checks.reaches import ReachesCheck
from grader.checks.unreachable import UnreachableCheck
from grader.judging.outside import OUTSIDE
from grader.judging.scene import Actor, Scene
from grader.judging.wants import NameWanted, Wants
from grader.judging.world import World
from grader.rubric.model import Rubric

C = TypeVar("C", bound=Check)


@dataclass(frozen=True)
class Mutant:
    """A build with one fault.

    `own` are the checks that have to fail for it; none where any will do. `touched` are the roles that it may
    concern: checks that stand on none of them keep their marks. `names` are words that the first cause has to hold.
    """

    operator: str
    name: str
    world: World
    own: frozenset[str] = frozenset()
    touched: frozenset[str] = frozenset()
    names: tuple[str, ...] = ()
    may: frozenset[str] = frozenset()
    """Checks of no role that may fail for it as well."""


@dataclass(frozen=True)
class Stage:
    """A correct build, on which faults are tried: the world, seen through the roles of a rubric."""

    rubric: Rubric
    world: World
    scene: Scene = field(repr=False)

    @property
    def wants(self) -> Wants:
        """What the rubric talks about."""
        return self.rubric.wants

    @cached_property
    def actors(self) -> tuple[Actor, ...]:
        """The container of each role that has just one: where there are replicas, a fault in one may cost nothing."""
        found = (self.scene.role(role).actors for role in self.rubric.roles)
        return tuple(actors[0] for actors in found if len(actors) == 1)

    def actor(self, role: str) -> Actor | None:
        """Return the first container of a role."""
        return next((actor for actor in self.actors if actor.role == role), None)

    def called(self, network: str, host: str | None = None) -> str:
        """Return the engine's name of a network that the rubric names."""
        match = self.scene.network(network, host)
        return match.network.name if match.network else network

    def checks(self, about: Callable[[Check], bool]) -> frozenset[str]:
        """Return the ids of scoring checks of which something is true."""
        return frozenset(check.id for check in self.rubric.checks if check.points and about(check))

    def attaching(self, role: str, network: str | None = None) -> frozenset[str]:
        """Return the checks that want a role on a network, or on any."""
        return self.checks(
            lambda check: any(who == role and network in (None, where) for who, where in check.wants().attachments)
        )

    def naming(self, wanted: NameWanted) -> frozenset[str]:
        """Return the checks that want a name to lead somewhere."""
        return self.checks(lambda check: wanted in check.wants().names)

    def alike(self, role: str) -> frozenset[str]:
        """Return the roles that the same containers could play, itself among them."""
        same = self.rubric.roles[role]
        return frozenset(
            name
            for name, other in self.rubric.roles.items()
            if (other.image, other.listens, other.host) == (same.image, same.listens, same.host)
        )

    def of_kind(self, kind: type[C]) -> Iterator[C]:
        """Yield the scoring checks of one kind."""
        return (check for check in self.rubric.checks if isinstance(check, kind) and check.points)

    def residents(self, network: str) -> frozenset[str]:
        """Return the roles on a network that the rubric names."""
        everybody = (actor for role in self.rubric.roles for actor in self.scene.role(role).actors)
        return frozenset(actor.role for actor in everybody if self.called(network, actor.host) in actor.networks)

    # --- ports

    def served(self) -> list[tuple[str, int]]:
        """Return the ports of roles on which others have to be accepted."""
        return sorted({(target, port) for _, target, port in self.wants.edges})

    def reaching(self, role: str, port: int, *, from_afar: bool = False) -> frozenset[str]:
        """Return the checks that want a port of a role to accept; `from_afar`, in another sandbox than its own."""
        near = self.neighbours(role) if from_afar else frozenset()
        return self.checks(
            lambda check: any((t, p) == (role, port) and s not in near for s, t, p in check.wants().edges)
        )

    def neighbours(self, role: str) -> frozenset[str]:
        """Return the roles in the sandbox of a role, itself among them."""
        actor = self.actor(role)
        return frozenset(each.role for each in self.actors if actor and each.spot == actor.spot)

    def open_ports(self, *, abroad: bool = False) -> list[tuple[str, int]]:
        """Return the ports that have to be open on the host; `abroad`, for others than the host itself."""
        return sorted({(role, port) for role, port in self._published(abroad=abroad).values()})

    def opening(self, role: str, port: int, *, abroad: bool = False) -> frozenset[str]:
        """Return the checks that want a port to be open on the host."""
        found = self._published(abroad=abroad)
        return frozenset(check for check, place in found.items() if place == (role, port))

    def private_ports(self) -> list[tuple[str, int]]:
        """Return the ports that must not be open to everybody."""
        return sorted(set(self._private().values()))

    def closing(self, role: str, port: int) -> frozenset[str]:
        """Return the checks that want a port not to be open to everybody."""
        return frozenset(check for check, place in self._private().items() if place == (role, port))

    def _published(self, *, abroad: bool) -> dict[str, tuple[str, int]]:
        found = {
            check.id: (check.role, check.port)
            for check in self.of_kind(PublishesCheck)
            if check.protocol == "tcp" and check.address != "nowhere" and not (abroad and check.address != "all")
        }
        found |= {
            check.id: (check.target, check.port)
            for check in self.of_kind(ReachesCheck)
            if check.source == OUTSIDE and check.port and isinstance(check.target, str)
        }
        return found | {
            check.id: (check.role, check.port) for check in self.of_kind(HttpCheck) if check.source == OUTSIDE
        }

    def _private(self) -> dict[str, tuple[str, int]]:
        found = {
            check.id: (check.target, check.port)
            for check in self.of_kind(UnreachableCheck)
            if check.port and (check.source == OUTSIDE or self._leads_out(check.source))
        }
        return found | {
            check.id: (check.role, check.port)
            for check in self.of_kind(PublishesCheck)
            if check.address in ("loopback", "nowhere") and check.protocol == "tcp"
        }

    def _leads_out(self, role: str) -> bool:
        """Return whether a role can reach the host at all."""
        actor = self.actor(role)
        return actor is not None and bool(actor.gateways or actor.on_host)
