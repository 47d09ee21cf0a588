"""The JSON contract: its keys, its numbers, and the schema that is published for it."""

import json
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from grader.reporters import written
from grader.reporters.schema import report_schema_text

from . import samples
from .flagship import CHECKS
from .golden import GOLDEN, assert_golden

_KEYS = [
    "schema",
    "exercise",
    "title",
    "rubric",
    "tool_version",
    "hosts",
    "started_at",
    "duration_s",
    "complete",
    "score",
    "max_score",
    "percent",
    "passed",
    "roles",
    "checks",
]
_CHECK_KEYS = [
    "id",
    "kind",
    "title",
    "status",
    "score",
    "max_score",
    "expected",
    "actual",
    "cause",
    "hint",
    "waits_for",
    "evidence",
]


def _content(case: str) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(written(samples.SAMPLES[case](), "json"))
    return content


def _validator() -> Draft202012Validator:
    Draft202012Validator.check_schema(json.loads(report_schema_text()))
    return Draft202012Validator(json.loads(report_schema_text()), format_checker=Draft202012Validator.FORMAT_CHECKER)


def test_the_committed_schema_is_the_generated_one() -> None:
    path = Path(str(files("grader.reporters") / "report.schema.json"))
    assert_golden(path, report_schema_text())


@pytest.mark.parametrize("case", samples.SAMPLES)
def test_every_report_keeps_to_the_schema(case: str) -> None:
    _validator().validate(_content(case))


def test_the_keys_are_those_of_the_contract_in_their_order() -> None:
    content = _content("one-fault")
    assert list(content) == _KEYS
    assert [list(check) for check in content["checks"]] == [_CHECK_KEYS] * len(CHECKS)


def test_a_report_looks_as_reviewed() -> None:
    assert_golden(GOLDEN / "one-fault.json", written(samples.one_fault(), "json"))


def test_points_are_floats_and_a_report_without_verdict_has_nulls() -> None:
    content = _content("incomplete")
    assert isinstance(content["score"], float)
    assert isinstance(content["checks"][0]["max_score"], float)
    assert (content["complete"], content["percent"], content["passed"]) == (False, None, None)


def test_any_pipe_can_carry_it() -> None:
    text = written(samples.hostile(), "json")
    assert text.isascii()
    assert text.endswith("}\n")
    assert "\x1b" not in text


@pytest.mark.parametrize("key", _KEYS)
def test_a_missing_key_is_caught(key: str) -> None:
    content = _content("full-marks")
    del content[key]
    assert not _validator().is_valid(content)


@pytest.mark.parametrize("key", _CHECK_KEYS)
def test_a_missing_key_of_a_check_is_caught(key: str) -> None:
    content = _content("full-marks")
    del content["checks"][0][key]
    assert not _validator().is_valid(content)


@pytest.mark.parametrize("where", ["report", "check", "role", "host", "rubric"])
def test_an_extra_key_is_caught(where: str) -> None:
    content = _content("full-marks")
    places = {
        "report": content,
        "check": content["checks"][0],
        "role": content["roles"]["nginx"],
        "host": content["hosts"]["default"],
        "rubric": content["rubric"],
    }
    places[where]["more"] = 1
    assert not _validator().is_valid(content)


@pytest.mark.parametrize(("key", "value"), [("status", "blocked"), ("score", "4"), ("waits_for", None)])
def test_a_wrong_value_is_caught(key: str, value: object) -> None:
    content = _content("full-marks")
    content["checks"][0][key] = value
    assert not _validator().is_valid(content)
