"""Who plays which role is seen without any label, as long as a build is nearly right."""

from hypothesis import given, settings

from tests.laws.builds import nearly_right
from tests.laws.model import Build
from tests.laws.reports import cast, judged, meant


@given(build=nearly_right(labelled=False, most=1))
@settings(max_examples=100)
def test_one_change_hides_nobody(build: Build) -> None:
    """In a shared sandbox a socket may be anybody's who lives there: that may be ambiguous, but never mistaken."""
    found, wanted = cast(judged(build)), meant(build)
    shared = any(box.mode.startswith("in:") for box in build.boxes)
    wrong = [role for role in wanted if found[role] != wanted[role] and not (shared and found[role] is None)]
    assert wrong == []
