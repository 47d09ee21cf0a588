"""One short-lived sidecar for each network sandbox, all at the same time; each runs the probe once.

A sidecar joins a sandbox and nothing else of its container: it has no capabilities, no writable files and
its own processes. Whatever happens, the round ends without leaving one behind; what a killed grader left is
marked with the time at which it expires, by the engine's clock, and the next grader sweeps it.
"""

from __future__ import annotations

import hashlib
import io
import math
import secrets
import tarfile
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import closing, suppress
from dataclasses import dataclass, field
from threading import Event, Semaphore
from time import monotonic
from typing import TYPE_CHECKING, Any

from grader.host.collect import RUN_LABEL
from grader.models.probe import HOST
from grader.probe.binary import probe_binary
from grader.probe.protocol import Timing, decode, encode, not_observed

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from docker import APIClient

    from grader.models.probe import Observation, Question
    from grader.models.snapshot import Engine

EXPIRES_LABEL = "grade.expires"
REPOSITORY = "grade-probe"

_LIFE_S = 120
_GRACE_S = 10
_PULSE_S = 0.2
_MOST_AT_ONCE = 16
_MEMORY = 64 * 1024 * 1024
_GONE = (404, 409)
"""It is not there, or somebody removes it at this moment."""


@dataclass(frozen=True, slots=True)
class _Round:
    """What all sidecars of one call have in common."""

    make_client: Callable[[], APIClient]
    image: str
    labels: Mapping[str, str]
    timing: Timing
    deadline: float
    turns: Semaphore
    """A start is work for the engine's processors: more at once than it has would all become slow."""
    wish: Event
    """Set by whoever wants the round to end, `over` by the round itself."""
    over: Event = field(default_factory=Event)
    untidy: Event = field(default_factory=Event)


class _RoundOverError(Exception):
    """The round ended before this sidecar did."""


def observe(
    make_client: Callable[[], APIClient],
    plan: Mapping[str, Sequence[Question]],
    engine: Engine,
    timing: Timing | None = None,
    deadline: float = 20.0,
    stopping: Event | None = None,
    *,
    sweeping: bool = True,
) -> tuple[Observation, ...]:
    """Return what each source of the plan reports: a container's id, or `host`.

    Sidecars begin in the plan's order, as many at once as the engine has processors; they wait side by side.
    A source whose sidecar fails has an Observation with a fault. Raises ProbeUnavailable without a probe for
    this engine, and what the SDK raises when the engine is lost to all of them. `deadline` is in seconds. Whoever
    sets `stopping` ends the round. Beside it, what killed graders left is swept, unless `sweeping` is false.
    """
    if not plan:
        return ()
    program = probe_binary(engine.architecture)
    with closing(make_client()) as client:
        image = ensure_image(client, program)
    run = secrets.token_hex(8)
    expires = int(engine.now.timestamp() + deadline + _LIFE_S)
    labels = {RUN_LABEL: run, EXPIRES_LABEL: str(expires)}
    turns = Semaphore(engine.cpus or _MOST_AT_ONCE)
    this = _Round(make_client, image, labels, timing or Timing(), deadline, turns, wish=stopping or Event())
    with ThreadPoolExecutor(min(len(plan), _MOST_AT_ONCE) + 1, "sidecar") as pool:
        futures = {source: pool.submit(_run, this, source, questions) for source, questions in plan.items()}
        if sweeping:
            pool.submit(_sweep, this, engine.now.timestamp())
        try:
            late = _awaited(futures.values(), this)
        except BaseException:
            _stop(this)
            raise
        if late or this.untidy.is_set():
            _stop(this)
    return _collected(plan, futures)


def _awaited(futures: Collection[Future[Observation]], this: _Round) -> bool:
    """Wait for the sidecars, and return whether some have not ended in time."""
    end = monotonic() + this.deadline
    while (left := end - monotonic()) > 0 and not this.wish.is_set():
        if not wait(futures, timeout=min(left, _PULSE_S)).not_done:
            return False
    return True


def ensure_image(client: APIClient, program: bytes) -> str:
    """Return the tag of an image that holds just the probe; its name tells the content, so it never ages."""
    from docker.errors import ImageNotFound

    tag = hashlib.sha256(program).hexdigest()[:12]
    image = f"{REPOSITORY}:{tag}"
    with suppress(ImageNotFound):
        client.inspect_image(image)  # type: ignore[no-untyped-call]  # types-docker lacks it
        return image
    client.import_image_from_data(_archive(program), repository=REPOSITORY, tag=tag)
    client.inspect_image(image)  # type: ignore[no-untyped-call]  # an import reports its failures in a stream
    return image


