"""Which container plays which role.

Learners choose their own names, so every sign counts a little and all roles are cast at once: the
assignment with the best total wins, and a tie is ambiguous. What a container was created from and
what it listens on weigh most; names and single networks only break ties. But who belongs to the build
comes before whoever does not: a leftover of another lesson may look more like nginx than nginx does.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, replace
from difflib import get_close_matches
from itertools import combinations

from grader.judging import imageref, netnames, sandboxes
from grader.judging.scene import Actor, RoleMatch
from grader.models.evidence import Evidence, HostEvidence
from grader.models.probe import HOST
from grader.models.snapshot import Container, Snapshot, is_called
from grader.rubric.model import Role, Rubric

ROLE_LABEL = "grade.role"
_COMPOSE_PROJECT = "com.docker.compose.project"
_COMPOSE_SERVICE = "com.docker.compose.service"
_COMPOSE_ONE_OFF = "com.docker.compose.oneoff"

_DECISIVE = 4000
_IMAGE, _LISTENS, _ANCESTRY = 40, 36, 32
_CALLED = 24
_EXPOSES, _SERVICE, _PUBLISHES = 10, 8, 6
# A network more has to outweigh both signs of a name: a decoy may be called what it likes.
_NETWORK, _BEARS_NAME, _NAME_WORD = 10, 4, 4
_NOT_RUNNING, _ONE_OFF = -20, -4
# Whoever lives on a network of the exercise belongs to the build. Where its networks have other names, whoever shares
# one with those who may play the other roles does. Both outweigh all that a stranger may look like. An image that the
# rubric demands weighs as much as a place: what answers there in its stead is a decoy.
_AT_HOME, _IN_COMPANY = 400, 200
_RIVALS_LOOKED_AT = 8
_GUESSES_IN_PAIRS = 12


@dataclass(frozen=True, slots=True)
class Sign:
    """One reason to take a container for a role; only a telling one is enough by itself."""

    weight: int
    because: str
    telling: bool = True


@dataclass(frozen=True, slots=True, eq=False)
class Unit:
    """Containers of one engine that stand or fall together: one, or the replicas of a service."""

    host: str
    containers: tuple[Container, ...]

    @property
    def name(self) -> str:
        """What a reader calls it."""
        return self.containers[0].name


def identify(rubric: Rubric, evidence: Evidence) -> dict[str, RoleMatch]:
    """Return who plays each role of the rubric."""
    judge = _Casting(rubric, evidence)
    cast = judge.cast()
    if (crowd := _crowd(rubric, evidence, cast)) and (apart := _Casting(rubric, evidence, crowd)).best > judge.best:
        judge, cast = apart, apart.cast()
    doubts = judge.doubts()
    unheard = tuple(_unheard(evidence, cast))
    return {
        name: replace(
            _match(evidence, name, role, cast[name], judge.signs),
            doubts=doubts.get(name, ()),
            unheard=unheard if role.listens and not role.image and not cast[name] else (),
        )
        for name, role in rubric.roles.items()
    }


def mislabelled(rubric: Rubric, evidence: Evidence) -> Iterator[str]:
    """Yield in words the labels that name no role, but nearly; those of other lessons are nobody's business."""
    for seen in evidence.hosts.values():
        for container in seen.snapshot.containers:
            label = container.labels.get(ROLE_LABEL, "")
            near = get_close_matches(label, rubric.roles, n=1)
            if near and label not in rubric.roles:
                yield f"{container.name} is labelled {ROLE_LABEL}={label}, which is no role: did you mean {near[0]}?"


def _unheard(evidence: Evidence, cast: Mapping[str, Sequence[Unit]]) -> Iterator[str]:
    """Yield who plays no role and cannot be heard: it does not run, or what it listens on is the host's to tell."""
    playing = {container.id for units in cast.values() for unit in units for container in unit.containers}
    for seen in evidence.hosts.values():
        for container in seen.snapshot.containers:
            if container.id in playing:
                continue
            if container.state in ("exited", "paused", "created"):
                state = {"exited": "stopped", "created": "not started"}.get(container.state, container.state)
                yield f"{container.name} is {state}"
            elif sandboxes.source_of(container, seen.snapshot.containers) == HOST:
                yield f"{container.name} uses the host's network (--network host)"


def _crowd(rubric: Rubric, evidence: Evidence, cast: Mapping[str, Sequence[Unit]]) -> frozenset[str]:
    """Return the replicas, those at rest too, of which one role has all while there is another role just like it."""
    roles = [*rubric.roles.values()]
    units = [units[0] for name, units in cast.items() if len(units) == 1 and roles.count(rubric.roles[name]) > 1]
    playing = {container.id for unit in units for container in unit.containers}
    services = [each for seen in evidence.hosts.values() for each in _services(seen.snapshot.containers)]
    found = (each for each in services if len(each) > 1 and playing.intersection(container.id for container in each))
    return frozenset(container.id for service in found for container in service)


