"""Looks at what was handed in to Gradescope before it is judged: one file of evidence, of this exercise.

Anything else is no reason for a zero: there is no score, the learner reads which file to hand in, and the code is that
of a report that is not complete.
"""

import json
import sys
from pathlib import Path

from grader import store
from grader.errors import EvidenceError

_INCOMPLETE = 3


def complaint(exercise: str, files: list[Path]) -> str:
    """Return what is wrong with what was handed in; nothing where it can be judged."""
    if len(files) != 1:
        held = f"there are {len(files)}: {', '.join(sorted(file.name for file in files))}" if files else "there is none"
        return f"One file that ends in .json is judged, and {held}."
    try:
        taken = store.load(files[0]).exercise
    except EvidenceError as fault:
        return f"{fault}.".replace(str(files[0]), files[0].name)
    return "" if taken == exercise else f"{files[0].name} was taken for another exercise, {taken}."


def main(exercise: str, results: str, *files: str) -> int:
    """Write what is wrong into the results, without a score; return 0 where nothing is."""
    said = complaint(exercise, [Path(file) for file in files])
    if not said:
        return 0
    advice = f"Hand in the file of your build of {exercise}, which this makes: grade snapshot {exercise} -o me.json"
    output = f"Not graded, and this costs no marks: {said} {advice}"
    Path(results).write_text(json.dumps({"output": output, "output_format": "text", "visibility": "visible"}) + "\n")
    sys.stderr.write(f"{output}\n")
    return _INCOMPLETE


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
