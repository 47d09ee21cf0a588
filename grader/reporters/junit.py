"""The report as JUnit XML, which GitLab, Jenkins and most other CI systems show as a list of tests.

The dialect is that of Jenkins, whose schema the files keep to. Marks are properties of the suite, since test cases
have none there: `score`, `max_score`, and `score.ID` for each check.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC
from xml.etree import ElementTree as ET

from grader.models.report import CheckResult, Report
from grader.reporters.words import clean, facts, number, of

_OUTCOMES = {"failed": "failure", "error": "error", "skipped": "skipped"}


def write(report: Report) -> str:
    """Return one suite with a test case for each check; a check that gives no marks fails nothing."""
    counts = _counts(report)
    totals = {key: value for key, value in counts.items() if key != "skipped"}
    root = ET.Element("testsuites", {"name": "grade", "time": f"{report.duration_s:.3f}", **totals})
    began = report.started_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S")
    suite = ET.SubElement(root, "testsuite", {"name": clean(report.exercise), "timestamp": began, **counts})
    suite.set("time", f"{report.duration_s:.3f}")
    suite.set("hostname", clean(", ".join(host.name for host in report.hosts.values())))
    properties = ET.SubElement(suite, "properties")
    for name, value in _properties(report):
        ET.SubElement(properties, "property", {"name": name, "value": value})
    for check, name in zip(report.checks, _names(report), strict=True):
        _case(suite, report, check, name)
    ET.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _counts(report: Report) -> dict[str, str]:
    kinds = [_outcome(check) for check in report.checks]
    names = {"failures": "failure", "errors": "error", "skipped": "skipped"}
    return {"tests": str(len(kinds)), **{name: str(kinds.count(kind)) for name, kind in names.items()}}


def _outcome(check: CheckResult) -> str:
    """Return the element that tells the outcome; advice that was not followed is no failure of a pipeline."""
    if check.status == "failed" and not check.max_score:
        return "skipped"
    return _OUTCOMES.get(check.status, "")


def _properties(report: Report) -> Iterator[tuple[str, str]]:
    yield "complete", str(report.complete).lower()
    yield "score", number(report.score)
    yield "max_score", number(report.max_score)
    if report.percent is not None:
        yield "percent", number(report.percent)
        yield "passed", str(bool(report.passed)).lower()
    yield "rubric.sha256", report.rubric.sha256
    yield "tool_version", report.tool_version
    for check in report.checks:
        if check.status != "error":
            yield f"score.{check.id}", of(check.score, check.max_score)


def _names(report: Report) -> list[str]:
    """Return a name for each check, its title; with its id where titles are alike, for GitLab shows one of a name."""
    titles = [clean(check.title) for check in report.checks]
    met = Counter(titles)
    return [
        f"{title} ({check.id})" if met[title] > 1 else title for title, check in zip(titles, report.checks, strict=True)
    ]


def _case(suite: ET.Element, report: Report, check: CheckResult, name: str) -> None:
    case = ET.SubElement(suite, "testcase", {"classname": clean(report.exercise), "name": name})
    told = "\n".join(facts(check))
    if outcome := _outcome(check):
        advice = outcome == "skipped" and check.status == "failed"
        message = clean(check.cause or check.actual)
        element = ET.SubElement(case, outcome, {"type": "advice" if advice else clean(check.kind), "message": message})
        element.text = told
    else:
        ET.SubElement(case, "system-out").text = told
