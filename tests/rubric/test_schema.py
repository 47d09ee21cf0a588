"""The JSON Schema follows the models, and says no to what the loader says no to."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator, ValidationError

from grader.checks import kinds
from grader.rubric.schema import rubric_schema, rubric_schema_text
from tests.rubric.broken import SHAPE

RUBRICS = Path(__file__).parents[2] / "rubrics"
WRITE_ANEW = "write it anew: python -m grader.rubric.schema > rubrics/rubric.schema.json"


def test_the_committed_schema_is_the_generated_one() -> None:
    assert (RUBRICS / "rubric.schema.json").read_text(encoding="utf-8") == rubric_schema_text(), WRITE_ANEW


def test_the_module_prints_the_schema() -> None:
    run = subprocess.run(
        [sys.executable, "-W", "error", "-m", "grader.rubric.schema"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stdout == rubric_schema_text()


def test_the_schema_is_one_and_describes_itself() -> None:
    schema = rubric_schema()
    Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    for part in (schema, *schema["$defs"].values()):
        assert part["title"]
        assert part["description"]
        assert part["additionalProperties"] is False
        assert all(field["description"] for field in part["properties"].values())


def _fields() -> list[tuple[str, str, dict[str, Any]]]:
    schema = rubric_schema()
    parts = {"": schema, **schema["$defs"]}
    return [(part, name, field) for part, each in parts.items() for name, field in each["properties"].items()]


def test_every_field_has_examples_that_it_takes() -> None:
    """But for those that can hold one word only."""
    schema = rubric_schema()
    bare = [(part, name) for part, name, field in _fields() if not field.get("examples") and "const" not in field]
    assert bare == []
    for part, name, field in _fields():
        check = Draft202012Validator({**field, "$defs": schema["$defs"]})
        wrong = [each for each in field.get("examples", ()) if not check.is_valid(each)]
        assert wrong == [], f"{part}.{name}"


def test_each_kind_has_its_own_definition() -> None:
    schema = rubric_schema()
    told = schema["properties"]["checks"]["items"]["discriminator"]["mapping"]
    words = {word: schema["$defs"][ref.rpartition("/")[2]]["properties"]["kind"]["const"] for word, ref in told.items()}
    assert words == {word: word for word in kinds()}


@pytest.mark.parametrize("path", sorted(RUBRICS.glob("*.yaml")), ids=lambda path: path.stem)
def test_our_rubrics_are_valid_and_say_so_to_editors(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    _validate(yaml.safe_load(text))
    assert text.startswith("# yaml-language-server: $schema=rubric.schema.json\n")


def test_unknown_keys_are_refused_everywhere() -> None:
    for place in ((), ("roles", "web"), ("checks", 0)):
        rubric = _rubric()
        _inside(rubric, place)["surprise"] = 1
        with pytest.raises(ValidationError):
            _validate(rubric)


def test_unknown_kinds_and_names_of_roles_are_refused() -> None:
    for place, key, value in ((("checks", 0), "kind", "netwrok"), (("roles",), "Not_A_Name", {})):
        rubric = _rubric()
        _inside(rubric, place)[key] = value
        with pytest.raises(ValidationError):
            _validate(rubric)


@pytest.mark.parametrize("name", [name for name in SHAPE if name != "nothing"])
def test_what_the_loader_says_of_keys_and_types_the_schema_says_too(name: str) -> None:
    """Decimals are left to the loader: 0.07 is no multiple of 0.01 in binary fractions."""
    with pytest.raises(ValidationError):
        _validate(yaml.safe_load(SHAPE[name].text))


def _validate(rubric: object) -> None:
    Draft202012Validator(json.loads(rubric_schema_text())).validate(rubric)


def _rubric() -> dict[str, Any]:
    rubric = {
        "version": 1,
        "title": "T",
        "roles": {"web": {"image": "nginx"}},
        "checks": [{"id": "a", "kind": "image", "role": "web", "image": "nginx", "points": 1.25}],
    }
    _validate(rubric)
    return rubric


def _inside(rubric: Any, place: tuple[str | int, ...]) -> Any:
    for step in place:
        rubric = rubric[step]
    return rubric
