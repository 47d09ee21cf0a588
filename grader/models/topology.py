"""The picture of a build: what the rubric asks for and what is there, laid over one another."""

from typing import Literal, TypeAlias

from grader.models.base import Frozen

Mark: TypeAlias = Literal["right", "wrong", "missing", "extra"]
"""`wrong` is there and should not be, or should be otherwise; `extra` is there and matters to nobody."""

FlowMark: TypeAlias = Literal["right", "wrong", "missing", "unknown"]
"""`missing` is a way that should be open and is not, `wrong` one that should be shut; `unknown` was not looked at."""


class Lane(Frozen):
    """A network; `name` is the rubric's, or the engine's for one that the rubric does not know.

    `called` is the engine's name where it differs, `note` says what is wrong or special (`macvlan`, `internal`).
    """

    name: str
    called: str | None = None
    driver: str | None = None
    subnets: tuple[str, ...] = ()
    mark: Mark = "right"
    note: str | None = None


class Box(Frozen):
    """A container; `role` is None for one that plays no part, `container` is None for a role without one."""

    key: str
    role: str | None
    container: str | None
    mark: Mark = "right"
    note: str | None = None
    """The state when it does not run, or whose network it uses in place of its own."""
    host: str | None = None
    """The engine that it is on, or belongs on; None where there is only one."""
    published: tuple[str, ...] = ()
    """Bindings as docker shows them: `0.0.0.0:8080->80`."""
    leaks: tuple[str, ...] = ()
    """Those of `published` that let in who should stay outside, or that should be otherwise."""
    unpublished: tuple[str, ...] = ()
    """Ports that should be published and are not: `80/tcp`."""
    faults: tuple[str, ...] = ()
    """What else of it is other than it should be, as it was found: `network mode bridge`."""
    planned: bool = False
    """Whether it belongs to a target, which names roles and leaves containers and addresses to the learner."""


class Link(Frozen):
    """A container's connection to a network."""

    box: str
    lane: str
    mark: Mark = "right"
    addresses: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    """What Docker's DNS answers to on that network, beside the container's id."""
    nameless: tuple[str, ...] = ()
    """Names that should lead to it on that network and do not."""


class Flow(Frozen):
    """A way from one role to another that the rubric wants open or shut; `outside` may stand for the source."""

    source: str
    target: str
    kind: Literal["name", "port", "ping", "page", "chain"]
    what: str
    """A name, a port, `ping`, or port and path of a page: `80/`."""
    shut: bool = False
    """Whether nothing should get through."""
    mark: FlowMark = "right"


class Topology(Frozen):
    """Networks, containers, the connections between them and who asks whom, in a fixed order."""

    lanes: tuple[Lane, ...] = ()
    boxes: tuple[Box, ...] = ()
    links: tuple[Link, ...] = ()
    flows: tuple[Flow, ...] = ()
