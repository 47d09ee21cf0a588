"""The states that a failed check may be in: one word a state, for hints that fit what the learner has built.

A cause carries its word from where it is found. The same word means the same in every kind of check; each kind
declares which ones its failures may carry.
"""

from collections.abc import Mapping
from typing import Literal, TypeAlias, get_args

State: TypeAlias = Literal[
    "absent", "address", "apart", "attachable", "closed-network", "default-bridge", "dns-servers", "driver",
    "forbidden", "gateway", "host-network", "hostname", "hosts-file", "http-error", "image", "interfaces", "internal",
    "loopback", "lost", "missing-network", "missing-role", "network-mode", "no-network", "nodes", "not-listening",
    "open", "other-container", "other-page", "other-port", "other-sandbox", "other-value", "published-elsewhere",
    "rank", "renamed", "resolver", "rivals", "route", "search-domains", "shared-sandbox", "stale", "stopped", "subnet",
    "swarm", "taken-subnet", "twins", "undeclared", "unknown-name", "unnamed-engine", "unpublished", "way-round",
]  # fmt: skip
WORDS: tuple[State, ...] = get_args(State)

MEANINGS: Mapping[State, str] = {
    "absent": "a container is not on a network that it should be on",
    "address": "it has another address than it should",
    "apart": "two containers that should meet have no network in common",
    "attachable": "a swarm's network that containers should join is for services only, or the other way round",
    "closed-network": "the network forbids traffic between its containers",
    "default-bridge": "there is only the default bridge, which has no DNS for names",
    "dns-servers": "it was started with other DNS servers, or with none",
    "driver": "a network has another driver",
    "forbidden": "a container is on a network where it does not belong",
    "gateway": "a network has another gateway",
    "host-network": "a container uses the host's network",
    "hostname": "it has another hostname",
    "hosts-file": "its hosts file lacks a name, or knows one that it should not",
    "http-error": "what answers is an error, or no page at all",
    "image": "it was created from another image",
    "interfaces": "it has more or fewer interfaces",
    "internal": "a network is internal and should not be, or the other way round",
    "loopback": "its program listens on 127.0.0.1 alone",
    "lost": "nothing comes back, and nobody can tell why",
    "missing-network": "a network is not there",
    "missing-role": "no container plays a role",
    "network-mode": "it was started on another kind of network",
    "no-network": "a container is on no network, or has lost the sandbox that it shared",
    "nodes": "the swarm has too few nodes that are up",
    "not-listening": "nobody listens on the port",
    "open": "a port is open to everybody",
    "other-container": "the name, or the port, belongs to another container",
    "other-page": "the page is not that of the right server",
    "other-port": "its program listens on another port",
    "other-sandbox": "it does not live in the sandbox that it should share",
    "other-value": "something else was found",
    "published-elsewhere": "the port is published at another address or port of the host",
    "rank": "manager and worker are the wrong way round",
    "renamed": "a network is there, under a name that is nearly right",
    "resolver": "it asks another DNS server than Docker's",
    "rivals": "several containers could play a role",
    "route": "its default route leads elsewhere, or nowhere",
    "search-domains": "it was started with other search domains, or with none",
    "shared-sandbox": "a container lives in the sandbox of another",
    "stale": "a container still uses what was true before, until it starts again",
    "stopped": "a container is there, but does not run",
    "subnet": "a network has another subnet",
    "swarm": "an engine is not in the swarm, or not in the same one",
    "taken-subnet": "a network cannot be made, because another has its addresses",
    "twins": "several networks have the same name",
    "undeclared": "the port is not declared",
    "unknown-name": "nobody answers to the name",
    "unnamed-engine": "nobody said which engine is meant",
    "unpublished": "the port is not published",
    "way-round": "a published port, or somebody in between, lets it through",
}

TELLING: frozenset[State] = frozenset({"renamed", "rivals", "stopped", "twins"})
"""States whose cause says itself what to do, so that they need no rung of their own."""

CAST: tuple[State, ...] = ("missing-role", "rivals", "unnamed-engine")
"""Of a role that nobody plays for certain."""
ATTACHED: tuple[State, ...] = (
    "absent", "attachable", "driver", "host-network", "missing-network", "no-network", "other-sandbox", "swarm",
    "taken-subnet",
)  # fmt: skip
"""Of a container that is not where it should be."""
MET: tuple[State, ...] = (*ATTACHED, "apart", "closed-network", "default-bridge")
"""Of two containers that have no network on which they meet."""
NAMED: tuple[State, ...] = ("other-container", "shared-sandbox", "unknown-name")
"""Of a name that leads nowhere, or elsewhere."""
IDLE: tuple[State, ...] = (*CAST, "stopped", *MET, *NAMED)
"""Of a role that is not at work: a program may die because it does not find the name of another."""
DEAF: tuple[State, ...] = ("loopback", "lost", "not-listening", "other-port")
"""Of a port that does not accept."""
UNPUBLISHED: tuple[State, ...] = (
    "driver", "host-network", "internal", "network-mode", "no-network", "published-elsewhere", "unpublished",
)  # fmt: skip
"""Of a port that nobody outside can use."""
MERGED: tuple[State, ...] = ("forbidden", "host-network", "shared-sandbox")
"""Of two containers that should be apart and are not."""
