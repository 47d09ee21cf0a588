"""Whether rubrics hold, as one self-contained page."""

from collections.abc import Sequence

from jinja2 import Environment, PackageLoader, StrictUndefined

from grader.models.verification import Verification
from grader.reporters.verification.matrix import rows


def page(found: Sequence[Verification]) -> str:
    """Return the page; names of strangers stay text."""
    loader = PackageLoader("grader.reporters.verification", "templates")
    environment = Environment(
        loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    return environment.get_template("page.html.jinja").render(exercises=[(each, rows(each)) for each in found])
