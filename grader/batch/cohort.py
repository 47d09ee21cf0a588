"""The page about a class: one file of HTML that needs nothing else, and can be sorted."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from grader.batch.integrity import Flag
from grader.batch.standing import Grade, told_faults

_TEMPLATES = "grader.batch"
_BINS = 10
_MOST_CAUSES = 15


@dataclass(frozen=True, slots=True)
class Line:
    """How a class did in one check."""

    id: str
    title: str
    passed: int
    partly: int
    failed: int
    skipped: int
    unclear: int

    @property
    def share(self) -> float:
        """The percentage of those judged who passed."""
        judged = self.passed + self.partly + self.failed + self.skipped
        return round(100 * self.passed / judged, 1) if judged else 0.0


@dataclass(frozen=True, slots=True)
class Chapter:
    """One exercise of a class."""

    exercise: str
    title: str
    grades: Sequence[Grade]
    bins: Sequence[int]
    lines: Sequence[Line]
    causes: Sequence[tuple[str, int]]

    @property
    def graded(self) -> list[Grade]:
        """Those who have a grade."""
        return [grade for grade in self.grades if grade.score is not None]

    @property
    def ungraded(self) -> list[Grade]:
        """Those who have none, of whom the page tells why."""
        return [grade for grade in self.grades if grade.score is None]

    @property
    def passed(self) -> int:
        """How many passed."""
        return sum(1 for grade in self.grades if grade.passed)

    @property
    def median(self) -> Decimal | None:
        """The percentage in the middle."""
        shares = sorted(grade.percent for grade in self.graded if grade.percent is not None)
        return shares[len(shares) // 2] if shares else None


def chapter(exercise: str, title: str, grades: Sequence[Grade]) -> Chapter:
    """Return what the page says of one exercise."""
    bins = [0] * _BINS
    for grade in grades:
        if grade.percent is not None:
            bins[min(_BINS - 1, int(grade.percent * _BINS / 100))] += 1
    return Chapter(exercise, title, grades, bins, _lines(grades), _causes(grades))


def page(chapters: Sequence[Chapter], flags: Sequence[Flag], link: Callable[[Grade], str | None], made_at: str) -> str:
    """Return the page; `link` tells where a learner's report is."""
    from grader.reporters.pages import beside, rendered

    style, script = (beside(_TEMPLATES, name) for name in ("cohort.css", "cohort.js"))
    return rendered(
        _TEMPLATES,
        "cohort.html.jinja",
        style,
        script,
        chapters=chapters,
        flags=flags,
        link=link,
        made_at=made_at,
        told_bins=_told_bins,
        told_faults=told_faults,
    )


def _told_bins(bins: Sequence[int]) -> str:
    """Return the distribution in words, for whoever hears the page."""
    parts = (f"{number} from {place * 100 // _BINS} %" for place, number in enumerate(bins) if number)
    return f"Learners by percentage: {', '.join(parts) or 'none'}"


def _lines(grades: Sequence[Grade]) -> list[Line]:
    outcomes: dict[str, Counter[str]] = {}
    titles: dict[str, str] = {}
    for grade in grades:
        for check in grade.checks:
            titles[check["id"]] = check["title"]
            outcomes.setdefault(check["id"], Counter())[_outcome(check)] += 1
    return [
        Line(id_, titles[id_], *(found[word] for word in ("passed", "partly", "failed", "skipped", "error")))
        for id_, found in outcomes.items()
    ]


def _outcome(check: Mapping[str, object]) -> str:
    status = str(check["status"])
    return "partly" if status == "failed" and check["score"] else status


def _causes(grades: Sequence[Grade]) -> list[tuple[str, int]]:
    """Return the causes most met, each with the number of learners who have it."""
    met = Counter(
        cause
        for grade in grades
        for cause in {check["cause"] for check in grade.checks if check["status"] == "failed" and check["cause"]}
    )
    return sorted(met.items(), key=lambda pair: (-pair[1], pair[0]))[:_MOST_CAUSES]
