"""What goes into an archive and what never does, without an engine."""

import hashlib
import shutil
import subprocess
import sys
import tarfile
import zipfile
from importlib.metadata import distribution
from pathlib import Path

import pytest

from grader.course import Course, builtin
from grader.errors import OutputError, UsageError
from grader.package import wheels
from grader.package.archive import opened
from grader.package.contents import course_files
from tests.ci.courses import NAME, course, grade

ROOT = Path(__file__).parents[2]


def test_learners_get_everything_but_the_solutions(tmp_path: Path) -> None:
    course(tmp_path, NAME, "second")
    assert grade("package", "learner", "--output", "out.zip", cwd=tmp_path).returncode == 0
    names = zipfile.ZipFile(tmp_path / "out.zip").namelist()
    assert names == [
        "exercises/first-steps/brief.md",
        "exercises/first-steps/target.svg",
        "exercises/second/brief.md",
        "exercises/second/target.svg",
        "rubrics/first-steps.yaml",
        "rubrics/rubric.schema.json",
        "rubrics/second.yaml",
    ]
    assert grade("package", "learner", "second", "--output", "one.zip", cwd=tmp_path).returncode == 0
    assert not [name for name in zipfile.ZipFile(tmp_path / "one.zip").namelist() if "first-steps" in name]


def test_the_unpacked_course_is_one(tmp_path: Path) -> None:
    grade("package", "learner", "--output", "out.zip", "--course", ROOT, cwd=tmp_path)
    shutil.unpack_archive(tmp_path / "out.zip", tmp_path / "mine")
    evidence = ROOT / "tests/verdicts/evidence/flask-nginx-mongo-mongo-also-on-public.json"
    done = grade("regrade", "flask-nginx-mongo", evidence, cwd=tmp_path / "mine" / "exercises")
    assert "84 / 100" in done.stdout, done.stderr
    assert Course(tmp_path / "mine").names == builtin().names


def test_no_solution_of_ours_is_in_it(tmp_path: Path) -> None:
    grade("package", "learner", "--output", "out.zip", "--course", ROOT, cwd=tmp_path)
    solutions = {hashlib.sha256(file.read_bytes()).digest() for file in (ROOT / "reference_solution").rglob("build.sh")}
    archive = zipfile.ZipFile(tmp_path / "out.zip")
    assert not [name for name in archive.namelist() if hashlib.sha256(archive.read(name)).digest() in solutions]


def test_a_link_to_a_solution_is_refused(tmp_path: Path) -> None:
    course(tmp_path)
    (tmp_path / "exercises" / NAME / "more").symlink_to(tmp_path / "reference_solution" / NAME)
    done = grade("package", "learner", "--output", "out.zip", cwd=tmp_path)
    assert (done.returncode, (tmp_path / "out.zip").exists()) == (2, False)
    assert "might lead to a solution" in done.stderr


_LEAKS = {
    "a script of a solution": ("mine/build.sh", "same as reference_solution/first-steps/run/build.sh"),
    "a script under another name": ("helper", "same as reference_solution/first-steps/run/build.sh"),
    "a Compose file": ("compose.yaml", "same as reference_solution/first-steps/compose/compose.yaml"),
    "a Dockerfile elsewhere": ("old/Dockerfile", "same as reference_solution/first-steps/run/web/Dockerfile"),
    "a text under another name": ("notes.md", "same as reference_solution/first-steps/README.md"),
    "a folder by its name": ("solution/notes.txt", "is called a solution"),
    "a text by its name": ("my_Solution.md", "is called a solution"),
}


@pytest.mark.parametrize(("place", "told"), _LEAKS.values(), ids=_LEAKS)
def test_a_solution_among_the_starter_is_refused(tmp_path: Path, place: str, told: str) -> None:
    starter = _with_solutions(tmp_path)
    leak = starter / place
    leak.parent.mkdir(exist_ok=True)
    source = told.partition(f"reference_solution/{NAME}/")[2]
    leak.write_bytes((tmp_path / "reference_solution" / NAME / source).read_bytes() if source else b"my own\n")
    for kind in (["learner", "--output", "out.zip"], ["gradescope", NAME, "--output", "out.zip"]):
        done = grade("package", *kind, cwd=tmp_path)
        assert (done.returncode, (tmp_path / "out.zip").exists()) == (2, False), done.stderr
        assert f"exercises/{NAME}/{place}" in done.stderr
        assert told in done.stderr


