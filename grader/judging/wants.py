"""What a check needs to know, said before anybody knows which container plays which role."""

from collections.abc import Iterable
from dataclasses import dataclass, fields


@dataclass(frozen=True, slots=True)
class NameWanted:
    """`name`, asked from the sandbox of `source`, should lead to `target`."""

    source: str
    name: str
    target: str


@dataclass(frozen=True, slots=True)
class Request:
    """A page that its server is asked for over HTTP, within its own sandbox or by others too."""

    port: int
    path: str
    by_others: bool = False


@dataclass(frozen=True, slots=True)
class Wants:
    """The union of what the checks of a rubric want.

    `attachments` are (role, network) pairs that the rubric asks for, `modes` are (role, network mode), `edges` are
    (source, target, port), and `pings` (source, target). `own_names` are roles whose containers' own names are to be
    asked for everywhere, `outside` the roles that are to be looked at from the engine's host. `pools` are (network,
    subnet) pairs, and `shared` are (role, role) where the first is to live in the sandbox of the second.
    """

    networks: frozenset[str] = frozenset()
    attachments: frozenset[tuple[str, str]] = frozenset()
    modes: frozenset[tuple[str, str]] = frozenset()
    names: frozenset[NameWanted] = frozenset()
    edges: frozenset[tuple[str, str, int]] = frozenset()
    pings: frozenset[tuple[str, str]] = frozenset()
    pools: frozenset[tuple[str, str]] = frozenset()
    shared: frozenset[tuple[str, str]] = frozenset()
    own_names: frozenset[str] = frozenset()
    outside: frozenset[str] = frozenset()
    ports: frozenset[int] = frozenset()
    requests: frozenset[Request] = frozenset()
    images: frozenset[str] = frozenset()

    def networks_of(self, role: str) -> frozenset[str]:
        """Return the networks that `role` should be on."""
        return frozenset(network for wanted, network in self.attachments if wanted == role)

    def names_of(self, role: str) -> frozenset[str]:
        """Return the names that should lead to `role`."""
        return frozenset(wanted.name for wanted in self.names if wanted.target == role)

    def behind(self, role: str) -> frozenset[str]:
        """Return the roles that `role` depends on, by name or by port, and those that they depend on."""
        steps = {(w.source, w.target) for w in self.names} | {(start, end) for start, end, _ in self.edges} | self.pings
        found: frozenset[str] = frozenset()
        near = {role}
        while near:
            near = {end for start, end in steps if start in near} - found
            found |= near
        return found


def union(parts: Iterable[Wants]) -> Wants:
    """Return everything that any of `parts` wants."""
    wanted = list(parts)
    return Wants(**{f.name: frozenset().union(*(getattr(each, f.name) for each in wanted)) for f in fields(Wants)})
