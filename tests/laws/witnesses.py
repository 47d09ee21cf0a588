"""Evidence that has lost something, evidence in another order, and evidence that lies."""

from collections.abc import Iterator
from random import Random
from typing import TypeVar

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from grader.models.evidence import Evidence, HostEvidence
from grader.models.probe import (
    Answer,
    Asked,
    Connect,
    Exchange,
    Exchanged,
    Found,
    HostsEntry,
    Interface,
    Listener,
    Lookup,
    Observation,
    Question,
    Reached,
    Sandbox,
)
from grader.models.snapshot import Binding, Container, Endpoint, Snapshot, Subnet

_T = TypeVar("_T")

_WORDS = ("mongo", "flask-app", "nginx", "public-net-1", "private-net-1", "bridge", "host", "", "x")
_ADDRESSES = ("10.1.0.2", "10.2.0.2", "10.1.0.1", "127.0.0.1", "::1", "fe80::1", "2001:db8::7", "", "no address")
_STATES = st.sampled_from(["open", "refused", "timeout", "no-route", "not-observed"])
_LOOKUPS = st.sampled_from(["answered", "nxdomain", "servfail", "no-answer", "not-observed"])


def seen(evidence: Evidence) -> HostEvidence:
    """Return what the one engine showed."""
    return evidence.hosts["default"]


def with_observations(evidence: Evidence, observations: list[Observation]) -> Evidence:
    """Return the same evidence with other observations."""
    host = seen(evidence).model_copy(update={"observations": tuple(observations)})
    return evidence.model_copy(update={"hosts": {"default": host}})


def with_snapshot(evidence: Evidence, snapshot: Snapshot) -> Evidence:
    """Return the same evidence of another state of the engine."""
    host = seen(evidence).model_copy(update={"snapshot": snapshot})
    return evidence.model_copy(update={"hosts": {"default": host}})


def nothing_heard(question: Question) -> Answer:
    """Return the answer that says that there was none."""
    match question:
        case Lookup():
            return Found(ipv4="not-observed", ipv6="not-observed")
        case Exchange():
            return Exchanged(state="not-observed")
        case _:
            return Reached(ask=question.ask, state="not-observed")


# --- less evidence


@st.composite
def poorer(draw: DrawFn, evidence: Evidence) -> Evidence:
    """Return the evidence with answers, sandboxes or whole observations lost."""
    kept = [draw(_poorer(each)) for each in seen(evidence).observations]
    return with_observations(evidence, [each for each in kept if each])


def without_topics(evidence: Evidence) -> Iterator[tuple[str, Evidence]]:
    """Yield the evidence without one topic at a time: what one source said of one port, of one name, or all it said."""
    for one in seen(evidence).observations:
        others = [each for each in seen(evidence).observations if each is not one]
        for topic in sorted({_topic(each.question) for each in one.asked}):
            kept = tuple(_lost(each) if _topic(each.question) == topic else each for each in one.asked)
            lost = one.model_copy(update={"asked": kept})
            yield f"{one.source}: {topic}", with_observations(evidence, [*others, lost])
        yield one.source, with_observations(evidence, others)


def _topic(question: Question) -> str:
    match question:
        case Connect() | Exchange():
            return f"{question.ask} at {question.port}"
        case Lookup():
            return f"the name {question.name}"
        case _:
            return question.ask


@st.composite
def _poorer(draw: DrawFn, observation: Observation) -> Observation | None:
    loss = draw(st.sampled_from(["nothing", "nothing", "some", "some", "sandbox", "all", "itself"]))
    if loss == "nothing":
        return observation
    if loss == "itself":
        return None
    lost = draw(st.sets(st.integers(0, len(observation.asked) - 1))) if loss == "some" and observation.asked else set()
    forgotten = draw(st.booleans())
    asked = [_lost(each) if n in lost or loss == "all" else each for n, each in enumerate(observation.asked)]
    if forgotten:
        asked = [each for each in asked if each.answer != nothing_heard(each.question)]
    blind = {} if loss == "some" else {"sandbox": None, "fault": "its sidecar did not end within 20 s"}
    return observation.model_copy(update={"asked": tuple(asked), **blind})


def _lost(asked: Asked) -> Asked:
    return Asked(question=asked.question, answer=nothing_heard(asked.question))


# --- the same evidence in another order


