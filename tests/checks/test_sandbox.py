"""What a sandbox shows counts, whatever the engine says of its container."""

import json

import pytest

from grader.evaluate import evaluate
from grader.judging.sketch import Net, Place, Sketch
from grader.models.evidence import Evidence
from grader.models.probe import Interface
from grader.models.report import CheckResult
from grader.rubric.load import loads
from grader.rubric.model import Loaded

_BUILD = Sketch(nets=(Net("front"),), places=(Place("web", on=("front",)),))
_LOOPBACK = Interface(name="lo", address="127.0.0.1", prefix=8)
_RIGHT = Interface(name="eth0", address="10.0.0.2", prefix=24)


def _loaded(**demands: object) -> Loaded:
    check = {"id": "x", "kind": "sandbox", "points": 1, "role": "web", **demands}
    return loads(json.dumps({"version": 1, "title": "T", "roles": {"web": {}}, "checks": [check]}), "x.yaml")


def _judged(loaded: Loaded, *interfaces: Interface) -> CheckResult:
    seen = _BUILD.evidence(loaded.rubric.wants, roles=["web"])
    (result,) = evaluate(loaded, _with(seen, (_LOOPBACK, *interfaces))).checks
    return result


def _with(evidence: Evidence, interfaces: tuple[Interface, ...]) -> Evidence:
    """Return the same evidence with other interfaces in the one sandbox."""
    host = evidence.hosts["default"]
    (look,) = host.observations
    assert look.sandbox
    sandbox = look.sandbox.model_copy(update={"interfaces": interfaces})
    changed = host.model_copy(update={"observations": (look.model_copy(update={"sandbox": sandbox}),)})
    return evidence.model_copy(update={"hosts": {"default": changed}})


@pytest.mark.parametrize(
    ("interfaces", "status"),
    [
        ((_RIGHT,), "passed"),
        ((_RIGHT.model_copy(update={"prefix": 16}),), "failed"),
        ((_RIGHT.model_copy(update={"address": "10.9.0.2"}),), "failed"),
        ((), "failed"),
    ],
)
def test_an_interface_has_the_prefix_length_of_its_pool(interfaces: tuple[Interface, ...], status: str) -> None:
    assert _judged(_loaded(pools=["front"]), *interfaces).status == status


@pytest.mark.parametrize(("address", "status"), [("10.0.0.2", "passed"), ("10.0.0.3", "failed")])
def test_an_address_is_read_in_the_sandbox(address: str, status: str) -> None:
    inside = _RIGHT.model_copy(update={"address": address})
    assert _judged(_loaded(addresses={"front": "10.0.0.2"}), inside).status == status


def test_two_addresses_of_one_interface_count_once() -> None:
    twin = Interface(name="eth0", address="fd00::2", prefix=64)
    assert _judged(_loaded(interfaces=1), _RIGHT, twin).status == "passed"
    assert _judged(_loaded(interfaces=2), _RIGHT, twin).status == "failed"


def test_loopback_alone_is_judged_on_what_is_inside() -> None:
    assert _judged(_loaded(interfaces=0), _RIGHT).status == "failed"
    assert _judged(_loaded(interfaces=0)).status == "passed"
