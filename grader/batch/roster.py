"""Who is to be graded and where: a file in YAML or CSV, read whole before the first connection is made."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import Field
from yaml import MappingNode, Node, SequenceNode

from grader.checks.base import Identifier, PortNumber
from grader.errors import RosterError
from grader.host.address import Address
from grader.models.base import Frozen

_SCHEME = re.compile(r"[a-z]+://")
SSH_ONLY = ("user", "port", "key", "jump", "host_key", "socket")
"""What only an ssh server can be given."""


class Learner(Frozen):
    """One line of the roster."""

    id: Annotated[str, Field(min_length=1, max_length=64)] = Field(
        description="Names the learner in files, grades and on the command line."
    )
    name: str = Field(default="", description="The name for people to read.")
    section: str = Field(default="", description="The group within the class.")
    email: str = Field(default="", description="Finds the learner in the export of a learning platform.")
    host: str = Field(default="", description="The engine: a context, unix://, tcp:// or ssh://, or a bare ssh server.")
    hosts: dict[Identifier, str] = Field(default={}, description="The engines of an exercise with several, by name.")
    tls: str = Field(default="", description="The folder with ca.pem, cert.pem and key.pem.")
    user: str = Field(default="", description="Who logs in by ssh.")
    port: PortNumber | None = Field(default=None, description="The port of the ssh server.")
    key: str = Field(default="", description="The private key for ssh.")
    jump: str = Field(default="", description="An ssh server on the way: USER@HOST:PORT.")
    host_key: str | tuple[str, ...] = Field(default="", description="The ssh server's public key, or several.")
    socket: str = Field(default="", description="The engine's socket behind ssh, such as a rootless one.")
    roles: dict[Identifier, str] = Field(default={}, description="Which container plays which role.")


@dataclass(frozen=True, slots=True)
class Place:
    """A learner with what was worked out of the line: where the engines are."""

    learner: Learner
    line: int
    engines: Mapping[str, Address]
    """By the names of the rubric's hosts; a single one has the empty name."""


@dataclass(frozen=True, slots=True)
class Roster:
    """Everybody, in the order of the file."""

    path: Path
    places: tuple[Place, ...]

    def only(self, chosen: tuple[str, ...]) -> "Roster":
        """Return the roster of these learners; RosterError for one that is not there."""
        known = {place.learner.id: place for place in self.places}
        if unknown := next((each for each in chosen if each not in known), None):
            from grader.rubric.suggest import hint, listed

            raise RosterError(
                f"--only {unknown}: {self.path} has no such learner",
                hint(unknown, known, f"it has {listed(known)}"),
            )
        return Roster(self.path, tuple(place for place in self.places if not chosen or place.learner.id in chosen))


def engines_of(learner: Learner, folder: Path) -> dict[str, Address]:
    """Return where a learner's engines are; files are named from the roster's folder on."""
    named = learner.hosts or ({"": learner.host} if learner.host else {})
    return {name: _address(learner, host, folder) for name, host in named.items()}


def _address(learner: Learner, host: str, folder: Path) -> Address:
    url = _url(learner, host)
    by_ssh = url.startswith("ssh://")
    keys = (learner.host_key,) if isinstance(learner.host_key, str) else learner.host_key
    return Address(
        url,
        tls=folder / Path(learner.tls).expanduser() if learner.tls else None,
        socket=learner.socket or None if by_ssh else None,
        key=folder / Path(learner.key).expanduser() if learner.key and by_ssh else None,
        jump=learner.jump or None if by_ssh else None,
        host_keys=tuple(key for key in keys if key) if by_ssh else (),
    )


def _url(learner: Learner, host: str) -> str:
    """Return the host with the user and port that stand apart from it; a bare name is an ssh server or a context."""
    bare = not _SCHEME.match(host)
    if bare and not any(getattr(learner, key) for key in SSH_ONLY):
        return host
    url = f"ssh://{host}" if bare else host
    if not url.startswith("ssh://"):
        return url
    place, slash, path = url.removeprefix("ssh://").partition("/")
    if learner.user and "@" not in place:
        place = f"{learner.user}@{place}"
    if learner.port and not re.search(r"(?<!:):\d+$|\]:\d+$", place):
        place = f"{place}:{learner.port}"
    return f"ssh://{place}{slash}{path}"


def rows_of(root: Node) -> list[Node]:
    """Return the nodes of the learners."""
    from grader.rubric.positions import values_of

    learners = values_of(root).get("learners") if isinstance(root, MappingNode) else None
    return learners.value if isinstance(learners, SequenceNode) else []
