"""What is remembered of a learner between two runs: JSON files in a folder of their own, which go nowhere.

Nothing depends on them: what cannot be read counts as empty, and what cannot be written is forgotten.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from grader.errors import OutputError
from grader.files import write_whole

_LARGEST = 4 * 2**20


def folder() -> Path:
    """Return the folder, which need not exist: `$XDG_STATE_HOME/grade` or this system's own place."""
    from platformdirs import user_state_path

    return user_state_path("grade", appauthor=False)


def read(name: str) -> dict[str, Any]:
    """Return what a file of the folder holds; empty where it is missing, damaged or no JSON object."""
    path = folder() / name
    try:
        if path.stat().st_size > _LARGEST:
            return {}
        held = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return held if isinstance(held, dict) else {}


def write(name: str, held: Mapping[str, object]) -> bool:
    """Write a file of the folder, whole or not at all, and return whether that was possible."""
    path = folder() / name
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_whole(path, json.dumps(held, indent=1) + "\n")
    except (OSError, OutputError):
        return False
    return True
