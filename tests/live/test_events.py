"""The event stream of a real engine: the words that `grader/watch` judges by, and that our own work is not heard."""

import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from queue import Empty, SimpleQueue

import pytest

from grader.host.connect import connect
from grader.host.events import Stream, subscribe
from grader.models.event import Event
from grader.watch.pace import Outlook, Pace
from grader.watch.relevance import Interest, Touch, touch
from tests.lab import Engine
from tests.live.test_faults import EXERCISE, ROOT
from tests.live.window import grade

pytestmark = pytest.mark.live

NOBODY = Interest(frozenset(), frozenset({"host"}))


@contextmanager
def heard(engine: Engine) -> Iterator[list[Event]]:
    """Collect what the engine tells inside the block, into a list that is complete after it."""
    inbox: SimpleQueue[Event] = SimpleQueue()
    stream = subscribe(connect(engine.host, 10))
    reader = threading.Thread(target=_pour, args=(stream, inbox))
    reader.start()
    events: list[Event] = []
    try:
        yield events
        engine.docker("network", "create", "the-end")
        while not events or events[-1].name != "the-end":
            events.append(inbox.get(timeout=10))
        events.pop()
    except Empty:
        pytest.fail(f"never heard the end, but {events}")
    finally:
        stream.close()
        reader.join(10)
        assert not reader.is_alive(), "closing ends whoever reads"


def _pour(stream: Stream, inbox: SimpleQueue[Event]) -> None:
    for event in stream:
        inbox.put(event)


def test_a_stranger_is_told_by_its_start_and_its_network(engine: Engine) -> None:
    engine.docker("network", "create", "elsewhere")
    with heard(engine) as events:
        engine.docker("run", "--detach", "--name", "stranger", "--network", "elsewhere", "busybox", "sleep", "600")
        engine.docker("rm", "--force", "stranger")
    told = [(event.kind, event.action) for event in events]
    assert told[:3] == [("container", "create"), ("network", "connect"), ("container", "start")]
    assert {("container", "die"), ("network", "disconnect"), ("container", "destroy")} <= set(told)
    assert {event.container for event in events if event.kind == "network"} == {events[0].id}
    assert touch(events, NOBODY) is Touch.LISTING
    assert touch(events, Interest(frozenset(), frozenset({"elsewhere"}))) is Touch.SANDBOXES


def test_who_shares_a_sandbox_or_the_host_is_told_as_one_that_matters(engine: Engine) -> None:
    engine.docker("run", "--detach", "--name", "owner", "busybox", "sleep", "600")
    for mode in ("container:owner", "host"):
        with heard(engine) as events:
            engine.docker("run", "--detach", "--network", mode, "busybox", "sleep", "600")
        assert touch(events, NOBODY) is Touch.SANDBOXES, mode
        engine.docker("network", "rm", "the-end")


def test_a_command_inside_is_told_without_its_words(engine: Engine) -> None:
    engine.docker("run", "--detach", "--name", "owner", "busybox", "sleep", "600")
    with heard(engine) as events:
        engine.docker("exec", "owner", "true")
    assert [event.action for event in events] == ["exec_create", "exec_start", "exec_die"]


def test_a_grade_is_not_heard_by_a_watch(starter: Engine) -> None:
    starter.docker("run", "--detach", "--name", "nginx", "--network", "host", "busybox", "sleep", "600")
    starter.docker("run", "--detach", "--name", "mongo", "mongo:7")
    subprocess.run(grade(EXERCISE, "--quiet"), env={**starter.env(), "PYTHONPATH": str(ROOT)}, check=False)
    with heard(starter) as events:
        subprocess.run(grade(EXERCISE, "--quiet"), env={**starter.env(), "PYTHONPATH": str(ROOT)}, check=False)
    assert [event.action for event in events if event.ours].count("create") >= 2, "it was the grade that was heard"
    assert any(event.kind == "network" and event.name == "host" for event in events)
    deaf, pace = _after_a_look(), _after_a_look()
    for event in events:
        pace.heard("default", event, 1.0)
    assert pace.due(1.0) == deaf.due(1.0)


def _after_a_look() -> Pace:
    pace = Pace(["default"])
    pace.found("default", 0)
    pace.began(0)
    pace.ended(Outlook.DONE, {"default": NOBODY}, 0)
    return pace


def test_the_stream_ends_with_the_engine(engine: Engine) -> None:
    stream = subscribe(connect(engine.host, 10))
    reader = threading.Thread(target=lambda: list(stream))
    reader.start()
    engine.halt_daemon()
    try:
        reader.join(20)
        assert not reader.is_alive()
        stream.close()
    finally:
        engine.restart_daemon()