@st.composite
def shuffled(draw: DrawFn, evidence: Evidence) -> Evidence:
    """Return the same evidence with everything that has no order in another order."""
    random = draw(st.randoms(use_true_random=False))
    host = seen(evidence)
    networks, containers = list(host.snapshot.networks), list(host.snapshot.containers)
    observations = [each.model_copy(update={"asked": _mixed(random, each.asked)}) for each in host.observations]
    for each in (networks, containers, observations):
        random.shuffle(each)
    snapshot = host.snapshot.model_copy(update={"networks": tuple(networks), "containers": tuple(containers)})
    return with_observations(with_snapshot(evidence, snapshot), observations)


def _mixed(random: Random, asked: tuple[Asked, ...]) -> tuple[Asked, ...]:
    mixed = list(asked)
    random.shuffle(mixed)
    return tuple(mixed)


# --- evidence that lies


@st.composite
def hostile(draw: DrawFn, evidence: Evidence) -> Evidence:
    """Return evidence that no honest engine shows: answers at random, unknown addresses, odd containers."""
    host = seen(evidence)
    lies = [draw(_lies(each)) for each in host.observations]
    strange = draw(st.lists(st.builds(Observation, source=_words(), sandbox=_sandboxes() | st.none()), max_size=2))
    containers = [draw(_odd(each)) for each in host.snapshot.containers]
    networks = [
        each.model_copy(update=draw(_updates(driver=_words(), subnets=_subnets(), name=_words())))
        for each in host.snapshot.networks
    ]
    snapshot = host.snapshot.model_copy(update={"containers": tuple(containers), "networks": tuple(networks)})
    return with_observations(with_snapshot(evidence, snapshot), [*lies, *strange])


@st.composite
def _lies(draw: DrawFn, observation: Observation) -> Observation:
    asked = [each.model_copy(update={"answer": draw(_answers(each))}) for each in observation.asked]
    return observation.model_copy(update={"asked": tuple(asked), "sandbox": draw(_sandboxes() | st.none())})


def _answers(asked: Asked) -> SearchStrategy[Answer]:
    addresses = st.lists(st.sampled_from(_ADDRESSES), max_size=2).map(tuple)
    words = st.binary(max_size=12) | st.sampled_from([b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 502 \r\n", b"HTTP/1.1 2"])
    match asked.question:
        case Lookup():
            return st.builds(Found, ipv4=_LOOKUPS, ipv6=_LOOKUPS, addresses=addresses)
        case Exchange():
            return st.builds(Exchanged, state=_STATES, ending=st.none(), response=words.map(bytes.hex))
        case _:
            return st.builds(Reached, state=_STATES)


def _sandboxes() -> SearchStrategy[Sandbox]:
    address, port = st.sampled_from(_ADDRESSES), st.sampled_from([80, 9090, 27017, 1, 65535])
    return st.builds(
        Sandbox,
        interfaces=_few(st.builds(Interface, name=_words(), address=address, prefix=st.integers(0, 128))),
        nameservers=_few(address),
        hosts=_few(st.builds(HostsEntry, address=address, names=_few(_words()))),
        listeners=_few(st.builds(Listener, address=address, port=port)),
    )


@st.composite
def _odd(draw: DrawFn, container: Container) -> Container:
    """Return a container with some of its facts replaced by odd ones."""
    address = st.none() | st.sampled_from(_ADDRESSES)
    endpoint = st.builds(
        Endpoint, network=_words(), ipv4=address, ipv6=address, gateway=address, aliases=_few(_words())
    )
    binding = st.builds(
        Binding,
        port=st.sampled_from([80, 27017]),
        host_ip=st.sampled_from(_ADDRESSES),
        host_port=st.none() | st.integers(1, 65535),
    )
    mode = st.sampled_from(["default", "host", "none", "container:", f"container:{container.id}", "container:gone"])
    changes = _updates(
        name=_words(),
        image=_words(),
        state=st.sampled_from(["running", "removing", "dead", "created"]),
        network_mode=mode,
        endpoints=_few(endpoint),
        published=_few(binding),
        restarts=st.integers(0, 3),
        started_at=st.none(),
    )
    return container.model_copy(update=draw(changes))


def _updates(**strategies: SearchStrategy[object]) -> SearchStrategy[dict[str, object]]:
    return st.fixed_dictionaries({}, optional=strategies)


def _subnets() -> SearchStrategy[tuple[Subnet, ...]]:
    address = st.sampled_from(_ADDRESSES)
    return _few(st.builds(Subnet, subnet=address, gateway=st.none() | address))


def _words() -> SearchStrategy[str]:
    return st.sampled_from(_WORDS)


def _few(each: SearchStrategy[_T]) -> SearchStrategy[tuple[_T, ...]]:
    return st.lists(each, max_size=3).map(tuple)
