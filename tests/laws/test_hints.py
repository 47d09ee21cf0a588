"""Hints: whatever was built, each failure is in a state that its check declares, and has a hint or says what to do."""

from hypothesis import given, settings

from grader.judging.states import TELLING
from tests.flagship import RUBRIC
from tests.laws.builds import any_build
from tests.laws.model import Build
from tests.laws.reports import judged

_MAY = {check.id: check.may_be_in() for check in RUBRIC.rubric.checks}


@given(build=any_build())
@settings(max_examples=150)
def test_every_failure_has_a_state_and_help(build: Build) -> None:
    for check in judged(build).checks:
        if check.status != "failed":
            assert (check.state, check.hints) == (None, ())
            continue
        assert check.state in _MAY[check.id], check.cause
        assert check.state in TELLING or check.hints
        assert check.hint == next(iter(check.hints), None)
