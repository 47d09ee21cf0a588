"""Files that hold what is expected; GRADE_UPDATE_GOLDEN=1 writes them anew for a reviewer to read."""

import os
from pathlib import Path

GOLDEN = Path(__file__).parent / "golden"


def assert_golden(path: Path, text: str) -> None:
    """Compare with what a file holds, or replace that where an update is asked for."""
    if os.environ.get("GRADE_UPDATE_GOLDEN") == "1":
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
    known = path.read_text(encoding="utf-8")
    assert text == known, f"{path.name} differs; GRADE_UPDATE_GOLDEN=1 accepts the change"
