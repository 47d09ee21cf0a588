"""Checks of which one says what another says already: one fault costs its marks twice."""

from collections.abc import Iterator, Mapping

from grader.checks.attached import AttachedCheck
from grader.checks.base import Check
from grader.checks.http import HttpCheck
from grader.checks.image import ImageCheck
from grader.checks.publishes import PublishesCheck
from grader.judging import imageref
from grader.models.verification import Finding
from grader.verify.demands import opens
from grader.verify.subject import Subject

_LOOSE: Mapping[str, Mapping[str, object]] = {
    "network": {"driver": None, "internal": None, "subnet": None},
    "container": {"hostname": None, "network_mode": None},
    "publishes": {"host_port": None, "random": False, "address": "any"},
}
"""Keys of each kind that demand nothing when they have this value."""


def implied(subject: Subject) -> Iterator[Finding]:
    """Find checks that cannot fail unless another one of their kind does."""
    scoring = list(subject.scoring)
    for weak in scoring:
        strong = next((each for each in scoring if each is not weak and implies(each, weak)), None)
        if strong is not None and not (implies(weak, strong) and subject.line(weak) < subject.line(strong)):
            text = f"`{weak.id}` says nothing that `{strong.id}` on line {subject.line(strong)} does not say"
            remedy = "remove it and give its points to the other one, which has parts of its own"
            yield Finding(*subject.at(weak), "duplicate", text, remedy)


def implies(strong: Check, weak: Check) -> bool:
    """Return whether every build with full marks for `strong` has them for `weak`."""
    if isinstance(strong, AttachedCheck) and isinstance(weak, AttachedCheck):
        nested = set(weak.to) <= set(strong.to) and set(weak.without) <= set(strong.without)
        return strong.role == weak.role and nested
    if isinstance(strong, HttpCheck) and isinstance(weak, HttpCheck):
        same = (strong.role, strong.port, strong.path, strong.source) == (weak.role, weak.port, weak.path, weak.source)
        return same and set(strong.status) <= set(weak.status)
    if isinstance(strong, ImageCheck) and isinstance(weak, ImageCheck):
        return strong.role == weak.role and imageref.parse(strong.image).satisfies(imageref.parse(weak.image))
    if isinstance(strong, PublishesCheck) and isinstance(weak, PublishesCheck) and not (opens(strong) and opens(weak)):
        return False
    return strong.kind == weak.kind and _looser(_own(weak), _own(strong), _LOOSE.get(weak.kind, {}))


def _looser(weak: Mapping[str, object], strong: Mapping[str, object], loose: Mapping[str, object]) -> bool:
    return all(value == strong[key] or (key in loose and value == loose[key]) for key, value in weak.items())


def _own(check: Check) -> dict[str, object]:
    return check.model_dump(exclude=set(Check.model_fields))
