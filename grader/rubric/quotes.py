"""Whether every mark is asked for: the quotes of a rubric against the brief that learners read."""

import re

from grader.checks.base import Check
from grader.rubric.model import Rubric


def unquoted(rubric: Rubric, brief_text: str) -> list[Check]:
    """Return the checks with points whose quote is missing, or not to be found in the brief.

    How lines are broken and what is set in bold, italics or as code makes no difference; letter case does.
    """
    brief = _normal(brief_text)
    quotes = ((check, _normal(check.brief)) for check in rubric.checks if check.points > 0)
    return [check for check, quote in quotes if not quote or quote not in brief]


def _normal(text: str) -> str:
    return " ".join(re.sub(r"[`*]", "", text).split())
