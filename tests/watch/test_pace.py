"""When to look: events and a clock in, the next moment out."""

from collections.abc import Iterable

import pytest

from grader.models.event import Event
from grader.watch.pace import GAP, LONGEST, QUIET, Outlook, Pace, delay
from grader.watch.relevance import Interest
from tests.watch.events import joins, network, of, sidecar

KNOWN = Interest(frozenset({"flask"}), frozenset({"host", "public-net-1"}))


def seen(at: float = 0.0, outlook: Outlook = Outlook.DONE, *engines: str) -> Pace:
    """Return the pace of a watch that has looked for the first time at a moment."""
    names = engines or ("default",)
    pace = Pace(names)
    for name in names:
        pace.found(name, at)
    pace.began(at)
    pace.ended(outlook, dict.fromkeys(names, KNOWN), at)
    return pace


def hear(pace: Pace, events: Iterable[Event], at: float, engine: str = "default") -> None:
    for event in events:
        pace.heard(engine, event, at)


def moment(pace: Pace, now: float) -> float:
    """Return when it wants to look."""
    due = pace.due(now)
    assert due is not None
    return round(now + due, 6)


def test_it_looks_at_once_when_all_engines_are_there_and_not_before() -> None:
    pace = Pace(("one", "two"))
    assert pace.due(0) is None
    pace.found("one", 1)
    assert pace.due(1) is None
    pace.found("two", 2)
    assert pace.due(2) == 0
    assert pace.began(2) is False, "nothing is known yet"
    assert pace.due(2.1) is None, "one look at a time"


def test_a_burst_is_waited_for_until_it_is_quiet() -> None:
    pace = seen()
    hear(pace, of("flask", "start"), 5.0)
    hear(pace, [joins("flask", "public-net-1")], 5.2)
    assert moment(pace, 5.2) == pytest.approx(5.2 + QUIET)


def test_a_burst_that_never_ends_is_not_waited_for_longer() -> None:
    pace = seen()
    for step in range(30):
        hear(pace, of("flask", "restart"), 5 + step / 10)
    assert moment(pace, 8) == pytest.approx(8)
    assert pace.due(5 + LONGEST) == 0


def test_a_burst_is_one_look() -> None:
    pace = seen()
    hear(pace, of("flask", "kill", "die", "start"), 5.0)
    assert pace.began(5.3) is False
    pace.ended(Outlook.DONE, {"default": KNOWN}, 6.0)
    assert moment(pace, 6.0) > 6.0 + 2 * LONGEST, "nothing was left over"


def test_what_happens_during_a_look_is_looked_at_afterwards() -> None:
    pace = seen()
    hear(pace, of("flask", "start"), 5.0)
    pace.began(5.3)
    hear(pace, of("flask", "die"), 5.5)
    assert pace.due(5.9) is None
    pace.ended(Outlook.DONE, {"default": KNOWN}, 6.0)
    assert moment(pace, 6.0) == pytest.approx(6.0 + GAP)
    assert pace.began(6.3) is False


@pytest.mark.parametrize("on_host", [False, True])
def test_our_own_sidecars_are_not_heard(on_host: bool) -> None:
    quiet, pace = seen(), seen()
    hear(pace, sidecar(on_host=on_host), 1.0)
    assert moment(pace, 1.0) == moment(quiet, 1.0)
    hear(pace, [joins("sidecar", "host")], 2.0)
    assert moment(pace, 2.0) == pytest.approx(2.0 + QUIET), "once it is gone, its id means nothing any more"


def test_our_own_sidecars_do_not_prolong_the_burst_of_others() -> None:
    pace = seen()
    hear(pace, of("flask", "start"), 5.0)
    hear(pace, sidecar(), 5.2)
    assert moment(pace, 5.2) == pytest.approx(5.0 + QUIET)


def test_what_can_change_nothing_does_not_hurry_the_next_burst() -> None:
    pace = seen()
    hear(pace, of("flask", "attach"), 1.0)
    hear(pace, of("flask", "start"), 5.0)
    assert moment(pace, 5.0) == pytest.approx(5.0 + QUIET)


