"""What an event can have changed: a stale verdict is worse than a slow one."""

import pytest

from grader.models.event import Event
from grader.watch.relevance import Interest, Touch, interest, touch
from tests.flagship import FLASK, MONGO, NGINX, RUBRIC, evidence
from tests.watch.events import joins, network, of

KNOWN = Interest(frozenset({"flask", "mongo"}), frozenset({"host", "public-net-1", "id-of-private-net-1"}))


@pytest.mark.parametrize("action", ["start", "die", "stop", "kill", "pause", "unpause", "rename", "update", "destroy",
                                    "restart", "oom", "something-new"])  # fmt: skip
def test_whatever_happens_to_a_candidate_counts(action: str) -> None:
    assert touch(of("flask", action), KNOWN) is Touch.SANDBOXES


@pytest.mark.parametrize("action", ["attach", "resize", "top", "export", "commit", "exec_create"])
def test_what_leaves_network_and_processes_alone_does_not(action: str) -> None:
    assert touch(of("flask", action), KNOWN) is Touch.NOTHING


@pytest.mark.parametrize("action", ["exec_start", "exec_die", "health_status"])
def test_a_command_within_a_candidate_counts_later_for_it_may_be_a_health_check(action: str) -> None:
    assert touch(of("flask", action), KNOWN) is Touch.LATER


def test_a_stranger_on_a_network_of_its_own_is_only_listed() -> None:
    born = [*of("stranger", "create"), joins("stranger", "elsewhere"), *of("stranger", "start")]
    gone = [*of("stranger", "kill", "die"), joins("stranger", "elsewhere", "disconnect"), *of("stranger", "destroy")]
    assert touch(born, KNOWN) is Touch.LISTING
    assert touch(gone, KNOWN) is Touch.LISTING


@pytest.mark.parametrize("place", ["public-net-1", "private-net-1", "host"])
def test_a_stranger_on_a_network_that_matters_counts(place: str) -> None:
    assert touch([*of("stranger", "create"), joins("stranger", place), *of("stranger", "start")], KNOWN) is (
        Touch.SANDBOXES
    )


def test_a_stranger_who_joins_no_network_may_live_in_a_sandbox_that_matters() -> None:
    assert touch(of("stranger", "create", "start"), KNOWN) is Touch.SANDBOXES
    assert touch(of("stranger", "die"), KNOWN) is Touch.SANDBOXES


def test_a_stranger_who_takes_another_name_may_answer_to_one_that_matters() -> None:
    assert touch(of("stranger", "rename"), KNOWN) is Touch.SANDBOXES


def test_a_candidate_that_joins_any_network_counts() -> None:
    assert touch([joins("flask", "elsewhere")], KNOWN) is Touch.SANDBOXES


def test_a_network_that_nobody_asks_for_is_only_listed_because_it_may_stand_in_for_one() -> None:
    assert touch([network("elsewhere")], KNOWN) is Touch.LISTING
    assert touch([network("public-net-1", "destroy")], KNOWN) is Touch.SANDBOXES


@pytest.mark.parametrize(
    ("kind", "action", "name", "expected"),
    [
        ("image", "tag", "mongo:7", Touch.LISTING),
        ("image", "tag", "grade-probe:5aa672f5dcd6", Touch.NOTHING),
        ("volume", "create", "data", Touch.NOTHING),
        ("service", "update", "web", Touch.SANDBOXES),
        ("daemon", "reload", "", Touch.SANDBOXES),
        ("something-new", "happens", "", Touch.SANDBOXES),
    ],
)
def test_other_kinds(kind: str, action: str, name: str, expected: Touch) -> None:
    assert touch([Event(kind=kind, action=action, id="id", name=name)], KNOWN) is expected


def test_a_look_cares_for_its_candidates_and_for_their_networks_and_the_rubrics() -> None:
    snapshot = evidence(NGINX, FLASK, MONGO).hosts["default"].snapshot
    found = interest(RUBRIC.rubric, snapshot)
    assert found.containers == {each.id for each in snapshot.containers}
    ids = {each.id for each in snapshot.networks if each.name in RUBRIC.rubric.wants.networks}
    assert {"host", "public-net-1", "private-net-1", *ids} <= found.networks
