"""What speaks for it that a container plays a role, and how much.

What a container was created from and what it listens on weigh most; names and single networks only break ties. But who
belongs to the build comes before whoever does not: a leftover of another lesson may look more like nginx than nginx
does.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from grader.judging import imageref, netnames, sandboxes
from grader.models.evidence import Evidence, HostEvidence
from grader.models.probe import HOST
from grader.models.snapshot import Container, is_called
from grader.rubric.model import Role, Rubric

ROLE_LABEL = "grade.role"
COMPOSE_SERVICE = "com.docker.compose.service"
_COMPOSE_ONE_OFF = "com.docker.compose.oneoff"

_DECISIVE = 4000
_IMAGE, LISTENS, _ANCESTRY = 40, 36, 32
_CALLED = 24
_EXPOSES, _SERVICE, _PUBLISHES = 10, 8, 6
# A network more has to outweigh both signs of a name: a decoy may be called what it likes.
_NETWORK, _BEARS_NAME, _NAME_WORD = 10, 4, 4
_NOT_RUNNING, _ONE_OFF = -20, -4
# Whoever lives on a network of the exercise belongs to the build. Where its networks have other names, whoever shares
# one with those who may play the other roles does. Both outweigh all that a stranger may look like. An image that the
# rubric demands weighs as much as a place: what answers there in its stead is a decoy.
_AT_HOME, _IN_COMPANY = 400, 200


@dataclass(frozen=True, slots=True)
class Sign:
    """One reason to take a container for a role; only a telling one is enough by itself."""

    weight: int
    because: str
    telling: bool = True
    by_word: bool = False
    """Whether it is a word within a name and no more, which anybody may bear."""
    belongs: bool = False
    """Whether it tells that a container belongs to the build, and nothing of what it is there."""


def weight_of(signs: Iterable[Sign]) -> int:
    """Return what signs weigh together; that a container belongs to the build makes it no role by itself."""
    held = [*signs]
    is_told = any(sign.telling and not sign.by_word for sign in held)
    return sum(sign.weight for sign in held if is_told or not sign.belongs)


def is_made_for(signs: Iterable[Sign]) -> bool:
    """Return whether a container was made to be this role, or is said to be: then no name makes it another one.

    A port does not tell: an app may listen on the wrong one, and in a shared sandbox everybody has it.
    """
    return any(sign.weight >= _IMAGE and sign.telling for sign in signs)


def is_at_work(signs: Iterable[Sign]) -> bool:
    """Return whether a container looks like a role by image or by port, which is more than a name or a place."""
    return any(sign.weight >= LISTENS and sign.telling for sign in signs)


def is_one_off(container: Container) -> bool:
    """Return whether `docker compose run` made a container, which is no replica of its service."""
    return container.labels.get(_COMPOSE_ONE_OFF) == "True"


class Signer:
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
        if is_one_off(container):
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
            yield Sign(LISTENS, f"listens on port {role.listens}")
        if any(port.number == role.listens for port in container.exposed):
            yield Sign(_EXPOSES, f"exposes port {role.listens}")
        if any(binding.port == role.listens for binding in container.requested):
            yield Sign(_PUBLISHES, f"publishes port {role.listens}")

    def _by_names(self, name: str, role: Role, container: Container) -> Iterator[Sign]:
        if role.called == container.name:
            yield Sign(_CALLED, f"is called {container.name}, as the brief has it")
        if container.labels.get(COMPOSE_SERVICE) == name:
            yield Sign(_SERVICE, f"is the compose service {name}")
        aliases = {alias for endpoint in container.endpoints for alias in endpoint.aliases}
        for wanted in sorted(self.wants.names_of(name)):
            if wanted in {container.name, container.hostname, *aliases}:
                yield Sign(_BEARS_NAME, f"answers to {wanted}")
        if name in re.split(r"[^a-z0-9]+", container.name.lower()) and role.called != container.name:
            yield Sign(_NAME_WORD, f"is called {container.name}", by_word=True)

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
            yield Sign(_AT_HOME, "", telling=False, belongs=True)
        elif any(role != name and other != container.id and here & shared for role, other, shared in self.company):
            yield Sign(_IN_COMPANY, "", telling=False, belongs=True)

    def _own_networks(self, container: Container) -> set[str]:
        """Return the networks that a container is on and that somebody made."""
        here = {endpoint.network for endpoint in sandboxes.endpoints_of(container, self.snapshot.containers)}
        return here - netnames.PREDEFINED


def mislabelled(rubric: Rubric, evidence: Evidence) -> Iterator[str]:
    """Yield in words the labels that name no role, but nearly; those of other lessons are nobody's business."""
    for seen in evidence.hosts.values():
        for container in seen.snapshot.containers:
            label = container.labels.get(ROLE_LABEL, "")
            near = get_close_matches(label, rubric.roles, n=1)
            if near and label not in rubric.roles:
                yield f"{container.name} is labelled {ROLE_LABEL}={label}, which is no role: did you mean {near[0]}?"
