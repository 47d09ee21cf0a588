"""Examples of what a field of a kind of check may hold, taken from the examples of the kind, which run as tests."""

import json
from typing import Any

from grader.checks.base import Check

_MOST = 3


def examples_of(kind: type[Check], name: str) -> list[Any]:
    """Return up to three values that a key has in the kind's examples, as JSON has them."""
    values = [json.loads(json.dumps(each.rubric[name])) for each in kind.examples if name in each.rubric]
    found = [value for place, value in enumerate(values) if value not in values[:place]]
    return found[:_MOST]
