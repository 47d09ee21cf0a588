"""Everything that stands on one engine, in few words: what has to be known before anything is removed."""

from collections.abc import Iterable

from grader.models.base import Frozen


class Placed(Frozen):
    """A container, running or not."""

    id: str
    name: str
    image: str
    mode: str = "default"
    """Its network mode, such as `host` or `container:ID`."""
    networks: tuple[str, ...] = ()
    """The ids of its networks; the name of one that has none yet."""
    project: str | None = None
    """The Compose project or the stack that it is part of."""
    service: str | None = None
    """The id of the swarm's service of which it is a task."""
    service_name: str = ""
    anonymous: tuple[str, ...] = ()
    """Volumes that go with it."""
    named: tuple[str, ...] = ()


class Link(Frozen):
    """A network."""

    id: str
    name: str
    scope: str = "local"
    project: str | None = None
    """The Compose project that made it."""


class Stock(Frozen):
    """What is on one engine."""

    containers: tuple[Placed, ...] = ()
    networks: tuple[Link, ...] = ()
    built: frozenset[str] = frozenset()
    """Tags of images that came from no registry."""
    manages_swarm: bool = False
    in_swarm: bool = False

    def links(self, container: Placed) -> tuple[Link, ...]:
        """Return the networks that a container is on, also through the sandbox that it shares."""
        owner = self.owner(container)
        return tuple(link for link in self.networks if link.id in owner.networks or link.name in owner.networks)

    def owner(self, container: Placed) -> Placed:
        """Return whose sandbox a container lives in, itself as a rule."""
        for _ in self.containers:
            _, shares, wanted = container.mode.partition("container:")
            found = called(wanted, self.containers) if shares else None
            if found is None:
                break
            container = found
        return container


def called(word: str, containers: Iterable[Placed]) -> Placed | None:
    """Return the container of this id or name."""
    return next((each for each in containers if word in (each.id, each.name)), None)