def remove_expired(client: APIClient, now: float) -> int:
    """Remove sidecars whose time is over by the engine's clock, in Unix seconds; return how many were."""
    expired = [
        sidecar["Id"]
        for sidecar in client.containers(all=True, filters={"label": [RUN_LABEL, EXPIRES_LABEL]})
        if expiry(sidecar["Labels"][EXPIRES_LABEL]) < now
    ]
    return sum(remove(client, sidecar) for sidecar in expired)


def expiry(label: str) -> float:
    """Return the time on a label of ours; one that we cannot read is not ours."""
    return int(label) if label.isdecimal() else float("inf")


def _archive(program: bytes) -> bytes:
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w") as tar:
        entry = tarfile.TarInfo("probe")
        entry.size = len(program)
        entry.mode = 0o755
        tar.addfile(entry, io.BytesIO(program))
    return archive.getvalue()


def _run(this: _Round, source: str, questions: Sequence[Question]) -> Observation:
    from docker.errors import APIError

    try:
        with closing(this.make_client()) as client:
            return decode(source, questions, _output(this, client, source, questions))
    except _RoundOverError:
        return not_observed(source, questions, f"its sidecar did not end within {this.deadline:g} s")
    except APIError as error:
        return not_observed(source, questions, f"no sidecar: {error.explanation or error}")


def _output(this: _Round, client: APIClient, source: str, questions: Sequence[Question]) -> bytes:
    """Return what one sidecar printed; it is gone afterwards."""
    sidecar = None
    try:
        with this.turns:
            _go_on(this)
            sidecar = _created(this, client, source, questions)
            _go_on(this)
            client.start(sidecar)
        client.wait(sidecar, timeout=math.ceil(this.deadline) + _GRACE_S)
        _go_on(this)
        return client.logs(sidecar, stdout=True, stderr=False)
    finally:
        if sidecar and not remove(client, sidecar):
            this.untidy.set()


def _created(this: _Round, client: APIClient, source: str, questions: Sequence[Question]) -> str:
    made = client.create_container(
        this.image,
        ["/probe", *encode(questions, this.timing)],
        user="65534:65534",
        labels=dict(this.labels),
        host_config=_host_config(client, source),
    )
    return str(made["Id"])


def _go_on(this: _Round) -> None:
    if this.wish.is_set() or this.over.is_set():
        raise _RoundOverError


def _host_config(client: APIClient, source: str) -> dict[str, Any]:
    """Return how a sidecar is confined: it gets as little as it can do with."""
    from docker.types import LogConfig

    return client.create_host_config(
        network_mode=HOST if source == HOST else f"container:{source}",
        # An engine that remaps users lends the host's network only to containers without remapping.
        userns_mode=HOST if source == HOST else None,
        cap_drop=["ALL"],
        security_opt=["no-new-privileges"],
        read_only=True,
        init=False,
        pids_limit=32,  # runc itself has some ten threads in there until the probe starts
        mem_limit=_MEMORY,
        memswap_limit=_MEMORY,
        # Named in full, because an engine may have another driver or tight limits by default.
        log_config=LogConfig(type="json-file", config={"mode": "blocking", "max-size": "64m"}),
    )


def remove(client: APIClient, sidecar: str) -> bool:
    """Return whether it is gone, or about to go."""
    from docker.errors import APIError
    from requests.exceptions import RequestException

    try:
        client.remove_container(sidecar, force=True, v=True)
    except APIError as error:
        return error.status_code in _GONE
    except RequestException:
        return False
    return True


def _stop(this: _Round) -> None:
    """Remove all sidecars of this round, which ends the threads that wait for them."""
    from docker.errors import APIError
    from requests.exceptions import RequestException

    this.over.set()
    mine = f"{RUN_LABEL}={this.labels[RUN_LABEL]}"
    with suppress(APIError, RequestException), closing(this.make_client()) as client:
        for sidecar in client.containers(all=True, filters={"label": [mine]}):
            remove(client, sidecar["Id"])


def _sweep(this: _Round, now: float) -> None:
    from docker.errors import APIError
    from requests.exceptions import RequestException

    with suppress(APIError, RequestException), closing(this.make_client()) as client, this.turns:
        remove_expired(client, now)


def _collected(
    plan: Mapping[str, Sequence[Question]], futures: Mapping[str, Future[Observation]]
) -> tuple[Observation, ...]:
    """Return the observations in the plan's order; when not one came about, the reason is the engine's."""
    failures = {source: error for source, future in futures.items() if (error := future.exception())}
    if len(failures) == len(futures):
        raise next(iter(failures.values()))
    return tuple(
        not_observed(source, plan[source], f"the engine was lost: {failures[source]}")
        if source in failures
        else future.result()
        for source, future in futures.items()
    )
