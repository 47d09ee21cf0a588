"""A look that comes too early costs nothing: what is still starting is waited for."""

from hypothesis import given, settings
from hypothesis import strategies as st

from grader.evaluate import evaluate
from grader.models.evidence import Evidence
from grader.settle import starting
from tests.flagship import RUBRIC
from tests.laws.builds import ROLES, change, moved, nearly_right
from tests.laws.engine import evidence
from tests.laws.model import Build
from tests.laws.reports import judged, marks
from tests.laws.witnesses import seen, with_snapshot


@given(build=nearly_right(labelled=True) | moved(), role=st.sampled_from(ROLES))
@settings(max_examples=400)
def test_who_does_not_listen_yet_is_waited_for(build: Build, role: str) -> None:
    """Unless the verdict is the same anyway."""
    early = _young(evidence(change(build, role, listens=())))
    report = evaluate(RUBRIC, early)
    final = judged(build)
    if marks(report) != marks(final) and final.score > report.score:
        assert starting(RUBRIC, early, report)


def _young(full: Evidence) -> Evidence:
    """Return the same evidence of containers that were started a moment ago."""
    snapshot = seen(full).snapshot
    young = tuple(each.model_copy(update={"started_at": snapshot.engine.now}) for each in snapshot.containers)
    return with_snapshot(full, snapshot.model_copy(update={"containers": young}))