def test_what_solution_and_starter_share_in_the_same_place_is_handed_out(tmp_path: Path) -> None:
    starter = _with_solutions(tmp_path)
    (starter / "web").mkdir()
    (starter / "web" / "Dockerfile").write_text("FROM busybox\n")
    (starter / "empty").write_text("")
    (starter / ".env").write_text("PASSWORD=x\n")
    (starter / "web" / ".dockerignore").write_text("*.md\n")
    done = grade("package", "learner", "--output", "out.zip", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    names = set(zipfile.ZipFile(tmp_path / "out.zip").namelist())
    packed = {f"exercises/{NAME}/{each}" for each in ("web/Dockerfile", "web/.dockerignore", "empty")}
    assert packed <= names
    assert f"exercises/{NAME}/.env" not in names
    assert f"note: exercises/{NAME}/.env: left out" in done.stderr
    assert "none of them a solution of yours" in done.stderr


def test_without_solutions_nothing_is_promised(tmp_path: Path) -> None:
    shutil.rmtree(course(tmp_path) / "reference_solution")
    done = grade("package", "learner", "--output", "out.zip", cwd=tmp_path)
    assert "no reference_solution/ to compare with" in done.stderr


def _with_solutions(folder: Path) -> Path:
    """Make a course with two solutions, and return the folder of its starter."""
    course(folder)
    ways = folder / "reference_solution" / NAME
    for name, text in {
        "README.md": "How to do it.\n",
        "run/build.sh": "#!/bin/sh\ndocker run hello\n",
        "run/web/Dockerfile": "FROM busybox\n",
        "run/empty": "",
        "compose/compose.yaml": "services: {web: {image: busybox}}\n",
    }.items():
        (ways / name).parent.mkdir(parents=True, exist_ok=True)
        (ways / name).write_text(text)
    return folder / "exercises" / NAME


@pytest.mark.parametrize("suffix", [".zip", ".ZIP", ".tar", ".tar.gz", ".TGZ"])
def test_an_archive_is_the_same_whenever_it_is_made(tmp_path: Path, suffix: str) -> None:
    for name in ("a", "b"):
        with opened(tmp_path / f"{name}{suffix}") as archive:
            archive.add("run.sh", "true\n")
            archive.add("text", "é\n")
            archive.add("file", ROOT / "LICENSE")
    assert (tmp_path / f"a{suffix}").read_bytes() == (tmp_path / f"b{suffix}").read_bytes()
    assert sorted(each.name for each in tmp_path.iterdir()) == [f"a{suffix}", f"b{suffix}"]
    if suffix.lower() != ".zip":
        with tarfile.open(tmp_path / f"a{suffix}", "r:gz" if "g" in suffix.lower() else "r:") as tar:
            modes = {each.name: each.mode for each in tar}
    else:
        with zipfile.ZipFile(tmp_path / f"a{suffix}") as packed:
            modes = {each.filename: (each.external_attr >> 16) & 0o777 for each in packed.filelist}
    assert modes == {"run.sh": 0o755, "text": 0o644, "file": 0o644}


def test_an_archive_that_fails_leaves_the_old_one(tmp_path: Path) -> None:
    target = tmp_path / "a.zip"
    target.write_bytes(b"old")
    with pytest.raises(OutputError), opened(target) as archive:
        archive.add("gone", tmp_path / "gone")
    assert [(each.name, each.read_bytes()) for each in tmp_path.iterdir()] == [("a.zip", b"old")]


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (["learner", "--output", "gone/out.zip"], "make the folder"),
        (["learner", "frist-steps"], "did you mean first-steps?"),
        (["gradescope", "frist-steps"], "did you mean first-steps?"),
        (["gradescope", NAME, "--output", "."], "name a file in it"),
        (["gradescope", NAME, "--python", "2.7"], "pip download failed"),
        (["learner", "--output", "course"], "let it end in .zip or .tar or .tar.gz or .tgz"),
        (["learner", "--output", "course.tar.xz"], "let it end in .zip"),
        (["gradescope", NAME, "--output", "a.tar"], "let it end in .zip"),
        (["exam", NAME, "--host", "tcp://127.0.0.1"], "port is missing"),
    ],
    ids=str,
)
def test_what_cannot_work_is_one_clear_error(tmp_path: Path, args: list[str], told: str) -> None:
    done = grade("package", *args, cwd=course(tmp_path))
    assert done.returncode == 2, done.stderr
    assert told in done.stderr
    assert "Traceback" not in done.stderr
    assert not list(tmp_path.glob("*.zip"))


def test_a_broken_rubric_is_not_handed_out(tmp_path: Path) -> None:
    (course(tmp_path) / "rubrics" / f"{NAME}.yaml").write_text("version: 1\n")
    for kind in (["learner"], ["gradescope", NAME]):
        done = grade("package", *kind, cwd=tmp_path)
        assert done.returncode == 2
        assert f"rubrics/{NAME}.yaml:1:1" in done.stderr


def test_a_wheel_of_what_is_installed_is_a_wheel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As it is made where there is no checkout: from the files of the installation, and pip takes it."""
    (tmp_path / "built").mkdir()
    built = wheels._own_wheel(tmp_path / "built")
    site = tmp_path / "site"
    _install(built, site)
    monkeypatch.syspath_prepend(site)
    assert Path(str(distribution(wheels.NAME).locate_file(""))) == site
    again = wheels._packed(tmp_path)
    with zipfile.ZipFile(built) as first, zipfile.ZipFile(again) as second:
        assert {name for name in first.namelist() if not name.endswith("/")} == set(second.namelist())
    _install(again, tmp_path / "other")
    code = f"import sys; sys.path.insert(0, {str(tmp_path / 'other')!r}); import grader; print(grader.__file__)"
    done = subprocess.run([sys.executable, "-P", "-c", code], capture_output=True, text=True, check=True, cwd=tmp_path)
    assert done.stdout.startswith(str(tmp_path / "other"))


def _install(wheel: Path, folder: Path) -> None:
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-compile", "--target"]
    subprocess.run([*command, folder, wheel], check=True, timeout=120)


def test_a_course_without_that_exercise_has_nothing_to_give(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no exercise"):
        list(course_files(Course(course(tmp_path)), "second"))
