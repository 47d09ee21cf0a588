"""A check that is taken back gives everybody its points, or counts for nobody, and says why."""

from decimal import Decimal
from pathlib import Path

import pytest

from grader.errors import RubricError
from grader.evaluate import evaluate
from grader.models.report import Report
from grader.reporters.formats import written
from grader.rubric.load import loads
from tests.flagship import FLASK, NGINX, evidence

TEXT = (Path(__file__).parents[1] / "rubrics" / "flask-nginx-mongo.yaml").read_text(encoding="utf-8")
WHY = "the brief named another port"


def void(check: str, how: str) -> str:
    """Return the flagship's rubric with one check taken back."""
    assert f"- id: {check}\n" in TEXT
    return TEXT.replace(f"- id: {check}\n", f"- id: {check}\n    void: {how}\n    reason: {WHY}\n")


def report(text: str) -> Report:
    """Return the verdict on a build that lacks its database."""
    return evaluate(loads(text, "r.yaml"), evidence(NGINX, FLASK))


def points(text: str) -> dict[str, tuple[str, Decimal, Decimal]]:
    return {check.id: (check.status, check.score, check.max_score) for check in report(text).checks}


def test_void_in_full_gives_the_points_to_everybody() -> None:
    before, after = points(TEXT), points(void("mongo-attached", "full"))
    assert before["mongo-attached"][1] == 0
    assert after["mongo-attached"] == ("passed", before["mongo-attached"][2], before["mongo-attached"][2])
    assert report(void("mongo-attached", "full")).max_score == report(TEXT).max_score


def test_a_dropped_check_counts_for_nobody() -> None:
    before, after = report(TEXT), report(void("mongo-attached", "drop"))
    assert points(void("mongo-attached", "drop"))["mongo-attached"] == ("skipped", Decimal(0), Decimal(0))
    assert after.max_score == before.max_score - points(TEXT)["mongo-attached"][2]
    assert after.score == before.score


def test_nothing_waits_for_a_check_that_was_taken_back() -> None:
    held = {check.id: check.waits_for for check in report(void("mongo-attached", "drop")).checks}
    assert not any("mongo-attached" in waits_for for waits_for in held.values())


def test_a_learner_reads_why() -> None:
    assert WHY in written(report(void("mongo-attached", "drop")), "terminal")


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ("    void: drop\n", "needs a `reason`"),
        ("    reason: because\n", "only a check that is void"),
        ("    void: half\n    reason: because\n", "`void` cannot be `half`"),
    ],
)
def test_a_check_that_is_void_needs_a_reason(lines: str, words: str) -> None:
    with pytest.raises(RubricError, match=words):
        loads(TEXT.replace("- id: mongo-attached\n", f"- id: mongo-attached\n{lines}"), "r.yaml")
