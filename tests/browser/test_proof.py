"""The page that tells whether rubrics hold, in a real browser: it is built on the same base as the report."""

import pytest

from grader.reporters.verification import page
from tests.browser.conftest import Opener
from tests.browser.test_page import broken_rules
from tests.verify.test_prove import verification

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_it_is_silent_sound_and_fits_a_narrow_window(dark: bool, opened: Opener, axe: str) -> None:
    watched = opened(page([verification()]), width=320, dark=dark)
    assert watched.page.evaluate("document.documentElement.scrollWidth") <= 320
    assert (watched.requests, watched.complaints) == ([], [])
    assert broken_rules(watched.page, axe) == []
