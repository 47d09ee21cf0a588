"""A container without any network: a fault that an author's `attached` check names, and `http` names the same way."""

import json

import pytest

from grader.evaluate import evaluate
from grader.judging.sketch import Net, Place, Sketch
from grader.rubric.load import loads

PAGE = {"id": "page", "kind": "http", "role": "web", "points": 1}
ATTACHED = {"id": "on", "kind": "attached", "role": "web", "to": ["lab"], "points": 1}


@pytest.mark.parametrize(
    ("checks", "causes"),
    [([PAGE], ["web is on no network"]), ([PAGE, ATTACHED], ["web is not on lab"])],
    ids=["on any network", "on one of its own"],
)
def test_no_network_is_one_fault(checks: list[dict[str, object]], causes: list[str]) -> None:
    text = json.dumps({"version": 1, "title": "T", "roles": {"web": {}}, "checks": checks})
    loaded = loads(text, "r.yaml")
    build = Sketch((Net("lab"),), (Place("web", listens=("0.0.0.0:80",), http=200),))
    report = evaluate(loaded, build.evidence(loaded.rubric.wants, roles=("web",)))
    assert [fault.cause for fault in report.causes] == causes
