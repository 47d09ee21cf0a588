"""Negative checks, and whether anything in the rubric shows that their silence means something."""

from collections.abc import Iterator

from grader.evaluate import evaluate
from grader.models.verification import Finding
from grader.verify import engines
from grader.verify.subject import Subject


def uncontrolled(subject: Subject) -> Iterator[Finding]:
    """Find negative checks of whose target no other check demands that it is at work."""
    controlled = _shown_at_work(subject)
    for check in subject.rubric.checks:
        for role in dict.fromkeys(check.denies()):
            if role not in controlled:
                text = f"`{check.id}` wants {role} out of reach, and no check wants {role} at work"
                remedy = f"add one that does: who may reach {role}, or at least that its container runs"
                yield Finding(*subject.at(check), "uncontrolled", text, remedy)


def _shown_at_work(subject: Subject) -> set[str]:
    """Return the roles of which some positive check with points cannot pass while their containers are stopped."""
    results = evaluate(subject.loaded, engines.stopped(subject.rubric)).checks
    pairs = zip(subject.rubric.checks, results, strict=True)
    return {
        role
        for check, result in pairs
        if check.points and not check.denies() and result.status != "passed"
        for role in check.roles()
    }
