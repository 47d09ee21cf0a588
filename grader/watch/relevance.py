"""What an engine's events can have changed: nothing, the listing, or what was seen inside the sandboxes.

A stale verdict is worse than a slow one, so whatever is not known to be harmless counts.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum

from grader.judging.netnames import crowd, match_all
from grader.models.event import Event
from grader.models.probe import HOST
from grader.models.snapshot import Snapshot
from grader.rubric.model import Rubric

_OUR_IMAGE = "grade-probe:"
_HARMLESS = frozenset(
    [
        "attach",
        "detach",
        "top",
        "resize",
        "copy",
        "archive-path",
        "extract-to-dir",
        "export",
        "commit",
        "checkpoint",
        "exec_create",
        "exec_detach",
        "mount",
        "unmount",
        "sync",
        "init",
    ]
)
"""What is done to a container without a change of its network or its processes."""
_WITHIN = frozenset({"exec_start", "exec_die", "exec_died", "exec", "health_status"})
"""A command inside a container may start or stop something that listens, or may be one of many health checks."""
_LISTED = frozenset({"create", "destroy", "remove", "cleanup", "update", "kill", "stop", "restart", *_WITHIN})
"""What a container that nobody asks about may do without touching others; its start and its end are told apart."""


class Touch(IntEnum):
    """How much has to be done again, the most last."""

    NOTHING = 0
    LISTING = 1
    """List and judge; the sandboxes only if what they would be asked has changed."""
    LATER = 2
    """Look into the sandboxes, but not for this alone and at once."""
    SANDBOXES = 3


@dataclass(frozen=True, slots=True)
class Interest:
    """Whose events matter on one engine: containers by id, networks by id or name."""

    containers: frozenset[str] = frozenset()
    networks: frozenset[str] = frozenset()


EVERYTHING = Interest()
"""Before the first look everybody's events matter; see `touch`."""


def interest(rubric: Rubric, snapshot: Snapshot) -> Interest:
    """Return what a look stood on: its candidates, their networks, and those that the rubric names."""
    wanted = rubric.wants.networks
    standing = [
        match.network
        for match in match_all(wanted, snapshot.networks, crowd(snapshot.containers)).values()
        if match.network
    ]
    endpoints = [each for container in snapshot.containers for each in container.endpoints]
    return Interest(
        containers=frozenset(container.id for container in snapshot.containers),
        networks=frozenset(
            # Who joins the engine's own stack may take ports there that others are asked about.
            {HOST, *wanted}
            | {network.id for network in standing}
            | {network.name for network in standing}
            | {each.network for each in endpoints}
            | {each.network_id for each in endpoints if each.network_id}
        ),
    )


def touch(events: Sequence[Event], interest: Interest) -> Touch:
    """Return what a burst of events of one engine, sidecars left out, asks for."""
    moved = {event.container for event in events if event.kind == "network" and event.container}
    return max((_touch(event, interest, moved) for event in events), default=Touch.NOTHING)


def _touch(event: Event, interest: Interest, moved: Iterable[str]) -> Touch:
    match event.kind:
        case "container":
            return _by_container(event, interest, moved)
        case "network":
            known = event.container in interest.containers or {event.id, event.name} & interest.networks
            return Touch.SANDBOXES if known else Touch.LISTING
        case "image":
            return Touch.NOTHING if event.name.startswith(_OUR_IMAGE) else Touch.LISTING
        case "volume" | "plugin" | "builder" | "config" | "secret":
            return Touch.NOTHING
        case _:
            return Touch.SANDBOXES


def _by_container(event: Event, interest: Interest, moved: Iterable[str]) -> Touch:
    if event.action in _HARMLESS:
        return Touch.NOTHING
    if event.id in interest.containers:
        return Touch.LATER if event.action in _WITHIN else Touch.SANDBOXES
    if event.action in _LISTED:
        return Touch.LISTING
    # It starts or ends. If it joins or leaves networks of its own, their events tell; else it may live in the
    # sandbox of one that matters.
    return Touch.LISTING if event.action in ("start", "die", "died") and event.id in moved else Touch.SANDBOXES
