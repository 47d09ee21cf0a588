"""Every fault of a rubric is told of at its line and column, in plain words."""

from typing import TYPE_CHECKING

import pytest
import yaml
from pydantic import Field

from grader.checks import kinds
from grader.errors import RubricError
from grader.models.base import Frozen
from grader.rubric import tree
from grader.rubric.load import loads
from grader.rubric.schema import rubric_schema_text
from grader.rubric.shape import validated
from grader.rubric.wording import PATTERNS
from tests.rubric import broken

if TYPE_CHECKING:
    from grader.rubric.problems import Problem


@pytest.mark.parametrize("name", broken.ALL)
def test_a_broken_rubric_says_what_is_wrong_and_where(name: str) -> None:
    case = broken.ALL[name]
    with pytest.raises(RubricError) as caught:
        loads(case.text, "r.yaml")
    assert str(caught.value) == case.message
    assert caught.value.exit_code == 2


@pytest.mark.parametrize("name", broken.ALL)
def test_the_parser_written_in_python_says_the_same_on_the_same_line(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """PyYAML comes without libyaml on some platforms; columns of syntax errors may differ by one there."""
    monkeypatch.setattr(tree, "_PARSER", yaml.SafeLoader)
    monkeypatch.setattr(tree, "MOST_NODES", 1000)  # its speed is not what is tested here
    case = broken.ALL[name]
    with pytest.raises(RubricError) as caught:
        loads(case.text, "r.yaml")
    if name != "many values":
        assert _without_columns(str(caught.value)) == _without_columns(case.message)


def test_aliases_that_multiply_are_stopped() -> None:
    rows = "".join(
        f"{new}: &{new} [{','.join([f'*{old}'] * 10)}]\n" for old, new in zip("abcdefg", "bcdefgh", strict=True)
    )
    with pytest.raises(RubricError, match=r"r\.yaml:1:\d+: with its aliases, the file has more than 100,000 values"):
        loads(f"a: &a [x,x,x,x,x,x,x,x,x,x]\n{rows}", "r.yaml")


def test_aliases_that_nest_are_stopped() -> None:
    rows = "".join(f"- &a{level + 1} [*a{level}]\n" for level in range(40))
    with pytest.raises(RubricError, match="with its aliases, this is nested more than 32 levels deep"):
        loads(f"- &a0 [x]\n{rows}", "r.yaml")


def test_only_the_first_faults_of_a_hopeless_file_are_told() -> None:
    rows = "".join(f"k{number}: 1\n" for number in range(100))
    with pytest.raises(RubricError) as caught:
        loads(rows, "r.yaml")
    lines = str(caught.value).splitlines()
    assert (len(lines), lines[-1]) == (51, "and more")


def test_a_long_circle_is_cut() -> None:
    rows = (f"- {{id: c{n}, kind: network, network: n{n}, points: 1, needs: [c{(n + 1) % 50}]}}" for n in range(50))
    with pytest.raises(RubricError, match=r"`c0` needs `c1` .* needs `c8` needs `…` needs `c0`$"):
        loads("\n".join(["version: 1", "title: T", "checks:", *rows]), "r.yaml")


def test_thousands_of_faults_take_no_longer_than_fifty() -> None:
    """Looking for the nearest of thousands of words, thousands of times, took minutes."""
    rows = (f"- {{id: c{n}, kind: network, network: n{n}, needs: [x{n}]}}" for n in range(7000))
    with pytest.raises(RubricError) as caught:
        loads("\n".join(["version: 1", "title: T", "checks:", *rows]), "r.yaml")
    assert len(str(caught.value).splitlines()) == 51


def test_long_and_odd_words_of_the_file_are_cut_and_kept_on_one_line() -> None:
    with pytest.raises(RubricError) as caught:
        loads(f'version: 1\ntitle: T\n"\\n{"x" * 99}": 1\nchecks: []\n', "r.yaml")
    first, _ = str(caught.value).splitlines()
    assert f"has no key `{' ' + 'x' * 39}…`" in first


def test_every_pattern_of_the_models_has_words() -> None:
    schema = yaml.safe_load(rubric_schema_text())
    patterns = {
        part["pattern"]
        for definition in (schema, *schema["$defs"].values())
        for field in definition["properties"].values()
        for part in (field, field.get("items", {}))
        if "pattern" in part
    }
    assert patterns == set(PATTERNS)
    assert len(kinds()) >= 10


def test_the_keys_of_one_model_are_not_offered_for_another_inside_it() -> None:
    problems: list[Problem] = []
    node = yaml.compose("inner: {lable: 1}")
    assert isinstance(node, yaml.MappingNode)
    assert validated(_Outer, {"inner": {"lable": 1}}, node, "this", problems) is None
    assert [problem.text for problem in problems] == ["this lacks the key `depth`", "this has no key `lable`"]


class _Inner(Frozen):
    depth: int = Field(description="How deep it is.")


class _Outer(Frozen):
    inner: _Inner
    label: str = Field(default="", description="What it is called.")


def _without_columns(message: str) -> list[str]:
    parts = [line.split(":", 3) for line in message.splitlines()]
    return [f"{file}:{line}:{text}" for file, line, _, text in parts]
