"""What the demonstration puts on an engine, known by id; whatever else is there is not touched."""

import socket
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from time import sleep

from grader.host.sidecar import REPOSITORY
from tests.lab import LabError
from tests.lab.run import run

from .command import Environment, say, undisturbed

# What build.sh of the variant run-names makes; a test holds them together.
CONTAINERS = ("mongo", "flask-app", "nginx")
NETWORKS = ("public-net-1", "private-net-1")
IMAGES = ("lab/flask-app", "lab/nginx")
PORT = 8080

_PASSES = 5
_Kind = str
_LISTS: Mapping[_Kind, Sequence[str]] = {
    "container": ("ps", "--all", "--no-trunc", "--format", "{{.ID}}\t{{.Names}}"),
    "network": ("network", "ls", "--no-trunc", "--format", "{{.ID}}\t{{.Name}}"),
    "image": ("images", "--no-trunc", "--format", "{{.ID}}\t{{.Repository}}:{{.Tag}}"),
}
_OURS: Mapping[_Kind, Sequence[str]] = {"container": CONTAINERS, "network": NETWORKS, "image": IMAGES}
_OF_GRADE: Mapping[_Kind, Sequence[str]] = {"image": (REPOSITORY,)}
"""What grade itself leaves on an engine; it may be there already and is then in nobody's way."""


def docker(environment: Environment, *arguments: str, check: bool = True) -> str:
    """Run a docker command that only looks or removes, and return what it printed."""
    return run(["docker", *arguments], env=environment, check=check, timeout=120)


def collisions(environment: Environment) -> list[str]:
    """Return in words what an engine has already of all that the demonstration would make."""
    there = [
        f"the {kind} {name}"
        for kind, ours in _OURS.items()
        for _, name in _listed(environment, kind)
        if _stem(kind, name) in ours
    ]
    publishing = docker(environment, "ps", "--filter", f"publish={PORT}", "--format", "{{.Names}}").split()
    return [
        *dict.fromkeys(there),
        *(f"port {PORT}, which the container {name} publishes" for name in publishing),
    ]


def port_is_taken() -> bool:
    """Return whether some program of this machine listens on the port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("", PORT))
        except OSError:
            return True
    return False


@dataclass(slots=True)
class Footprint:
    """The things on one engine that came after `before`, and bear a name of ours.

    A new thing under another name may be somebody else's, who uses the engine at the same time.
    """

    environment: Environment
    before: frozenset[tuple[str, str]]
    made: dict[_Kind, dict[str, str]] = field(default_factory=lambda: {kind: {} for kind in _LISTS})

    def record(self) -> None:
        """Note the ids of what has been made so far."""
        for kind, ours in _OURS.items():
            wanted = {*ours, *_OF_GRADE.get(kind, ())}
            for identity, name in _listed(self.environment, kind):
                if _stem(kind, name) in wanted and (identity, name) not in self.before:
                    self.made[kind][identity] = name

    def remove(self) -> list[str]:
        """Remove all that was made, and return in words what could not be.

        An interrupted command may still have a request under way, so one look is not enough.
        """
        for attempt in range(_PASSES):
            self.record()
            if not self._left():
                break
            sleep(0.2 * attempt)
            self._remove_once()
        return self._left()

    def _remove_once(self) -> None:
        for container in self.made["container"]:
            docker(self.environment, "rm", "--force", "--volumes", container, check=False)
        for network in self.made["network"]:
            docker(self.environment, "network", "rm", network, check=False)
        for name in self.made["image"].values():  # a tag of ours; an id may bear other tags
            docker(self.environment, "rmi", name, check=False)

    def _left(self) -> list[str]:
        return [
            f"the {kind} {name}"
            for kind, things in self.made.items()
            for identity, name in _listed(self.environment, kind)
            if things.get(identity) == name
        ]


@contextmanager
def cleaned_up(environment: Environment) -> Iterator[Footprint]:
    """Remove what the block made on the engine, however it ends."""
    before = frozenset(thing for kind in _LISTS for thing in _listed(environment, kind))
    footprint = Footprint(environment, before)
    try:
        yield footprint
    finally:
        with undisturbed():
            _tidy(footprint)


def _tidy(footprint: Footprint) -> None:
    say("\nCleaning up.")
    try:
        left = footprint.remove()
    except LabError as lost:
        known = (name for things in footprint.made.values() for name in things.values())
        say(f"The engine could not be cleaned up: {lost}\nThese may still be there: {', '.join(known)}.")
        return
    say(f"Still there: {', '.join(left)}." if left else "Everything that this demonstration made is gone.")


def _listed(environment: Environment, kind: _Kind) -> Iterator[tuple[str, str]]:
    """Yield id and name; a container's legacy links stand among its names, as OTHER/ALIAS."""
    for line in docker(environment, *_LISTS[kind]).splitlines():
        identity, _, names = line.partition("\t")
        yield from ((identity, name) for name in names.split(",") if "/" not in name or kind == "image")


def _stem(kind: _Kind, name: str) -> str:
    """Return the name without an image's tag."""
    return name.rpartition(":")[0] if kind == "image" else name
