"""Checks that no build can pass, as far as it can be told without one."""

from collections.abc import Callable, Iterator

from grader.models.verification import Finding
from grader.verify.demands import Demands
from grader.verify.rules import barred, paths
from grader.verify.rules.barred import Bar
from grader.verify.subject import Subject

BARS: tuple[Callable[[Demands], Iterator[Bar]], ...] = (
    barred.networks,
    barred.modes,
    barred.placements,
    barred.values,
    paths.between_roles,
    paths.published,
    paths.from_outside,
)


def unpassable(subject: Subject) -> Iterator[Finding]:
    """Find checks that no build can pass, and those that wait for one of them."""
    bars = [bar for find in BARS for bar in find(subject.demands)]
    for bar in (*bars, *_waiting(subject, {bar.check.id for bar in bars})):
        text = f"no build can pass `{bar.check.id}`: {bar.why}"
        yield Finding(*subject.at(bar.check, *bar.path), "unpassable", text, bar.remedy)


def _waiting(subject: Subject, hopeless: set[str]) -> Iterator[Bar]:
    """Yield the checks that need a hopeless one, which makes them hopeless, too."""
    for _ in subject.rubric.checks:  # the longest chain of needs is no longer than that
        for check in subject.rubric.checks:
            lost = next((index for index, need in enumerate(check.needs) if need in hopeless), None)
            if lost is not None and check.id not in hopeless:
                hopeless.add(check.id)
                yield Bar(check, ("needs", lost), f"it waits for `{check.needs[lost]}`", "mend that one")
