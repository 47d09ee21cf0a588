"""Nobody is waited for who could not mend anything."""

from grader import store
from grader.course import builtin
from grader.evaluate import evaluate
from grader.rubric.load import load
from grader.settle import starting
from tests.verdicts.table import EVIDENCE


def test_where_no_role_listens_a_young_container_without_a_role_is_not_waited_for() -> None:
    loaded = load(builtin().rubric("default-bridge"))
    evidence = store.load(EVIDENCE / "default-bridge-a-third-one-about.json")
    snapshot = evidence.hosts["default"].snapshot
    assert all(snapshot.is_young(each) for each in snapshot.containers)
    assert starting(loaded, evidence, evaluate(loaded, evidence)) == []
