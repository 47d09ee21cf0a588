"""The exercises, their briefs and their starters, as a learner without an engine meets them."""

import os
import pty
import re
import select
import shutil
import subprocess
import sys
from collections.abc import Mapping
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from grader.catalogue import catalogue
from grader.course import Course, builtin
from grader.errors import OutputError, UsageError
from grader.reporters.terminal.brief import show_brief
from grader.reporters.terminal.catalogue import show_catalogue
from grader.rubric.load import load
from grader.starting import copy_starter, starter
from grader.topology import wanted
from tests.test_cli import EXERCISE, ROOT, assert_ends, grade

LESSONS = [
    "default-bridge",
    "user-defined-bridge",
    "host-network",
    "none-network",
    "sandbox",
    "addressing",
    "dns",
    "expose-and-publish",
    EXERCISE,
    "isolation",
    "overlay",
]
_ESCAPE = re.compile(r"\x1b\[[0-9;?]*[a-zA-Z]")


def on_a_terminal(*args: str, columns: int = 80, env: Mapping[str, str] | None = None) -> str:
    """Return what the command prints to a terminal of so many columns."""
    plain = {k: v for k, v in os.environ.items() if not k.startswith(("GRADE_", "NO_COLOR", "COLUMNS", "LC_", "LANG"))}
    environment = {**plain, "TERM": "xterm", "LANG": "C.UTF-8", "COLUMNS": str(columns), **(env or {})}
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "grader", *args]
    with subprocess.Popen(command, stdout=theirs, stderr=subprocess.DEVNULL, cwd=ROOT, env=environment) as running:
        os.close(theirs)
        found = b""
        while select.select([ours], [], [], 30)[0]:
            try:
                more = os.read(ours, 65536)
            except OSError:  # Linux tells the end of a terminal this way
                break
            if not more:
                break
            found += more
    os.close(ours)
    assert running.returncode == 0
    return found.decode()


def test_they_come_in_the_order_of_the_lessons_and_say_what_they_teach() -> None:
    entries = catalogue(builtin())
    assert [each.name for each in entries] == LESSONS
    assert [each.name for each in entries if not each.teaches] == []
    assert len({each.teaches for each in entries}) == len(LESSONS)


def test_exercises_without_a_lesson_come_last(tmp_path: Path) -> None:
    (tmp_path / "rubrics").mkdir()
    text = (ROOT / "rubrics/dns.yaml").read_text()
    for name, line in (("a-late-one", ""), ("second", "lesson: 2\n"), ("third", "lesson: 3\n")):
        (tmp_path / f"rubrics/{name}.yaml").write_text(re.sub(r"lesson: \d+\n", line, text))
    (tmp_path / "rubrics/broken.yaml").write_text("version: 2\n")
    assert [each.name for each in catalogue(Course(tmp_path))] == ["second", "third", "a-late-one", "broken"]


@pytest.mark.parametrize("columns", [40, 80, 120])
def test_a_terminal_shows_what_each_teaches_and_what_is_next(columns: int) -> None:
    shown = on_a_terminal("list", columns=columns)
    plain = _ESCAPE.sub("", shown)
    assert "On Docker's own network" in plain
    assert "grade show default-bridge" in plain
    assert max(map(len, plain.splitlines())) <= columns


def test_colour_is_left_out_where_that_is_wished_for() -> None:
    assert "\x1b[3" in on_a_terminal("list")
    assert not re.search(r"\x1b\[[0-9;]*3[0-7]", on_a_terminal("list", env={"NO_COLOR": "1"}))


@pytest.mark.parametrize("exercise", LESSONS)
@pytest.mark.parametrize("args", [["list"], ["show"]])
def test_ascii_will_do(exercise: str, args: list[str]) -> None:
    words = [*args, exercise] if args == ["show"] else args
    shown = on_a_terminal(*words, env={"LANG": "C", "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"})
    assert shown.isascii()


@pytest.mark.parametrize("columns", [50, 80, 120])
@pytest.mark.parametrize("exercise", LESSONS)
def test_a_brief_is_drawn_with_the_target_in_its_place(exercise: str, columns: int) -> None:
    plain = _ESCAPE.sub("", on_a_terminal("show", exercise, columns=columns))
    heads = ("What it is to look like", "What to build", "See how you are doing", "Next")
    places = [plain.index(head) for head in heads]
    assert places == sorted(places)
    assert "target.svg" not in plain
    rubric = load(builtin().rubric(exercise)).rubric
    picture = plain[places[0] : places[1]]
    assert [role for role in rubric.roles if role not in picture] == []
    assert max(map(len, plain.splitlines())) <= columns
    assert f"grade {exercise}" in plain[places[3] :]


def test_a_pipe_gets_the_brief_as_it_stands_in_its_file() -> None:
    done = grade("show", EXERCISE)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith((ROOT / f"exercises/{EXERCISE}/brief.md").read_text())
    assert "\x1b" not in done.stdout
    assert f"grade start {EXERCISE}" in done.stdout