def _match(
    evidence: Evidence,
    name: str,
    role: Role,
    units: Sequence[Unit],
    signs: Mapping[tuple[str, Unit], list[Sign]],
) -> RoleMatch:
    wanted, home = role.in_words(), role.host or ""
    if home and home not in evidence.hosts:
        return RoleMatch(name, wanted=wanted, home=home, unnamed=True)
    if len(units) > 1:
        return RoleMatch(name, rivals=tuple(sorted(unit.name for unit in units)), wanted=wanted, home=home)
    if not units:
        return RoleMatch(name, wanted=wanted, home=home)
    (unit,) = units
    because = tuple(sign.because for sign in signs[name, unit] if sign.because)
    snapshot = evidence.hosts[unit.host].snapshot
    actors = tuple(actor(unit.host, name, container, snapshot) for container in unit.containers)
    return RoleMatch(name, actors, because, wanted=wanted, home=home)


def actor(host: str, role: str, container: Container, snapshot: Snapshot) -> Actor:
    """Return a container in a role, with the endpoints and the sandbox that it really uses."""
    endpoints = sandboxes.endpoints_of(container, snapshot.containers)
    gateways = sandboxes.gateways_of(endpoints, snapshot)
    return Actor(role, host, container, endpoints, gateways, sandboxes.source_of(container, snapshot.containers))


class _Casting:
    """The weights of every unit for every role, and the assignments that make the most of them."""

    def __init__(self, rubric: Rubric, evidence: Evidence, apart: Collection[str] = ()) -> None:
        self.roles = tuple(sorted(rubric.roles))
        self.alike = {name: (role.image, role.listens, role.host) for name, role in rubric.roles.items()}
        signers = {host: _Signer(rubric, seen, evidence.roles) for host, seen in evidence.hosts.items()}
        units = [
            unit for host, seen in evidence.hosts.items() for unit in _units(host, seen.snapshot.containers, apart)
        ]
        eligible = [
            (name, role, unit)
            for name, role in rubric.roles.items()
            for unit in units
            if role.host in (None, unit.host)
        ]
        self.signs: dict[tuple[str, Unit], list[Sign]] = {
            (name, unit): max(
                (list(signers[unit.host].signs(name, role, each)) for each in unit.containers), key=_weight
            )
            for name, role, unit in eligible
        }
        self.weights: dict[str, dict[Unit, int]] = {}
        self._weigh()
        self.guesses = [
            (name, unit)
            for name, role, unit in eligible
            if any(signers[unit.host].may_listen(name, role, each) for each in unit.containers)
        ]

    def _weigh(self) -> None:
        self.weights = {name: self._eligible(name) for name in self.roles}
        self.best = self._total({})

    def doubts(self) -> dict[str, tuple[str, ...]]:
        """Return the roles that would be cast otherwise if unseen containers listened, and those containers.

        One or two of them are supposed to listen at a time; where nearly nobody was seen, one.
        """
        few = len(self.guesses) <= _GUESSES_IN_PAIRS
        settled = self.cast()
        found: dict[str, set[str]] = {}
        for some in (guess for size in ((1, 2) if few else (1,)) for guess in combinations(self.guesses, size)):
            supposed = self._supposing(some).cast()
            for role in (role for role in self.roles if supposed[role] != settled[role]):
                found.setdefault(role, set()).update(unit.name for _, unit in some)
        return {role: tuple(sorted(names)) for role, names in found.items()}

    def _supposing(self, listening: Iterable[tuple[str, Unit]]) -> "_Casting":
        """Return the same casting if these units listened on the ports of these roles."""
        other = copy(self)
        other.signs = self.signs | {guess: [*self.signs[guess], Sign(_LISTENS, "listens")] for guess in listening}
        other._weigh()
        return other

    def _eligible(self, role: str) -> dict[Unit, int]:
        plain = {unit for (_, unit), signs in self.signs.items() if _is_plain(signs)}
        weighed = {
            unit: _weight(signs)
            for (name, unit), signs in self.signs.items()
            if name == role and any(sign.telling for sign in signs) and (_is_plain(signs) or unit not in plain)
        }
        strongest = sorted(weighed, key=lambda unit: (-weighed[unit], unit.name))[:_RIVALS_LOOKED_AT]
        return {unit: max(weighed[unit], 1) for unit in strongest}

    def cast(self) -> dict[str, list[Unit]]:
        """Return for each role the units that play it in some best assignment: one, none, or several tied.

        Containers that tie for roles which are alike, one for each, are given out in the order of their names.
        """
        found: dict[str, list[Unit]] = {}
        settled: dict[str, Unit] = {}
        for role in self.roles:
            free = (unit for unit in self.weights[role] if unit not in settled.values())
            tied = [unit for unit in free if self._total({**settled, role: unit}) == self.best]
            if len(tied) > 1 and self._are_needed(tied, settled, role):
                tied = [min(tied, key=lambda unit: (unit.name, unit.host))]
            found[role] = tied
            if len(tied) == 1:
                settled[role] = tied[0]
        return found

    def _are_needed(self, tied: Sequence[Unit], settled: Mapping[str, Unit], role: str) -> bool:
        """Return whether every best assignment gives all of these units to roles that are like this one."""
        alike = [name for name in self.roles if name not in settled and self.alike[name] == self.alike[role]]
        return len(tied) <= len(alike) and all(self._total(settled, without=unit) < self.best for unit in tied)

    def _total(self, fixed: Mapping[str, Unit], *, without: Unit | None = None) -> int:
        """Return the total of the best assignment that keeps to `fixed`, and leaves one unit out."""
        base = sum(self.weights[role][unit] for role, unit in fixed.items())
        free = [role for role in self.roles if role not in fixed]
        return base + self._search(free, frozenset(fixed.values()) | ({without} if without else set()))

    def _search(self, free: list[str], taken: frozenset[Unit]) -> int:
        if not free:
            return 0
        role, *rest = free
        found = [self._search(rest, taken)]
        for unit, weight in self.weights[role].items():
            if unit not in taken:
                found.append(weight + self._search(rest, taken | {unit}))
        return max(found)


