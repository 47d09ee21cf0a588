"""What a sidecar is asked about one network sandbox, and what it reports back."""

from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from grader.models.base import Frozen

Reach: TypeAlias = Literal["open", "refused", "timeout", "no-route", "not-observed"]
"""How an address behaved: `no-route` covers refusals that ICMP brought, `not-observed` is our own fault."""

LookupState: TypeAlias = Literal["answered", "nxdomain", "servfail", "no-answer", "not-observed"]
"""`answered` with no address means that the name exists and has none of that family."""

Ending: TypeAlias = Literal["eof", "reset", "limit", "deadline"]
"""Why an exchange stopped reading: the peer closed or reset, enough bytes came, or time was up."""


HOST = "host"
"""The source that stands for the engine's own network stack; every other source is a container's id."""


class Connect(Frozen):
    """Open a TCP connection and close it at once."""

    ask: Literal["tcp"] = "tcp"
    address: str
    port: int


class Echo(Frozen):
    """Send an ICMP echo request."""

    ask: Literal["icmp"] = "icmp"
    address: str


class Lookup(Frozen):
    """Ask the sandbox's own resolver for the A and AAAA records of a name."""

    ask: Literal["dns"] = "dns"
    name: str


class Exchange(Frozen):
    """Connect, send `request` and read at most `limit` bytes of what comes back."""

    ask: Literal["exchange"] = "exchange"
    address: str
    port: int
    request: str
    """Hexadecimal, because a protocol's first message need not be text."""
    limit: int = 4096


Question: TypeAlias = Annotated[Connect | Echo | Lookup | Exchange, Field(discriminator="ask")]


class Reached(Frozen):
    """The answer to a Connect or an Echo."""

    ask: Literal["tcp", "icmp"] = "tcp"
    state: Reach


class Found(Frozen):
    """The answer to a Lookup, the two families apart: a failing AAAA must not read as an unknown name."""

    ask: Literal["dns"] = "dns"
    ipv4: LookupState
    ipv6: LookupState
    addresses: tuple[str, ...] = ()


class Exchanged(Frozen):
    """The answer to an Exchange; `response` is hexadecimal and `ending` is set once the connection was open."""

    ask: Literal["exchange"] = "exchange"
    state: Reach
    ending: Ending | None = None
    response: str = Field(default="", pattern="^([0-9a-f]{2})*$")


Answer: TypeAlias = Annotated[Reached | Found | Exchanged, Field(discriminator="ask")]


class Interface(Frozen):
    """One address of one interface; `address` carries no prefix length."""

    name: str
    address: str
    prefix: int


class Route(Frozen):
    """One route; a destination of `0.0.0.0/0` or `::/0` is the default, `gateway` is None on the link itself."""

    interface: str
    destination: str
    gateway: str | None


class Listener(Frozen):
    """A TCP socket that listens in the sandbox; address `0.0.0.0` or `::` means every address."""

    address: str
    port: int


class HostsEntry(Frozen):
    """One line of the sandbox's hosts file."""

    address: str
    names: tuple[str, ...]


class Sandbox(Frozen):
    """What one network sandbox looks like from inside."""

    interfaces: tuple[Interface, ...] = ()
    routes: tuple[Route, ...] = ()
    nameservers: tuple[str, ...] = ()
    search: tuple[str, ...] = ()
    hosts: tuple[HostsEntry, ...] = ()
    listeners: tuple[Listener, ...] = ()


class Asked(Frozen):
    """A question together with its answer."""

    question: Question
    answer: Answer


class Observation(Frozen):
    """Everything that one source reported; `fault` says why it did not when `sandbox` is None.

    `source` is a container id, or HOST.
    """

    source: str
    sandbox: Sandbox | None
    asked: tuple[Asked, ...] = ()
    fault: str | None = None
