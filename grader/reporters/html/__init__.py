"""The report as one page for a browser: self-contained, printable, light and dark."""

from markupsafe import Markup

from grader.models.report import CheckResult, Report
from grader.models.topology import FlowMark, Mark, Topology
from grader.reporters import sentences
from grader.reporters.pages import beside, rendered
from grader.reporters.picture.captions import MEANINGS, SHUT
from grader.reporters.picture.description import described
from grader.reporters.picture.style import STYLE
from grader.reporters.picture.svg import inline
from grader.reporters.words import number, of

_TEMPLATES = "grader.reporters.html"
_SIGNS = {"passed": "✓", "failed": "✗", "skipped": "·", "error": "!"}
_TONES = {"passed": "good", "failed": "bad", "skipped": "quiet", "error": "unsure"}
_MARKS: dict[Mark | FlowMark, str] = {"right": "●", "wrong": "✗", "missing": "◌", "extra": "○", "unknown": "!"}


def write(report: Report) -> str:
    """Return the page."""
    drawn = _drawn_marks(report.topology)
    return rendered(
        _TEMPLATES,
        "report.html.jinja",
        beside(_TEMPLATES, "report.css") + STYLE,
        report=report,
        sentences=sentences,
        number=number,
        points=_points,
        signs=_SIGNS,
        tones=_TONES,
        places={fault.cause: place for place, fault in enumerate(report.causes, 1)},
        anchors={check.id: f"check-{place}" for place, check in enumerate(report.checks, 1)},
        pictures=[
            (name, key, _drawn(topology, label), described(topology))
            for name, key, label, topology in (
                ("To build", "target", "What the exercise asks for", report.target),
                ("Built", "actual", "What was built", report.topology),
            )
            if topology.boxes or topology.lanes
        ],
        meanings=[(mark, sign, MEANINGS[mark]) for mark, sign in _MARKS.items() if mark in drawn],
        shut=SHUT if any(flow.shut for flow in report.topology.flows) else "",
        tone="unsure" if report.passed is None else "good" if report.passed else "bad",
    )


def _drawn(topology: Topology, label: str) -> Markup:
    return Markup(inline(topology, f"{label}, told in words below"))  # noqa: S704 (a tree of elements, written as text)


def _drawn_marks(topology: Topology) -> set[Mark | FlowMark]:
    marks: list[Mark | FlowMark] = [link.mark for link in topology.links]
    return {*marks, *(box.mark for box in topology.boxes), *(flow.mark for flow in topology.flows)}


def _points(check: CheckResult) -> str:
    if not check.max_score:
        return "advice"
    return f"?/{number(check.max_score)}" if check.status == "error" else of(check.score, check.max_score)
