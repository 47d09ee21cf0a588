"""What the engines show: connect, collect, plan, probe, and once more where somebody was overlooked."""

from __future__ import annotations

import threading
import time
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from difflib import get_close_matches
from importlib import import_module
from typing import TYPE_CHECKING, TypeVar

from grader import __version__
from grader.errors import EngineError, UsageError
from grader.host.collect import collect
from grader.host.connect import Connection, connect
from grader.host.faults import engine_errors
from grader.host.sidecar import observe as probe
from grader.models.evidence import Evidence, HostEvidence
from grader.models.snapshot import is_called
from grader.plan import choose, plan

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

    from grader.host.address import Address
    from grader.judging.questions import ProbePlan
    from grader.models.probe import Observation
    from grader.models.snapshot import Listed, Network, Snapshot
    from grader.plan import Choice
    from grader.rubric.model import Loaded, Rubric

_PULSE = 0.2
"""Seconds between two looks at whether somebody wants to end: on Windows, waiting cannot be interrupted."""
_ONE_EACH = "give each --host NAME=ADDRESS an engine of its own"
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Settings:
    """What the command line says of a run; times in seconds.

    `hosts` names the engine of each host of the rubric that was given one; None is docker's own choice.
    """

    hosts: Mapping[str, str | Address | None] = field(default_factory=lambda: {"default": None})
    roles: Mapping[str, str] = field(default_factory=dict)
    settle: float = 5.0
    timeout: float = 10.0
    hints: Mapping[str, int] = field(default_factory=dict)
    """How many hints the learner has asked for, by check."""
    stopping: threading.Event = field(default_factory=threading.Event)
    """Set by whoever wants the run to end early; sidecars are removed all the same."""


def connected(settings: Settings) -> dict[str, Connection]:
    """Return a connection to each engine, or raise the first one's EngineError."""
    found: dict[str, Connection] = {}
    try:
        for name, address in settings.hosts.items():
            with _named(name, settings.hosts):
                found[name] = connect(address, settings.timeout)
        _check_once(found)
    except BaseException:
        for connection in found.values():
            connection.close()
        raise
    return found


def _check_once(found: Mapping[str, Connection]) -> None:
    """Raise UsageError when two names have one address."""
    urls = [connection.address for connection in found.values()]
    if twice := next((url for url in urls if urls.count(url) > 1), None):
        names = " and ".join(name for name, connection in found.items() if connection.address == twice)
        raise UsageError(f"{names} are one engine, {twice}", _ONE_EACH)


def observe(
    connections: Mapping[str, Connection],
    loaded: Loaded,
    exercise: str,
    settings: Settings,
    meanwhile: Callable[[], object],
    known: Evidence | None = None,
) -> Evidence:
    """Return what the engines show at this moment, and what each candidate's sandbox reports.

    `known` is what an earlier look saw: who knows that nothing has happened to its candidates since then gives it,
    and its answers stand unless other ones are asked for now.
    """
    found = _seen(connections, loaded, exercise, settings, meanwhile, known)
    if _overlooks(loaded.rubric, found):
        return _seen(connections, loaded, exercise, settings, lambda: None, None, thoroughly=True)
    return found


def _seen(
    connections: Mapping[str, Connection],
    loaded: Loaded,
    exercise: str,
    settings: Settings,
    meanwhile: Callable[[], object],
    known: Evidence | None,
    *,
    thoroughly: bool = False,
) -> Evidence:
    rubric, started_at, start = loaded.rubric, datetime.now(UTC), time.monotonic()
    listed: list[Listed] = []
    snapshots = _side_by_side(
        connections,
        lambda name, _: _snapshot(connections[name], rubric, settings.roles, listed, thoroughly=thoroughly),
        settings.stopping,
    )
    _check_apart(snapshots)
    _check_roles(settings.roles, listed)
    plans = plan(rubric, snapshots)
    threading.Thread(target=_prepare, args=(meanwhile,), daemon=True).start()
    if known and _still_stands(rubric, known, snapshots, plans):
        observations = {name: seen.observations for name, seen in known.hosts.items()}
    else:
        observations = _side_by_side(
            connections,
            lambda name, stopping: _probe(connections[name], plans[name], snapshots[name], stopping),
            settings.stopping,
        )
    return Evidence(
        tool_version=__version__,
        exercise=exercise,
        started_at=started_at,
        duration_s=round(time.monotonic() - start, 3),
        roles=dict(settings.roles),
        hints=dict(settings.hints),
        hosts={
            name: HostEvidence(snapshot=snapshot, observations=observations[name])
            for name, snapshot in snapshots.items()
        },
    )


