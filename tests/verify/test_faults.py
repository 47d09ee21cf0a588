"""Our own rubrics see every fault: on what engines showed of right builds, one fault at a time."""

import pytest

from grader.course import builtin
from grader.verify.operators import operators
from tests.verify.faults import figures, of_exercise, trials

EXERCISES = builtin().names
ENOUGH = 95.0
"""Percent of the faults whose first cause has to name them."""


@pytest.mark.parametrize("exercise", EXERCISES)
def test_no_fault_survives(exercise: str) -> None:
    survivors = {trial.mutant.name for each in of_exercise(exercise) for trial in each.survivors}
    assert survivors == set()
    assert trials(exercise)


@pytest.mark.parametrize("exercise", EXERCISES)
def test_a_fault_costs_nothing_where_it_does_not_belong(exercise: str) -> None:
    beside = {
        trial.mutant.name: sorted(trial.collateral) for each in of_exercise(exercise) for trial in each.collateral
    }
    assert beside == {}


@pytest.mark.parametrize("exercise", EXERCISES)
def test_every_scoring_check_is_proven_by_a_fault(exercise: str) -> None:
    assert [each.unproven for each in of_exercise(exercise) if each.unproven] == []


@pytest.mark.parametrize("exercise", EXERCISES)
def test_the_first_cause_names_the_fault(exercise: str) -> None:
    assert figures(exercise).share >= ENOUGH


def test_every_operator_is_of_use_somewhere() -> None:
    used = {trial.mutant.operator for exercise in EXERCISES for trial in trials(exercise)}
    assert used == set(operators())


def test_a_rubric_that_sees_less_has_survivors() -> None:
    (first, *_) = of_exercise("flask-nginx-mongo")
    blinded = [trial for trial in first.trials if trial.mutant.operator == "image"]
    assert blinded
    assert all(set(trial.lost) == {"mongo-image"} for trial in blinded)
