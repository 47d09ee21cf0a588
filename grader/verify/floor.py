"""What earns nothing: an engine on which nobody has built anything."""

from grader.evaluate import evaluate
from grader.models.report import Report
from grader.rubric.model import Loaded
from grader.verify import engines


def on_empty_engine(loaded: Loaded) -> Report:
    """Return the verdict on engines on which nothing was built."""
    return evaluate(loaded, engines.empty(loaded.rubric))