def test_a_stranger_is_listed_and_the_sandboxes_are_let_be() -> None:
    pace = seen()
    hear(pace, [network("elsewhere")], 5.0)
    assert moment(pace, 5.0) == pytest.approx(5.0 + QUIET)
    assert pace.began(5.25) is True


def test_strangers_do_not_put_off_the_look_that_is_due_without_an_event() -> None:
    pace = seen(outlook=Outlook.OPEN)
    first = moment(pace, 0)
    now = 0.5
    while now < first:
        hear(pace, [network("elsewhere")], now)
        assert pace.began(now + QUIET) is True
        pace.ended(Outlook.OPEN, {"default": KNOWN}, now + QUIET)
        now += 0.5
    assert moment(pace, now) <= max(first, now) + GAP
    assert pace.began(moment(pace, now)) is False


def test_health_checks_bring_a_look_forward_but_do_not_drive_it() -> None:
    pace = seen(outlook=Outlook.DONE)
    without = moment(pace, 1.0)
    hear(pace, of("flask", "exec_create", "exec_start", "exec_die"), 1.0)
    assert 1.0 + LONGEST < moment(pace, 1.0) < without


def test_without_an_event_it_looks_soon_while_something_starts_and_seldom_when_all_is_done() -> None:
    moments = [moment(seen(100.0, outlook), 100.0) for outlook in (Outlook.STARTING, Outlook.OPEN, Outlook.DONE)]
    assert moments == sorted(set(moments))
    assert moments[-1] < 100.0 + 60


def test_when_nobody_does_anything_for_long_it_looks_less_often() -> None:
    pace = seen(0.0, Outlook.OPEN)
    early = moment(pace, 0.0)
    pace.began(100.0)
    pace.ended(Outlook.OPEN, {"default": KNOWN}, 100.0)
    assert moment(pace, 100.0) - 100.0 > early


def test_while_an_engine_is_gone_it_does_not_look_and_afterwards_it_asks_everything_anew() -> None:
    pace = seen(0.0, Outlook.DONE, "one", "two")
    pace.lost("two")
    hear(pace, of("flask", "start"), 1.0, "one")
    assert pace.due(60.0) is None
    pace.found("two", 61.0)
    assert pace.due(61.0) == 0
    assert pace.began(61.0) is False


def test_an_engine_that_comes_back_has_forgotten_what_was_heard_of_it() -> None:
    pace = seen()
    hear(pace, sidecar()[:1], 1.0)
    pace.lost("default")
    pace.found("default", 2.0)
    pace.began(2.0)
    pace.ended(Outlook.DONE, {"default": KNOWN}, 2.5)
    hear(pace, [joins("sidecar", "host")], 3.0)
    assert moment(pace, 3.0) == pytest.approx(3.0 + QUIET)


def test_looks_that_fail_are_tried_again_at_growing_intervals() -> None:
    pace = seen()
    hear(pace, of("flask", "start"), 5.0)
    waits, now = [], 6.0
    for _ in range(12):
        assert pace.began(now) is False
        pace.failed(now)
        waits.append(moment(pace, now) - now)
        now += waits[-1]
    assert waits == sorted(waits)
    assert waits[0] < 1
    assert waits[-1] <= 5


def test_the_wait_for_an_engine_grows_and_is_bounded() -> None:
    waits = [delay(failures) for failures in range(1, 10_000)]
    assert waits == sorted(waits)
    assert (waits[0], waits[-1]) == (0.5, 5.0)


def test_a_storm_of_events_is_not_kept() -> None:
    pace = seen()
    for place in range(100_000):
        pace.heard("default", joins(f"stranger-{place}", "elsewhere"), 5.0)
    assert pace.due(5.0 + LONGEST) == 0
    assert pace.began(5.0 + LONGEST) is False, "what was not kept may have mattered"