def _overlooks(rubric: Rubric, evidence: Evidence) -> bool:
    """Return whether nobody was found for a role that is known by its port, and not everybody was looked at."""
    if not any(seen.snapshot.other_containers for seen in evidence.hosts.values()):
        return False
    from grader.identify import identify

    cast = identify(rubric, evidence)
    return any(role.listens and not cast[name].actors and not cast[name].rivals for name, role in rubric.roles.items())


def _still_stands(
    rubric: Rubric, known: Evidence, snapshots: Mapping[str, Snapshot], plans: Mapping[str, ProbePlan]
) -> bool:
    """Return whether the same containers would be asked the same questions as in an earlier look."""
    before = {name: seen.snapshot for name, seen in known.hosts.items()}
    same = all(name in before and before[name].containers == seen.containers for name, seen in snapshots.items())
    return same and plan(rubric, before) == plans


def _snapshot(
    connection: Connection,
    rubric: Rubric,
    roles: Mapping[str, str],
    listed_everywhere: list[Listed],
    *,
    thoroughly: bool,
) -> Snapshot:
    def chosen(listed: Sequence[Listed], networks: Sequence[Network]) -> Choice:
        listed_everywhere.extend(listed)
        return choose(rubric, listed, networks, roles, thoroughly=thoroughly)

    with engine_errors(connection.address):
        client = connection.client()
        try:
            return collect(client, chosen, rubric.wants.images)
        finally:
            client.close()


def _prepare(meanwhile: Callable[[], object]) -> None:
    import_module("grader.settle")
    import_module("grader.evaluate")
    meanwhile()


def _probe(
    connection: Connection, asked: ProbePlan, snapshot: Snapshot, stopping: threading.Event
) -> tuple[Observation, ...]:
    with engine_errors(connection.address):
        seen = probe(connection.client, asked, snapshot.engine, stopping=stopping)
    return tuple(sorted(seen, key=lambda each: each.source))


def _side_by_side(
    engines: Iterable[str], work: Callable[[str, threading.Event], _T], wish: threading.Event
) -> dict[str, _T]:
    """Do the work for every engine at once; for a single one without a thread, so that ctrl-C strikes it directly.

    The work is told when to end early: by somebody's wish, or because another engine failed, whose error then tells
    which one it was.
    """
    first, *others = engines
    if not others:
        return {first: work(first, wish)}
    names = (first, *others)
    stopping = threading.Event()

    def named(name: str) -> _T:
        with _named(name, names):
            return work(name, stopping)

    with ThreadPoolExecutor(len(names)) as pool:
        doing = {name: pool.submit(named, name) for name in names}
        try:
            while wait(doing.values(), _PULSE, FIRST_EXCEPTION).not_done:
                if wish.is_set():
                    stopping.set()
                for each in (each for each in doing.values() if each.done()):
                    each.result()
            return {name: each.result() for name, each in doing.items()}
        except BaseException:
            stopping.set()
            raise


@contextmanager
def _named(name: str, engines: Collection[str]) -> Iterator[None]:
    """Say of an engine's error which engine it was, where there are several."""
    try:
        yield
    except EngineError as fault:
        if len(engines) == 1:
            raise
        raise type(fault)(f"{name}: {fault.message}", fault.remedy) from fault


def _check_apart(snapshots: Mapping[str, Snapshot]) -> None:
    """Raise UsageError when two names mean one engine, reached at two addresses.

    Engines may share an id, but each makes its default bridge anew, with an id of its own, when it starts.
    """
    seen: dict[str, str] = {}
    for name, snapshot in snapshots.items():
        for network in snapshot.networks:
            if network.name == "bridge" and (other := seen.setdefault(network.id, name)) != name:
                raise UsageError(f"{other} and {name} are one engine, at two addresses", _ONE_EACH)


def _check_roles(roles: Mapping[str, str], listed: Sequence[Listed]) -> None:
    """Raise UsageError when a role is to be played by a container that does not exist."""
    for role, wish in roles.items():
        if not any(is_called(each, wish) for each in listed):
            raise UsageError(f"--role {role}={wish}: there is no container called {wish}", _others(wish, listed))


def _others(wish: str, listed: Sequence[Listed]) -> str:
    names = sorted(each.name for each in listed)
    if near := get_close_matches(wish, names, n=3):
        return f"did you mean {' or '.join(near)}?"
    return f"docker ps --all shows them: {', '.join(names[:8])}" if names else "the engine has no containers yet"
