"""Checks within checks: what they are worth, what of them is looked at, and how they are written."""

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator, ValidationError

from grader.evaluate import evaluate
from grader.judging.sketch import Net, Place, Sketch
from grader.models.report import CheckResult
from grader.rubric.load import loads
from grader.rubric.model import Loaded
from grader.rubric.schema import rubric_schema

ON_THREE = {"kind": "attached", "role": "web", "to": ["a", "b", "c"]}
ON_D_AND_E = {"kind": "attached", "role": "web", "to": ["d", "e"]}
PUBLISHED = {"kind": "publishes", "role": "web", "port": 80}
REACHES = {"kind": "reaches", "from": "web", "to": "db", "port": 80}


def _loaded(kind: str, *of: Mapping[str, object], **common: object) -> Loaded:
    check = {"id": "n", "kind": kind, "points": 10, "of": of, **common}
    rubric = {"version": 1, "title": "T", "roles": {"web": {"listens": 80}, "db": {}}, "checks": [check]}
    return loads(json.dumps(rubric), "r.yaml")


def _judged(loaded: Loaded, *places: Place) -> CheckResult:
    sketch = Sketch(tuple(Net(name) for name in "abcde"), places)
    (result,) = evaluate(loaded, sketch.evidence(loaded.rubric.wants, roles=("web", "db"))).checks
    return result


def test_any_of_takes_the_nearest_way_and_names_the_others() -> None:
    found = _judged(_loaded("any_of", PUBLISHED, ON_D_AND_E, ON_THREE), Place("web", on=("a", "b", "d")))
    assert (found.score, found.cause) == (Decimal("6.67"), "web is not on c")
    assert found.evidence == (
        "this would do as well: web's port 80 is published",
        "this would do as well: web on d and e",
    )


def test_any_of_takes_the_first_of_ways_that_are_equally_near() -> None:
    assert _judged(_loaded("any_of", ON_D_AND_E, PUBLISHED), Place("web")).cause == "web is not on d"


def test_any_of_without_partial_is_all_or_nothing() -> None:
    found = _judged(_loaded("any_of", PUBLISHED, ON_THREE, partial=False), Place("web", on=("a", "b")))
    assert found.status == "failed"
    assert found.score == 0


@pytest.mark.parametrize(("partial", "status"), [(True, "error"), (False, "failed")])
def test_a_way_that_is_lost_anyway_leaves_no_doubt_where_parts_earn_nothing(partial: bool, status: str) -> None:
    both: dict[str, object] = {"kind": "all_of", "of": [REACHES, ON_THREE]}
    loaded = _loaded("any_of", both, ON_D_AND_E, partial=partial)
    assert _judged(loaded, Place("web", on=("a",), blind=True), Place("db", on=("a",))).status == status


def test_a_way_that_may_yet_pass_counts_before_one_that_is_lost_and_nearer() -> None:
    both: dict[str, object] = {"kind": "all_of", "of": [REACHES, ON_THREE]}
    loaded = _loaded("any_of", both, REACHES | {"port": 81}, partial=False)
    assert _judged(loaded, Place("web", on=("a", "b"), blind=True), Place("db", on=("a",))).status == "error"


def test_all_of_gives_each_part_its_share() -> None:
    found = _judged(_loaded("all_of", PUBLISHED, ON_THREE), Place("web", on=("a", "b")))
    assert found.score == 5
    assert found.cause == "port 80 of web is not published"
    assert found.evidence == ("web is not on c",)


def test_what_they_want_is_what_their_parts_want() -> None:
    wants = _loaded("any_of", {"kind": "all_of", "of": [REACHES, PUBLISHED]}, ON_D_AND_E).rubric.wants
    assert wants.edges == {("web", "db", 80)}
    assert wants.networks == {"d", "e"}


def test_a_doubt_about_one_role_spoils_only_the_ways_that_need_it() -> None:
    roles = {"web": {"image": "nginx"}, "db": {"listens": 3306}}
    ways = [{"kind": "container", "role": "db"}, {"kind": "attached", "role": "web", "to": ["a"]}]
    check = {"id": "n", "kind": "any_of", "points": 1, "of": ways}
    loaded = loads(json.dumps({"version": 1, "title": "T", "roles": roles, "checks": [check]}), "r.yaml")
    sketch = Sketch((Net("a"),), (Place("front", "nginx", on=("a",)), Place("hidden", on=("a",), blind=True)))
    (found,) = evaluate(loaded, sketch.evidence(loaded.rubric.wants)).checks
    assert found.status == "passed"


def test_they_survive_the_way_to_yaml_and_back() -> None:
    first = _loaded("any_of", {"kind": "all_of", "of": [REACHES, PUBLISHED]}, ON_D_AND_E).rubric
    plain = json.loads(first.model_dump_json(by_alias=True, exclude_none=True))
    checks = [check | {"points": float(check["points"])} for check in plain["checks"]]
    text = yaml.safe_dump(plain | {"pass_mark": 80, "checks": checks})
    assert loads(text, "r.yaml").rubric == first


@pytest.mark.parametrize("spoilt", [{"points": 1}, {"id": "x"}, {"hints": []}, {"port": 0}, {"kind": "publshes"}])
def test_the_schema_looks_within(spoilt: dict[str, object]) -> None:
    Draft202012Validator(rubric_schema()).validate(_rubric({}))
    with pytest.raises(ValidationError):
        Draft202012Validator(rubric_schema()).validate(_rubric(spoilt))


def test_many_levels_are_read_in_a_moment() -> None:
    """Each level looks into the next once; if it were twice, twelve levels would be thousands of looks."""
    inner: dict[str, Any] = PUBLISHED
    for _ in range(12):
        inner = {"kind": "any_of", "of": [inner, REACHES]}
    assert _loaded("any_of", inner, REACHES).rubric.wants.ports == {80}


def _rubric(more: dict[str, object]) -> dict[str, object]:
    inner = {"kind": "all_of", "of": [PUBLISHED | more, REACHES]}
    check = {"id": "n", "kind": "any_of", "points": 1, "of": [inner, ON_THREE]}
    return {"version": 1, "title": "T", "roles": {"web": {}, "db": {}}, "checks": [check]}
