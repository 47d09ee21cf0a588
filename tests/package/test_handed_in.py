"""What Gradescope is told of a file that cannot be judged: what to hand in, and no score."""

import json
from pathlib import Path

import pytest

from grader.package.handed_in import main

EVIDENCE = Path(__file__).parents[1] / "verdicts" / "evidence"
RIGHT = EVIDENCE / "dns-nothing-built.json"


def handed_in(folder: Path, *files: Path, exercise: str = "dns") -> tuple[int, str]:
    results = folder / "results.json"
    code = main(exercise, str(results), *map(str, files))
    if not results.exists():
        return code, ""
    told = json.loads(results.read_text())
    assert told.keys() == {"output", "output_format", "visibility"}
    return code, told["output"]


def test_what_can_be_judged_is_not_spoken_of(tmp_path: Path) -> None:
    assert handed_in(tmp_path, RIGHT) == (0, "")


@pytest.mark.parametrize(
    ("files", "told"),
    [
        ([], "and there is none."),
        ([RIGHT, RIGHT], "there are 2: dns-nothing-built.json, dns-nothing-built.json"),
        ([EVIDENCE / "addressing-nothing-built.json"], "addressing-nothing-built.json was taken for another exercise"),
        ([EVIDENCE / "gone.json"], "Not graded, and this costs no marks: gone.json cannot be read"),
        ([Path(__file__)], "test_handed_in.py is damaged or cut short"),
    ],
)
def test_anything_else_has_no_score_and_says_what_to_hand_in(tmp_path: Path, files: list[Path], told: str) -> None:
    code, output = handed_in(tmp_path, *files)
    assert code == 3
    assert told in output
    assert "grade snapshot dns -o me.json" in output
