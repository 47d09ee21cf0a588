"""Whether rubrics hold, as one self-contained page."""

from collections.abc import Sequence

from grader.models.verification import Verification
from grader.reporters.pages import beside, rendered
from grader.reporters.verification.matrix import rows

_TEMPLATES = "grader.reporters.verification"


def page(found: Sequence[Verification]) -> str:
    """Return the page; names of strangers stay text."""
    exercises = [(each, rows(each)) for each in found]
    return rendered(_TEMPLATES, "page.html.jinja", beside(_TEMPLATES, "page.css"), exercises=exercises)
