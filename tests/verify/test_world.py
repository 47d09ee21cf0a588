"""The world against real engines: what it works out of a build is judged as what sidecars really saw of it."""

import pytest

from grader import store
from grader.course import builtin
from grader.evaluate import evaluate
from grader.models.report import Report
from grader.rubric.load import load
from grader.verify.recover import recovered, seen
from tests.verdicts.table import EVIDENCE, Build, builds

BEYOND = {
    "linked-on-user-defined-networks": "a link is written down nowhere in evidence",
    "flask-that-lost-its-name-later": "nginx remembers the address that it looked up when it started",
    "services-without-a-virtual-address": "a service has names that none of its containers bears",
    "two-tasks-on-each-engine": "a service has names that none of its containers bears",
    "services-on-a-network-for-services-only": "a service has names that none of its containers bears",
    "a-relay-on-the-host-that-declares-another-port": "a port of the host that no container declares is nobody's",
    "one-that-has-left-another-network": "a container keeps the resolver of a network that it has left",
}
"""What a world cannot tell, by build, and why."""


def verdict(report: Report) -> dict[str, tuple[str, str, str | None]]:
    """Return what a report says of each check."""
    return {check.id: (check.status, str(check.score), check.cause) for check in report.checks}


KNOWN = [build for build in builds() if build.name not in BEYOND]


@pytest.mark.parametrize("build", KNOWN, ids=str)
def test_a_world_is_judged_as_the_engine_that_it_was_recovered_from(build: Build) -> None:
    loaded = load(builtin().rubric(build.exercise))
    evidence = store.load(EVIDENCE / f"{build.exercise}-{build.name}.json")
    again = seen(loaded, evidence, recovered(loaded, evidence))
    assert verdict(evaluate(loaded, again)) == verdict(evaluate(loaded, evidence))
