"""Silence counts where something else did answer, and a firewall on the host may leave pings alone to do so."""

from dataclasses import replace

from grader.evaluate import evaluate
from grader.judging.requests import CONTROL_PORT
from grader.models.evidence import Evidence
from grader.models.probe import Asked, Connect, Echo, Observation, Reached
from grader.models.report import CheckResult
from tests.flagship import FLASK, MONGO, NGINX, RUBRIC, evidence

_SECLUDED = replace(FLASK, on=("private-net-1",))


def _behind_a_firewall(seen: Evidence, *, pings: bool) -> Evidence:
    """Return what the engine would have shown if its host dropped what nobody there listens for."""
    host = seen.hosts["default"]
    observations = tuple(_dropped(each, pings=pings) for each in host.observations)
    return seen.model_copy(update={"hosts": {"default": host.model_copy(update={"observations": observations})}})


def _dropped(seen: Observation, *, pings: bool) -> Observation:
    controls = (each.question for each in seen.asked if isinstance(each.question, Connect))
    gateways = {each.address for each in controls if each.port == CONTROL_PORT}
    asked = tuple(
        each.model_copy(update={"answer": each.answer.model_copy(update={"state": "timeout"})})
        if isinstance(each.answer, Reached) and _is_lost(each, gateways, pings=pings)
        else each
        for each in seen.asked
    )
    return seen.model_copy(update={"asked": asked})


def _is_lost(each: Asked, gateways: set[str], *, pings: bool) -> bool:
    kinds = (Connect,) if pings else (Connect, Echo)
    return isinstance(each.question, kinds) and each.question.address in gateways


def _private(seen: Evidence) -> CheckResult:
    return next(check for check in evaluate(RUBRIC, seen).checks if check.id == "mongo-is-private")


def test_a_gateway_that_answers_pings_alone_is_a_control() -> None:
    assert _private(_behind_a_firewall(evidence(NGINX, _SECLUDED, MONGO), pings=True)).status == "passed"


def test_where_nothing_at_all_answers_nothing_is_proven() -> None:
    result = _private(_behind_a_firewall(evidence(NGINX, _SECLUDED, MONGO), pings=False))
    assert (result.status, result.actual) == ("error", "nothing at all answered nginx, so its silence proves nothing")
