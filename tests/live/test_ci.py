"""`grade ci` with a real engine: a new course is proven, and what a build shows is told at its line."""

from pathlib import Path

import pytest

from tests.ci.courses import NAME, annotated, course, line_of
from tests.lab import Engine

pytestmark = pytest.mark.live


def test_a_new_course_is_proven_and_a_broken_change_fails_at_its_line(starter: Engine, tmp_path: Path) -> None:
    course(tmp_path)
    args = ("--host", starter.host)
    assert annotated(tmp_path, *args) == (0, [])

    rubric, script = tmp_path / "rubrics" / f"{NAME}.yaml", tmp_path / "reference_solution" / NAME / "run" / "build.sh"
    right = script.read_text()
    script.write_text(right.replace("--network first-steps-net", ""))
    code, found = annotated(tmp_path, *args)
    line = line_of(rubric, "id: web-attached")
    assert (code, [each[:4] for each in found]) == (1, [("error", f"rubrics/{NAME}.yaml", line, "solution")])
    assert "without web-attached" in found[0].text

    script.write_text("echo no such luck >&2; exit 3\n")
    code, found = annotated(tmp_path, *args)
    assert (code, [each[1:4] for each in found]) == (1, [(f"reference_solution/{NAME}/run/build.sh", 1, "solution")])
    assert "no such luck" in found[0].text

    script.write_text(right)
    text = rubric.read_text()
    begin, end = text.index("  - id: web-attached"), text.index("  - id: web-works")
    rubric.write_text(text[:begin] + text[end:])
    code, found = annotated(tmp_path, *args)
    assert code == 1
    assert {each.file for each in found} == {f"rubrics/{NAME}.yaml"}
    assert "survivor" in {each.rule for each in found}
