"""The word for the state of a failure: each kind declares those that its causes carry, and each is met somewhere."""

from collections import defaultdict
from collections.abc import Iterator
from functools import cache

import pytest

from grader import store
from grader.checks import kinds
from grader.course import builtin
from grader.evaluate import scene_of
from grader.judging.states import MEANINGS, TELLING, WORDS
from grader.judging.verdict import Part, Telling
from grader.models.evidence import Evidence
from grader.rubric.load import load
from grader.rubric.model import Loaded
from tests.checks.test_examples import EXAMPLES, loaded_example
from tests.verdicts.table import EVIDENCE, builds

UNMET = {"lost", "nodes", "resolver", "twins"}
"""Words for what no example and no build shows."""


def shown() -> Iterator[tuple[Loaded, Evidence]]:
    """Yield every example of every kind, and what an engine showed of every build."""
    for kind, example in EXAMPLES:
        loaded = loaded_example(kind, example)
        yield loaded, example.build.evidence(loaded.rubric.wants, roles=loaded.rubric.checks[0].roles())
    for build in builds():
        yield load(builtin().rubric(build.exercise)), store.load(EVIDENCE / f"{build.exercise}-{build.name}.json")


@cache
def failures() -> dict[str, list[tuple[tuple[str, ...], Part]]]:
    """Return by kind what each failed check may be in, and the parts that failed."""
    found: dict[str, list[tuple[tuple[str, ...], Part]]] = defaultdict(list)
    for loaded, evidence in shown():
        scene = scene_of(loaded, evidence)
        for check in loaded.rubric.checks:
            parts = (part for part in check.verdict(scene) if part.outcome == "failed")
            found[check.kind] += [(check.may_be_in(), part) for part in parts]
    return found


@pytest.mark.parametrize("kind", kinds())
def test_every_failure_is_in_a_state_that_its_check_declares(kind: str) -> None:
    assert failures()[kind]
    for may, part in failures()[kind]:
        assert part.fault is not None, part
        assert part.fault.state in may, part.cause


def test_every_word_is_met_and_has_a_meaning() -> None:
    met = {part.fault.state for each in failures().values() for _, part in each if part.fault}
    assert set(WORDS) - met == UNMET
    assert list(MEANINGS) == list(WORDS)
    assert {word for kind in kinds().values() for word in kind.states} == set(WORDS)


def test_causes_that_say_what_to_do_are_those_of_the_telling_states() -> None:
    faults = [part.fault for each in failures().values() for _, part in each if part.fault]
    assert {fault.state for fault in faults if isinstance(fault, Telling)} == TELLING - UNMET
    assert {fault.state for fault in faults if not isinstance(fault, Telling)}.isdisjoint(TELLING)
