"""What the kind `dns` says where an example cannot go: a resolver left behind, a resolver that is mute, the host."""

from collections.abc import Callable, Mapping

import pytest

from grader.evaluate import evaluate
from grader.judging.sketch import Net, Place, Sketch
from grader.models.evidence import Evidence
from grader.models.probe import Asked, Found, Lookup, Observation
from grader.models.report import CheckResult
from grader.rubric.load import loads

NETS = (Net("bridge"), Net("lab"))
HEAD = "version: 1\ntitle: T\nroles: {web: {}, db: {}}\nchecks:\n"
DEMANDS = {
    "copied": "  - {id: a, kind: dns, role: web, resolver: copied, points: 1}\n",
    "strangers": "  - {id: a, kind: dns, role: web, strangers: [db], points: 1}\n",
    "hosts": "  - {id: a, kind: dns, role: web, hosts: {Printer: 192.0.2.7}, points: 1}\n",
    "servers": "  - {id: a, kind: dns, role: web, servers: [192.0.2.1], search: [lab.example], points: 1}\n",
}
Change = Callable[[Observation], Observation]


def judged(demand: str, *places: Place, change: Change = lambda seen: seen) -> CheckResult:
    """Return the verdict on a sketch in which the sandbox of the first place is changed."""
    loaded = loads(HEAD + DEMANDS[demand], "r.yaml")
    evidence = Sketch(nets=NETS, places=places).evidence(loaded.rubric.wants, roles=("web", "db"))
    (result,) = evaluate(loaded, _changed(evidence, change)).checks
    return result


def _changed(evidence: Evidence, change: Change) -> Evidence:
    host = evidence.hosts["default"]
    first, *others = host.observations
    observations = (change(first), *others)
    return evidence.model_copy(update={"hosts": {"default": host.model_copy(update={"observations": observations})}})


def left_behind(seen: Observation) -> Observation:
    """Leave Docker's resolver in place, as an engine does when a container goes back to the default bridge."""
    assert seen.sandbox
    return seen.model_copy(update={"sandbox": seen.sandbox.model_copy(update={"nameservers": ("127.0.0.11",)})})


def answering(said: Mapping[str, Found]) -> Change:
    """Return a change that answers some names in another way."""

    def change(seen: Observation) -> Observation:
        asked = tuple(
            Asked(question=each.question, answer=said[each.question.name])
            if isinstance(each.question, Lookup) and each.question.name in said
            else each
            for each in seen.asked
        )
        return seen.model_copy(update={"asked": asked})

    return change


BOTH = (Place("web", on=("bridge",)), Place("db", on=("bridge",)))
APART = (Place("web", on=("lab",)), Place("db", on=("bridge",)))
SILENT = Found(ipv4="no-answer", ipv6="no-answer")


def test_a_resolver_left_behind_is_no_copy_and_goes_with_a_restart() -> None:
    result = judged("copied", *BOTH, change=left_behind)
    assert result.status == "failed"
    assert result.cause == (
        "web has left a user-defined network, but keeps Docker's resolver until it starts again: docker restart web"
    )


def test_a_resolver_left_behind_need_not_know_its_own_container() -> None:
    assert judged("strangers", *BOTH, change=left_behind).status == "passed"


def mute(seen: Observation) -> Observation:
    """Let the resolver answer to nothing, not even to the short id, which every container of its own network has."""
    return answering({"web": SILENT, seen.source[:12]: SILENT})(seen)


def test_a_mute_resolver_proves_nothing() -> None:
    assert judged("strangers", *APART).status == "passed"
    assert judged("strangers", *APART, change=mute).status == "error"


def test_a_container_that_docker_has_named_answers_to_its_short_id_alone() -> None:
    assert judged("strangers", *APART, change=answering({"web": SILENT})).status == "passed"


def test_a_name_that_was_not_asked_for_proves_nothing() -> None:
    unasked = Found(ipv4="not-observed", ipv6="not-observed")
    assert judged("strangers", *BOTH, change=answering({"db": unasked})).status == "error"


@pytest.mark.parametrize(("address", "status"), [("198.51.100.9", "passed"), ("10.0.0.3", "failed")])
def test_only_an_address_of_the_stranger_counts(address: str, status: str) -> None:
    """A wildcard of the host's DNS answers to every name, with an address of its own."""
    found = Found(ipv4="answered", ipv6="nxdomain", addresses=(address,))
    assert judged("strangers", *BOTH, change=answering({"db": found})).status == status


def test_an_alias_of_the_stranger_counts_as_its_name() -> None:
    db = Place("db", on=("bridge", "lab"), aliases=("store",))
    nobody = Found(ipv4="nxdomain", ipv6="nxdomain")
    result = judged("strangers", Place("web", on=("lab",)), db, change=answering({"db": nobody}))
    assert (result.status, result.actual) == ("failed", "store is 10.0.1.3")


def test_two_in_one_sandbox_are_no_strangers() -> None:
    result = judged("strangers", Place("web", on=("bridge",)), Place("db", mode="container:web"))
    assert (result.status, result.cause) == ("failed", "web and db share one network sandbox")


def test_a_network_that_nobody_asked_for_is_the_cause_on_both_sides() -> None:
    result = judged("strangers", Place("db", on=("bridge", "lab")), Place("web", on=("bridge", "lab")))
    assert (result.status, result.cause) == ("failed", "web and db are both on lab")


def test_on_the_hosts_network_what_was_asked_for_is_what_counts() -> None:
    web = Place("web", mode="host", hosts=("printer:192.0.2.7",), dns=("192.0.2.1",), dns_search=("lab.example",))
    assert judged("hosts", web).status == "passed"
    assert judged("servers", web).status == "passed"
    assert judged("servers", Place("web", mode="host")).status == "failed"


def test_names_in_a_hosts_file_know_no_case() -> None:
    assert judged("hosts", Place("web", on=("lab",), hosts=("PRINTER:192.0.2.7",))).status == "passed"


def test_on_the_default_bridge_servers_of_ones_own_stand_in_resolv_conf() -> None:
    web = Place("web", on=("bridge",), dns=("192.0.2.1",), dns_search=("lab.example",))
    assert judged("servers", web).status == "passed"
    assert judged("copied", web).status == "failed"
