"""Verifications as JSON: what was tried, with the figures that follow from it."""

import json
from collections.abc import Sequence
from typing import Any

from grader.models.verification import Verification


def json_text(found: Sequence[Verification]) -> str:
    """Return a list of all exercises."""
    return json.dumps([_plain(each) for each in found], indent=2, allow_nan=False) + "\n"


def _plain(each: Verification) -> dict[str, Any]:
    return each.model_dump(mode="json", by_alias=True) | {
        "holds": each.holds,
        "mutation_score": each.mutation_score,
        "named_share": each.named_share,
        "survivors": [fault.name for fault in each.survivors],
        "unproven": list(each.unproven),
    }
