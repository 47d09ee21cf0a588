"""`grade new`: a sound exercise where nothing stood, and nothing else touched."""

import os
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from grader.cli import grade as group
from grader.course import Course
from grader.evaluate import evaluate
from grader.rubric.load import load
from grader.verify import engines
from grader.verify.lint import lint

ROOT = Path(__file__).parents[2]
Done = subprocess.CompletedProcess[str]
FILES = {
    "exercises/pair/brief.md",
    "exercises/pair/target.svg",
    "reference_solution/pair/run/build.sh",
    "rubrics/pair.yaml",
    "rubrics/rubric.schema.json",
}


def new(*args: str | Path, cwd: Path, **env: str) -> Done:
    """Run the command in a folder, in an environment that names no course but the one given."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith("GRADE_")}
    command = [sys.executable, "-m", "grader", "new", *map(str, args)]
    environment = {**plain, "PYTHONPATH": str(ROOT), **env}
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=cwd, env=environment, timeout=60)


def files_in(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def made(tmp_path: Path) -> Course:
    """Return a course with one new exercise."""
    done = new("pair", "--course", tmp_path / "mine", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    return Course(tmp_path / "mine")


def test_a_new_exercise_is_four_files_and_the_schema(made: Course) -> None:
    assert files_in(made.root) == FILES
    assert os.access(made.root / "reference_solution/pair/run/build.sh", os.X_OK)


def test_it_tells_every_file_that_it_made(tmp_path: Path) -> None:
    done = new("pair", "--course", tmp_path, cwd=tmp_path)
    assert {line.split()[0] for line in done.stdout.splitlines()[1:]} == FILES
    assert "grade verify pair" in done.stderr


@pytest.mark.parametrize("name", ["pair", "a", "123", "no", "a-very-long-name-that-nobody-likes-to-type"[:40]])
def test_a_new_exercise_is_sound(name: str, tmp_path: Path) -> None:
    done = new(name, "--course", tmp_path, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert lint(Course(tmp_path), name) == []
    svg = ElementTree.parse(tmp_path / f"exercises/{name}/target.svg").getroot()  # noqa: S314 - our own file
    assert f"{name}-net" in "".join(svg.itertext())


def test_an_empty_engine_earns_nothing_in_it(made: Course) -> None:
    loaded = load(made.rubric("pair"))
    report = evaluate(loaded, engines.empty(loaded.rubric))
    assert (report.percent, report.complete, float(report.max_score)) == (0.0, True, 100.0)


def test_a_second_exercise_finds_its_course_from_within(made: Course) -> None:
    before = {name: (made.root / name).read_bytes() for name in FILES}
    assert new("other", cwd=made.root / "exercises" / "pair").returncode == 0
    assert made.names == ("other", "pair")
    assert {name: (made.root / name).read_bytes() for name in FILES} == before


def test_the_environment_may_name_the_course(tmp_path: Path) -> None:
    done = new("pair", cwd=tmp_path, GRADE_COURSE=str(tmp_path / "mine"))
    assert (done.returncode, files_in(tmp_path / "mine")) == (0, FILES)


@pytest.mark.parametrize("there", ["exercises/pair/notes.txt", "rubrics/pair.yaml", "reference_solution/pair/x"])
def test_nothing_is_ever_overwritten(there: str, tmp_path: Path) -> None:
    (tmp_path / "rubrics").mkdir()
    (tmp_path / there).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / there).write_text("mine")
    done = new("pair", "--course", tmp_path, cwd=tmp_path)
    assert (done.returncode, files_in(tmp_path)) == (2, {there})
    assert "overwrites nothing" in done.stderr
    assert "pair-2" in done.stderr


NAMES = {
    "Two Friends": ["Two Friends is no name", "did you mean two-friends?"],
    "-pair": ["-pair is no name", "did you mean pair?"],
    "???": ["??? is no name", "for example"],
    "": ["an empty word is no name"],
    "../pair": ["../pair is no name", "did you mean pair?"],
    "a" * 41: ["longer than 40"],
    **{name: [f"{name} is a command of grade", f"did you mean {name}-lab?"] for name in group.commands},
}


@pytest.mark.parametrize("name", NAMES)
def test_a_name_that_will_not_do_is_told_and_nothing_made(name: str, tmp_path: Path) -> None:
    done = new("--course", tmp_path / "mine", "--", name, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert [word for word in NAMES[name] if word not in done.stderr] == []
    assert files_in(tmp_path) == set()


def test_a_name_that_learners_will_mistake_is_remarked(made: Course) -> None:
    note = "learners may mistake it for pair"
    told = {name: note in new(name, cwd=made.root).stderr for name in ("pairs", "pair-2", "third", "pari")}
    assert told == {"pairs": True, "pair-2": False, "third": False, "pari": False}


def test_a_folder_of_other_things_becomes_no_course(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("x")
    done = new("pair", "--course", tmp_path, cwd=tmp_path)
    assert (done.returncode, files_in(tmp_path)) == (2, {"thesis.txt"})
    assert "is no course and holds other things" in done.stderr


def test_a_file_becomes_no_course(tmp_path: Path) -> None:
    (tmp_path / "course").write_text("x")
    done = new("pair", "--course", tmp_path / "course", cwd=tmp_path)
    assert (done.returncode, "is no folder" in done.stderr) == (2, True)


def test_outside_of_any_course_one_has_to_be_named(tmp_path: Path) -> None:
    done = new("pair", cwd=tmp_path)
    assert (done.returncode, files_in(tmp_path)) == (2, set())
    assert "belongs to no course" in done.stderr
    assert "--course DIR" in done.stderr


def test_a_course_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "rubrics").mkdir()
    (tmp_path / "exercises").write_text("a file where a folder should be")
    done = new("pair", "--course", tmp_path, cwd=tmp_path)
    assert (done.returncode, "cannot write" in done.stderr, "Traceback" in done.stderr) == (2, True, False)