def _weight(signs: Iterable[Sign]) -> int:
    return sum(sign.weight for sign in signs)


def _is_plain(signs: Iterable[Sign]) -> bool:
    """Return whether a container is what it is by image or port: then no name and no place makes it another role."""
    return any(sign.telling and sign.weight >= _LISTENS for sign in signs)


def _is_one_off(container: Container) -> bool:
    """Return whether `docker compose run` made a container, which is no replica of its service."""
    return container.labels.get(_COMPOSE_ONE_OFF) == "True"


def _services(containers: Iterable[Container], apart: Collection[str] = ()) -> list[list[Container]]:
    """Return the containers in groups: the replicas of a service together, but for those that are to stand `apart`."""
    groups: dict[tuple[str, ...], list[Container]] = {}
    for container in sorted(containers, key=lambda each: (each.name, each.id)):
        labels = container.labels
        service = (labels.get(_COMPOSE_PROJECT, ""), labels.get(_COMPOSE_SERVICE, ""))
        is_replica = all(service) and not _is_one_off(container)
        together = service if is_replica else (container.service or container.id,)
        groups.setdefault((container.id,) if container.id in apart else together, []).append(container)
    return [*groups.values()]


def _units(host: str, containers: Sequence[Container], apart: Collection[str] = ()) -> list[Unit]:
    """Return who stands for a role together; of a service's replicas, those at rest give way to those at work."""
    groups = _services(containers, apart)
    return [Unit(host, tuple([c for c in group if c.state == "running"] or group)) for group in groups]


