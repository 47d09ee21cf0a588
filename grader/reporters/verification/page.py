"""Whether rubrics hold, as one self-contained page."""

from collections.abc import Sequence

from grader.models.verification import Verification
from grader.reporters.pages import rendered, style_of
from grader.reporters.verification.matrix import rows

_TEMPLATES = "grader.reporters.verification"


def page(found: Sequence[Verification]) -> str:
    """Return the page; names of strangers stay text."""
    exercises = [(each, rows(each)) for each in found]
    return rendered(_TEMPLATES, "page.html.jinja", style_of(_TEMPLATES, "page.css"), exercises=exercises)
