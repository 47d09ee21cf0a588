"""Two engines are in one swarm from the moment that a manager counts both."""

from grader import store
from grader.course import builtin
from grader.models.evidence import Evidence
from grader.pipeline import regrade
from grader.rubric.load import load
from tests.verdicts.table import EVIDENCE, builds, differences

_BUILD = next(each for each in builds() if str(each) == "overlay/a-network-for-services-only")


def test_a_member_that_has_not_heard_of_the_networks_yet_is_in_the_swarm() -> None:
    evidence = _before_the_first_network_arrived(store.load(EVIDENCE / f"{_BUILD.exercise}-{_BUILD.name}.json"))
    loaded = load(builtin().rubric(_BUILD.exercise))

    assert differences(_BUILD, regrade(loaded, _BUILD.exercise, evidence, {})) == []


def _before_the_first_network_arrived(evidence: Evidence) -> Evidence:
    worker = evidence.hosts["worker"]
    local = tuple(network for network in worker.snapshot.networks if network.scope != "swarm")
    assert local != worker.snapshot.networks
    snapshot = worker.snapshot.model_copy(update={"networks": local})
    hosts = {**evidence.hosts, "worker": worker.model_copy(update={"snapshot": snapshot})}
    return evidence.model_copy(update={"hosts": hosts})
