"""Silence counts where something else did answer, and a firewall on the host may leave pings alone to do so."""

from dataclasses import replace

from grader.evaluate import evaluate
from grader.judging.requests import CONTROL_PORT
from grader.models.evidence import Evidence
from grader.models.probe import Asked, Connect, Echo, Observation, Reached
from grader.models.report import CheckResult
from grader.plan import plan
from tests.flagship import FLASK, MONGO, NGINX, RUBRIC, evidence


def _behind_a_firewall(*, pings: bool) -> Evidence:
    """Return what an engine shows whose host drops whatever nobody there listens for, while nginx is all alone."""
    seen = evidence(NGINX, replace(FLASK, on=("private-net-1",)), MONGO)
    host = seen.hosts["default"]
    asked = plan(RUBRIC.rubric, {"default": host.snapshot})["default"]
    echoes = {source: [each for each in asked[source] if isinstance(each, Echo)] for source in asked}
    observations = tuple(_dropped(each, echoes[each.source], pings=pings) for each in host.observations)
    return seen.model_copy(update={"hosts": {"default": host.model_copy(update={"observations": observations})}})


def _dropped(seen: Observation, echoes: list[Echo], *, pings: bool) -> Observation:
    lost = [
        each.model_copy(update={"answer": Reached(state="timeout")})
        if isinstance(each.question, Connect) and each.question.port == CONTROL_PORT
        else each
        for each in seen.asked
    ]
    answer = Reached(ask="icmp", state="open" if pings else "timeout")
    return seen.model_copy(update={"asked": (*lost, *(Asked(question=each, answer=answer) for each in echoes))})


def _private(seen: Evidence) -> CheckResult:
    return next(check for check in evaluate(RUBRIC, seen).checks if check.id == "mongo-is-private")


def test_a_gateway_that_answers_pings_alone_is_a_control() -> None:
    assert _private(_behind_a_firewall(pings=True)).status == "passed"


def test_where_nothing_at_all_answers_nothing_is_proven() -> None:
    result = _private(_behind_a_firewall(pings=False))
    assert (result.status, result.actual) == ("error", "nothing at all answered nginx, so its silence proves nothing")
