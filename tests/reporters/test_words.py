"""Strangers' text, and numbers."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.reporters.words import clean, number


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("plain", "plain"),
        ("two\r\n lines\tand", "two lines and"),
        ("\x1b[31mred", r"\x1b[31mred"),
        ("zero\u200bwidth", r"zero\u200bwidth"),
        ("\u202eexe", r"\u202eexe"),
        ("[red]:smile:", "[red]:smile:"),
        ("日本", "日本"),
    ],
)
def test_what_hides_shows_itself(raw: str, shown: str) -> None:
    assert clean(raw) == shown


def test_long_text_is_cut_and_says_so() -> None:
    assert clean("x" * 4096, longest=10) == "xxxxxxxxx…"


@given(st.text(max_size=1000), st.sampled_from(["ascii", "latin-1", "cp1252", "utf-8"]))
def test_clean_text_fits_its_encoding(text: str, encoding: str) -> None:
    assert clean(text, encoding).encode(encoding).decode(encoding).isprintable()


@pytest.mark.parametrize(
    ("value", "shown"),
    [(Decimal(8), "8"), (Decimal("2.50"), "2.5"), (1 / 3, "0.33"), (100.0, "100"), (Decimal(0), "0")],
)
def test_numbers_have_no_needless_digits(value: Decimal | float, shown: str) -> None:
    assert number(value) == shown
