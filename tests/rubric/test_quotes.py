"""Every mark is asked for in the brief."""

import pytest

from grader.rubric.load import loads
from grader.rubric.quotes import unquoted

BRIEF = """# Lab

- Create a network called
  `front`, a **bridge**.
"""


@pytest.mark.parametrize(
    ("quote", "points", "found"),
    [
        ("Create a network called front, a bridge", 5, True),
        ("  a network *called*\n `front`,", 5, True),
        ("create a network", 5, False),
        ("a network called back", 5, False),
        ("", 5, False),
        (" ** ", 5, False),
        ("", 0, True),
        ("a network called back", 0, True),
    ],
)
def test_a_quote_is_found_whatever_its_line_breaks_and_markup(quote: str, points: int, found: bool) -> None:
    text = (
        "version: 1\ntitle: T\nchecks:\n"
        "- {id: other, kind: network, network: x, points: 1, brief: Create a network}\n"
        f"- {{id: a, kind: network, network: n, points: {points}, brief: {quote!r}}}\n"
    ).replace("\\n", " ")
    missing = unquoted(loads(text, "r.yaml").rubric, BRIEF)
    assert [check.id for check in missing] == ([] if found else ["a"])
