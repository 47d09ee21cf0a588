"""A report as annotations of GitHub Actions: an error for each cause, which costs marks, and a notice of the marks."""

from grader.models.report import Report
from grader.reporters.ci.annotations import command
from grader.reporters.words import of


def write(report: Report) -> str:
    """Return a line for each cause, the dearest first; GitHub shows ten of a kind."""
    title = f"grade {report.exercise}"
    lines = [command("error", fault.cause, title=title) for fault in report.causes]
    lines += [
        command("warning", f"{check.title} could not be judged: {check.cause or check.actual}", title=title)
        for check in report.checks
        if check.status == "error"
    ]
    verdict = of(report.score, report.max_score) if report.complete else "not graded completely, which costs no marks"
    return "\n".join([*lines, command("notice", verdict, title=title)]) + "\n"
