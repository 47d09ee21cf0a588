"""Every example of every kind of check, from its rubric text to its line of the report."""

import json

import pytest

from grader.checks import kind_word, kinds
from grader.checks.base import Check, Example
from grader.evaluate import evaluate
from grader.rubric.load import loads
from grader.rubric.model import Loaded

PROBING = ("resolves", "reaches", "unreachable", "http", "isolated", "any_of", "all_of", "dns", "sandbox")
EXAMPLES = [(kind, example) for kind in kinds().values() for example in kind.examples]


@pytest.mark.parametrize(
    ("kind", "example"),
    [pytest.param(*pair, id=f"{kind_word(pair[0])}: {pair[1].story}") for pair in EXAMPLES],
)
def test_an_example_is_judged_as_it_says(kind: type[Check], example: Example) -> None:
    loaded = loaded_example(kind, example)
    (check,) = loaded.rubric.checks
    report = evaluate(loaded, example.build.evidence(loaded.rubric.wants, roles=check.roles()))
    (result,) = report.checks
    assert result.status == example.outcome, result
    assert result.expected
    assert result.actual
    assert bool(result.cause) == (example.outcome != "passed")
    assert report.complete == (example.outcome != "error")


@pytest.mark.parametrize("word", kinds())
def test_a_kind_shows_what_passes_and_what_fails(word: str) -> None:
    outcomes = {example.outcome for example in kinds()[word].examples}
    assert outcomes >= ({"passed", "failed", "error"} if word in PROBING else {"passed", "failed"})


@pytest.mark.parametrize("word", kinds())
def test_the_stories_of_a_kind_tell_its_examples_apart(word: str) -> None:
    stories = [example.story for example in kinds()[word].examples]
    assert len(set(stories)) == len(stories)


@pytest.mark.parametrize("word", kinds())
def test_a_kind_and_its_keys_are_described(word: str) -> None:
    kind = kinds()[word]
    assert kind.__doc__
    bare = [name for name, field in kind.model_fields.items() if not field.description and name != "kind"]
    assert bare == []


def test_every_file_beside_the_base_is_one_kind_named_for_it() -> None:
    assert {word: kind.__module__.rpartition(".")[2] for word, kind in kinds().items()} == {
        word: word for word in kinds()
    }


def loaded_example(kind: type[Check], example: Example) -> Loaded:
    """Return the rubric that an author would write for the example."""
    entry = {"id": "example", "kind": kind_word(kind), "points": 1, **example.rubric}
    roles: dict[str, object] = {role: {} for role in kind.model_validate(entry).roles()}  # JSON is YAML
    hosts = [*example.build.engines, *filter(None, [entry.get("host")])]
    rubric = {"version": 1, "title": "Example", "hosts": list(dict.fromkeys(hosts)), "roles": roles, "checks": [entry]}
    return loads(json.dumps(rubric), "example.yaml")