def test_a_brief_cannot_command_the_terminal() -> None:
    file = StringIO()
    console = Console(file=file, width=80, force_terminal=True, color_system="standard", _environ={})
    evil = "# Ti\x1b]0;owned\x07tle\n\n- \x1b[2Jitem\n\n    code \x1b[31m  lined  up\u202e\n"
    show_brief(evil, wanted(load(builtin().rubric(EXERCISE)).rubric), [("grade x", "y")], console)
    assert "\x1b]0;" not in file.getvalue()
    assert "\x1b[2J" not in file.getvalue()
    assert "\u202e" not in file.getvalue()
    assert "\\x1b[2Jitem" in _ESCAPE.sub("", file.getvalue())


def test_an_exercise_without_a_brief_tells_what_its_rubric_asks_for(tmp_path: Path) -> None:
    (tmp_path / "rubrics").mkdir()
    shutil.copy(ROOT / "rubrics/dns.yaml", tmp_path / "rubrics")
    done = grade("show", "dns", "--course", tmp_path)
    assert done.returncode == 0
    assert "- `client` is on `names-net`" in done.stdout or "- client is on names-net" in done.stdout


def test_a_starter_is_copied_whole_and_can_be_worked_on(tmp_path: Path) -> None:
    done = grade("start", EXERCISE, cwd=tmp_path, env={"PYTHONPATH": str(ROOT)})
    assert done.returncode == 0, done.stderr
    source = ROOT / f"exercises/{EXERCISE}"
    files = {p.relative_to(tmp_path).as_posix(): p.read_bytes() for p in tmp_path.rglob("*") if p.is_file()}
    wanted_files = {p.relative_to(source).as_posix(): p.read_bytes() for p in source.rglob("*") if p.is_file()}
    del wanted_files["brief.md"], wanted_files["target.svg"]
    assert files == wanted_files
    assert len(files) >= 5
    assert f"grade show {EXERCISE}" in done.stderr


def test_nothing_is_overwritten_and_nothing_copied_half(tmp_path: Path) -> None:
    course = Course(tmp_path / "course")
    source = course.root / "exercises/lab"
    (source / "app").mkdir(parents=True)
    (source / "app/a.txt").write_text("theirs")
    (source / "compose.yaml").write_text("theirs")
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "compose.yaml").write_text("my own work")
    with pytest.raises(UsageError, match=r"compose\.yaml is in .* already") as caught:
        copy_starter(course, "lab", mine)
    assert "grade start lab my-lab" in caught.value.remedy
    assert [path.name for path in mine.iterdir()] == ["compose.yaml"]
    assert (mine / "compose.yaml").read_text() == "my own work"


def test_a_link_that_leads_nowhere_is_in_the_way_too(tmp_path: Path) -> None:
    (tmp_path / "web").symlink_to(tmp_path / "gone")
    with pytest.raises(UsageError, match="web is in"):
        copy_starter(builtin(), "expose-and-publish", tmp_path)


def test_a_starter_out_of_a_read_only_course_can_be_changed(tmp_path: Path) -> None:
    source = tmp_path / "course/exercises/lab"
    source.mkdir(parents=True)
    (source / "a.txt").write_text("x")
    (source / "a.txt").chmod(0o444)
    (made,) = copy_starter(Course(tmp_path / "course"), "lab", tmp_path / "new/deep")
    assert made.stat().st_mode & 0o200


def test_a_copy_that_fails_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "target"

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(shutil, "copy2", full)
    monkeypatch.setattr(shutil, "copytree", full)
    with pytest.raises(OutputError, match="No space left"):
        copy_starter(builtin(), EXERCISE, target)
    assert not target.exists()
    target.mkdir()
    with pytest.raises(OutputError):
        copy_starter(builtin(), EXERCISE, target)
    assert list(target.iterdir()) == []


def test_an_exercise_without_a_starter_says_so_kindly(tmp_path: Path) -> None:
    done = grade("start", "dns", cwd=tmp_path, env={"PYTHONPATH": str(ROOT)})
    assert (done.returncode, list(tmp_path.iterdir())) == (0, [])
    assert "gives you nothing to begin with" in done.stdout
    assert starter(builtin(), "dns") == ()


@pytest.mark.parametrize("command", ["show", "start", "reset"])
def test_a_wrong_exercise_is_told_with_the_nearest(command: str) -> None:
    assert_ends(grade(command, "flask-ngnix-mongo"), 2, f"did you mean {EXERCISE}?")


def test_the_list_fits_a_hostile_title() -> None:
    file = StringIO()
    console = Console(file=file, width=60, _environ={})
    entries = catalogue(builtin())
    show_catalogue([type(entries[0])("lab", "\x1b[2J" + "x" * 500)], console)
    assert "\x1b" not in file.getvalue()
    assert max(map(len, file.getvalue().splitlines())) <= 60
