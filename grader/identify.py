"""Which container plays which role.

Learners choose their own names, so every sign counts a little and all roles are cast at once: the
assignment with the best total wins, and a tie is ambiguous.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, replace
from itertools import combinations

from grader.judging import sandboxes
from grader.judging.scene import Actor, RoleMatch
from grader.models.evidence import Evidence
from grader.models.probe import HOST
from grader.models.snapshot import Container, Snapshot
from grader.rubric.model import Role, Rubric
from grader.signs import COMPOSE_SERVICE, LISTENS, Sign, Signer, is_at_work, is_made_for, is_one_off, weight_of

_COMPOSE_PROJECT = "com.docker.compose.project"
_RIVALS_LOOKED_AT = 8
_GUESSES_IN_PAIRS = 12


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
            taken=() if cast[name] else tuple(_taken(judge, cast, name)),
            unheard=unheard if role.listens and not role.image and not cast[name] else (),
        )
        for name, role in rubric.roles.items()
    }


def _taken(judge: "_Casting", cast: Mapping[str, Sequence[Unit]], name: str) -> Iterator[str]:
    """Yield who looks like a role by image or by port, and plays another one that looks otherwise."""
    for other, units in cast.items():
        is_one = len(units) == 1 and judge.alike[other] != judge.alike[name]
        signs = judge.signs.get((name, units[0]), []) if is_one else []
        because = next((sign.because for sign in signs if is_at_work([sign])), "")
        if because:
            yield f"{units[0].name} ({because}) is already {other}"


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
        signers = {host: Signer(rubric, seen, evidence.roles) for host, seen in evidence.hosts.items()}
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
                (list(signers[unit.host].signs(name, role, each)) for each in unit.containers), key=weight_of
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
        other.signs = self.signs | {guess: [*self.signs[guess], Sign(LISTENS, "listens")] for guess in listening}
        other._weigh()
        return other

    def _eligible(self, role: str) -> dict[Unit, int]:
        made = {unit for (_, unit), signs in self.signs.items() if is_made_for(signs)}
        weighed = {
            unit: weight_of(signs)
            for (name, unit), signs in self.signs.items()
            if name == role and any(sign.telling for sign in signs) and (is_at_work(signs) or unit not in made)
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


def _services(containers: Iterable[Container], apart: Collection[str] = ()) -> list[list[Container]]:
    """Return the containers in groups: the replicas of a service together, but for those that are to stand `apart`."""
    groups: dict[tuple[str, ...], list[Container]] = {}
    for container in sorted(containers, key=lambda each: (each.name, each.id)):
        labels = container.labels
        service = (labels.get(_COMPOSE_PROJECT, ""), labels.get(COMPOSE_SERVICE, ""))
        is_replica = all(service) and not is_one_off(container)
        together = service if is_replica else (container.service or container.id,)
        groups.setdefault((container.id,) if container.id in apart else together, []).append(container)
    return [*groups.values()]


def _units(host: str, containers: Sequence[Container], apart: Collection[str] = ()) -> list[Unit]:
    """Return who stands for a role together; of a service's replicas, those at rest give way to those at work."""
    groups = _services(containers, apart)
    return [Unit(host, tuple([c for c in group if c.state == "running"] or group)) for group in groups]
