"""The stages of a run, in reading order: connect, collect, plan, probe, judge."""

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from difflib import get_close_matches

from grader import __version__
from grader.errors import UsageError
from grader.evaluate import evaluate
from grader.host.collect import collect
from grader.host.connect import Connection, connect
from grader.host.faults import engine_errors
from grader.host.sidecar import observe as probe
from grader.models.evidence import Evidence, HostEvidence
from grader.models.report import Report
from grader.models.snapshot import Listed, Network, is_called
from grader.plan import Choice, choose, plan
from grader.rubric.model import Loaded, Rubric
from grader.settle import deserves_a_second_look, starting

_PAUSE = 0.3


@dataclass(frozen=True, slots=True)
class Settings:
    """What the command line says of a run; times in seconds."""

    host: str | None = None
    roles: Mapping[str, str] = field(default_factory=dict)
    settle: float = 5.0
    timeout: float = 10.0


def grade(
    loaded: Loaded,
    exercise: str,
    settings: Settings,
    say: Callable[[str], None] = lambda _: None,
    meanwhile: Callable[[], object] = lambda: None,
) -> tuple[Evidence, Report]:
    """Observe a live engine and judge it, again and again while what failed may still be starting.

    `say` is told what it waits for; `meanwhile` is run beside the probes, which wait more than they work.
    """
    connection = connect(settings.host, settings.timeout)
    deadline = time.monotonic() + settings.settle
    looked_twice = False
    while True:
        evidence = observe(connection, loaded, exercise, settings, meanwhile)
        report = evaluate(loaded, evidence)
        waiting_for = starting(loaded, evidence, report)
        if waiting_for and time.monotonic() < deadline:
            say(f"waiting for {', '.join(waiting_for)}, which started a moment ago")
            time.sleep(_PAUSE)
        elif deserves_a_second_look(evidence, report) and not looked_twice:
            looked_twice = True
        else:
            return evidence, report


def regrade(loaded: Loaded, exercise: str, evidence: Evidence, roles: Mapping[str, str]) -> Report:
    """Judge saved evidence again; `roles` override what was said when it was taken."""
    merged = {**evidence.roles, **roles}
    return evaluate(loaded, evidence.model_copy(update={"roles": merged, "exercise": exercise}))


def observe(
    connection: Connection, loaded: Loaded, exercise: str, settings: Settings, meanwhile: Callable[[], object]
) -> Evidence:
    """Return what the engine shows at this moment, and what each candidate's sandbox reports."""
    rubric, started_at, start = loaded.rubric, datetime.now(UTC), time.monotonic()
    with engine_errors(connection.base_url):
        client = connection.client()
        try:
            snapshot = collect(
                client,
                lambda listed, networks: _choose(rubric, listed, networks, settings.roles),
                rubric.wants.images,
            )
        finally:
            client.close()
        threading.Thread(target=meanwhile, daemon=True).start()
        observations = probe(connection.client, plan(rubric, snapshot), snapshot.engine)
    return Evidence(
        tool_version=__version__,
        exercise=exercise,
        started_at=started_at,
        duration_s=round(time.monotonic() - start, 3),
        roles=dict(settings.roles),
        hosts={"default": HostEvidence(snapshot=snapshot, observations=observations)},
    )


def _choose(rubric: Rubric, listed: Sequence[Listed], networks: Sequence[Network], roles: Mapping[str, str]) -> Choice:
    """Return which containers to look into; UsageError when a role is to be played by one that does not exist."""
    for role, wish in roles.items():
        if not any(is_called(each, wish) for each in listed):
            raise UsageError(f"--role {role}={wish}: there is no container called {wish}", _others(wish, listed))
    return choose(rubric, listed, networks, roles)


def _others(wish: str, listed: Sequence[Listed]) -> str:
    names = sorted(each.name for each in listed)
    if near := get_close_matches(wish, names, n=3):
        return f"did you mean {' or '.join(near)}?"
    return f"docker ps --all shows them: {', '.join(names[:8])}" if names else "the engine has no containers yet"
