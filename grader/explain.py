"""One check with what stands behind it: the brief's sentence, Docker's idea, and a command to see for oneself."""

from difflib import get_close_matches

from grader.checks.base import Check
from grader.errors import UsageError
from grader.evaluate import scene_of
from grader.models.evidence import Evidence
from grader.models.report import Explanation, Report
from grader.rubric.model import Loaded


def check_called(loaded: Loaded, wanted: str) -> Check:
    """Return the rubric's check of this id; UsageError with the nearest ones where there is none."""
    checks = {check.id: check for check in loaded.rubric.checks}
    if wanted not in checks:
        near = get_close_matches(wanted, checks, n=3)
        remedy = f"did you mean {' or '.join(near)}?" if near else f"there are: {', '.join(checks)}"
        raise UsageError(f"there is no check called {wanted}", remedy)
    return checks[wanted]


def explain(loaded: Loaded, evidence: Evidence, report: Report, wanted: str) -> Explanation:
    """Return the explanation of one check of a report on this evidence."""
    check = check_called(loaded, wanted)
    return Explanation(
        exercise=report.exercise,
        check=next(result for result in report.checks if result.id == wanted),
        brief=check.brief,
        concept=check.concept,
        by_hand=check.by_hand(scene_of(loaded, evidence)),
    )