class _Signer:
    """Reads the signs that a container gives of a role."""

    def __init__(self, rubric: Rubric, seen: HostEvidence, wishes: Mapping[str, str]) -> None:
        self.wants = rubric.wants
        self.roles = rubric.roles
        self.snapshot = seen.snapshot
        self.looks = {each.source: each.sandbox for each in seen.observations if each.sandbox}
        self.wishes = wishes
        busy = netnames.crowd(seen.snapshot.containers)
        self.matches = netnames.match_all(self.wants.networks, seen.snapshot.networks, busy)
        self.demanded = frozenset[str]().union(*(check.wants().images for check in rubric.checks))
        self.home = {match.network.name for match in self.matches.values() if match.network} - netnames.PREDEFINED
        self.company = [
            (role, container.id, self._own_networks(container))
            for container in seen.snapshot.containers
            for role, wanted in rubric.roles.items()
            if any((*self._by_image(wanted, container), *self._by_ports(wanted, container)))
        ]

    def signs(self, name: str, role: Role, container: Container) -> Iterator[Sign]:
        """Yield every sign that `container` plays the role; none if it was named for another one."""
        decided = self._decided(container)
        if decided and name not in decided:
            return
        if decided:
            yield Sign(_DECISIVE, decided[name])
        if container.state not in ("running", "paused", "restarting"):
            yield Sign(_NOT_RUNNING, "", telling=False)
        if _is_one_off(container):
            yield Sign(_ONE_OFF, "", telling=False)
        yield from self._by_image(role, container)
        yield from self._by_ports(role, container)
        yield from self._by_names(name, role, container)
        yield from self._by_networks(name, container)
        yield from self._by_belonging(name, container)
        if (name, container.network_mode) in self.wants.modes:
            yield Sign(_NETWORK, f"was started with --network {container.network_mode}", telling=False)

    def may_listen(self, name: str, role: Role, container: Container) -> bool:
        """Return whether a running container whose sandbox was not seen may listen on the role's port."""
        if role.listens is None or container.state != "running" or (name not in (self._decided(container) or {name})):
            return False
        source = sandboxes.source_of(container, self.snapshot.containers)
        return source != HOST and source not in self.looks

    def _decided(self, container: Container) -> dict[str, str]:
        wished = {
            role: f"you named it with --role {role}={wish}"
            for role, wish in self.wishes.items()
            if is_called(container, wish)
        }
        label = container.labels.get(ROLE_LABEL)
        return wished or ({label: f"it is labelled {ROLE_LABEL}={label}"} if label in self.roles else {})

    def _by_image(self, role: Role, container: Container) -> Iterator[Sign]:
        if role.image is None:
            return
        wanted = imageref.parse(role.image)
        by_id = imageref.is_id(container.image)
        references = container.image_tags if by_id and container.image_tags else (container.image,)
        if any(imageref.parse(reference).satisfies(wanted) for reference in references):
            demanded = _AT_HOME if wanted.repository in self.demanded else 0
            yield Sign(_IMAGE + demanded, f"created from the image {references[0]}")
        elif any(imageref.parse(reference).satisfies(wanted) for reference in container.ancestors) or (
            # Official images tell their version, and what is built on them inherits that; BuildKit may keep no base.
            wanted.tag is None and f"{wanted.repository.upper()}_VERSION" in container.env_names
        ):
            yield Sign(_ANCESTRY, f"its image is built on {role.image}")

    def _by_ports(self, role: Role, container: Container) -> Iterator[Sign]:
        if role.listens is None:
            return
        source = sandboxes.source_of(container, self.snapshot.containers)
        look = self.looks.get(source) if source != HOST else None
        if look and any(each.port == role.listens for each in sandboxes.listeners_of(look)):
            yield Sign(_LISTENS, f"listens on port {role.listens}")
        if any(port.number == role.listens for port in container.exposed):
            yield Sign(_EXPOSES, f"exposes port {role.listens}")
        if any(binding.port == role.listens for binding in container.requested):
            yield Sign(_PUBLISHES, f"publishes port {role.listens}")

    def _by_names(self, name: str, role: Role, container: Container) -> Iterator[Sign]:
        if role.called == container.name:
            yield Sign(_CALLED, f"is called {container.name}, as the brief has it")
        if container.labels.get(_COMPOSE_SERVICE) == name:
            yield Sign(_SERVICE, f"is the compose service {name}")
        aliases = {alias for endpoint in container.endpoints for alias in endpoint.aliases}
        for wanted in sorted(self.wants.names_of(name)):
            if wanted in {container.name, container.hostname, *aliases}:
                yield Sign(_BEARS_NAME, f"answers to {wanted}")
        if name in re.split(r"[^a-z0-9]+", container.name.lower()) and role.called != container.name:
            yield Sign(_NAME_WORD, f"is called {container.name}")

    def _by_networks(self, name: str, container: Container) -> Iterator[Sign]:
        matches = [self.matches[wanted] for wanted in self.wants.networks_of(name)]
        wanted = {match.network.name if match.network else match.wanted for match in matches}
        here = {endpoint.network for endpoint in sandboxes.endpoints_of(container, self.snapshot.containers)}
        joined = sorted(wanted & here)
        # All of several networks is a pattern that only this role has; one alone tells nothing.
        telling = len(wanted) > 1 and len(joined) == len(wanted)
        for network in joined:
            yield Sign(_NETWORK, f"is on {network}", telling=telling)

    def _by_belonging(self, name: str, container: Container) -> Iterator[Sign]:
        wanted = self.wants.networks_of(name)
        if wanted and wanted <= netnames.PREDEFINED:
            return  # its place is where everybody is
        here = self._own_networks(container)
        if here & self.home:
            yield Sign(_AT_HOME, "", telling=False)
        elif any(role != name and other != container.id and here & shared for role, other, shared in self.company):
            yield Sign(_IN_COMPANY, "", telling=False)

    def _own_networks(self, container: Container) -> set[str]:
        """Return the networks that a container is on and that somebody made."""
        here = {endpoint.network for endpoint in sandboxes.endpoints_of(container, self.snapshot.containers)}
        return here - netnames.PREDEFINED
