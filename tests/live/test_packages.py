"""What is handed out, used where it is meant to be: in a container laid out as Gradescope's, and without a network."""

import json
import os
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.ci.courses import NAME, course, grade
from tests.lab import Engine

pytestmark = pytest.mark.live

ROOT = Path(__file__).parents[2]
FLAGSHIP = "flask-nginx-mongo"
EVIDENCE = ROOT / "tests/verdicts/evidence"
UNJUDGED = ROOT / "tests/compat/2026-11-23/evidence-mongo-also-on-public.json"
"""Of a time when one of today's questions was not asked: its report is not complete."""
RUN = """
    bash /autograder/source/setup.sh && cp /autograder/source/run_autograder /autograder/ || exit 9
    chmod +x /autograder/run_autograder
    for case in /cases/*; do
        rm -rf /autograder/submission && cp -r "$case" /autograder/submission
        /autograder/run_autograder >"/out/$(basename "$case").log" 2>&1
        echo $? >"/out/$(basename "$case").code"
        cp /autograder/results/results.json "/out/$(basename "$case").json" 2>/dev/null
    done
    true
"""
"""Gradescope makes the image once, and then a container of it for each submission."""


def test_gradescope_judges_what_was_handed_in_and_gives_no_mark_for_what_it_cannot_judge(
    engine: Engine, tmp_path: Path
) -> None:
    command = ("package", "gradescope", FLAGSHIP, "--python", "3.13", "--course", ROOT)
    done = grade(*command, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    for folder in ("autograder/results", "cases", "out"):
        (tmp_path / folder).mkdir(parents=True)
    shutil.unpack_archive(tmp_path / "autograder.zip", tmp_path / "autograder" / "source")
    (tmp_path / "autograder" / "submission_metadata.json").write_text("{}")
    one, two, *_ = sorted(EVIDENCE.glob(f"{FLAGSHIP}-*.json"))
    right = EVIDENCE / f"{FLAGSHIP}-mongo-also-on-public.json"
    newer = tmp_path / "newer.json"
    newer.write_text('{"schema": "grade/evidence/v9"}')
    submitted = {
        "right": {"me.json": right},
        "capitals": {"ME.JSON": right},
        "unjudged": {"me.json": UNJUDGED},
        "another": {"me.json": EVIDENCE / "dns-nothing-built.json"},
        "nothing": {},
        "two": {"one.json": one, "two.json": two},
        "newer": {"me.json": newer},
    }
    for case, files in submitted.items():
        (tmp_path / "cases" / case).mkdir()
        for name, file in files.items():
            shutil.copy(file, tmp_path / "cases" / case / name)

    engine.docker("create", "--network", "none", "--name", "autograder", "python:3.13-slim", "bash", "-c", RUN)
    for folder in ("autograder", "cases", "out"):
        engine.docker("cp", f"{tmp_path / folder}", "autograder:/")
    engine.docker("start", "--attach", "autograder")
    engine.docker("cp", "autograder:/out", tmp_path / "found")

    codes = {file.stem: int(file.read_text()) for file in (tmp_path / "found").glob("*.code")}
    logs = {file.stem: file.read_text() for file in (tmp_path / "found").glob("*.log")}
    results = {file.stem: json.loads(file.read_text()) for file in (tmp_path / "found").glob("*.json")}
    judged = {"right", "capitals"}
    assert codes == {case: 0 if case in judged else 1 for case in submitted}, logs
    assert results.keys() == submitted.keys()
    assert {case for case in results if "score" in json.dumps(results[case])} == {*judged, "unjudged"}
    assert "score" not in results["unjudged"]
    assert not any("score" in test for test in results["unjudged"]["tests"])
    assert "could not be judged" in results["unjudged"]["output"]
    for case in judged:
        assert (results[case]["score"], len(results[case]["tests"])) == (84.0, 13)
    for case in submitted.keys() - judged - {"unjudged"}:
        assert "grade snapshot flask-nginx-mongo" in results[case]["output"]
    assert "taken for another exercise, dns" in results["another"]["output"]
    assert "there are 2: one.json, two.json" in results["two"]["output"]
    assert "grade/evidence/v9" in results["newer"]["output"]


APT = """#!/bin/sh
# Stands in for apt-get: it has Python 3.13 and nothing else.
echo "$*" >>/out/asked
case "$*" in update*) ;; *python3.13) mv /usr/bin/hidden /usr/bin/python3.13 ;; *) exit 100 ;; esac
"""
SETUP = """
    mv /usr/bin/python3.13 /usr/bin/hidden
    chmod +x /usr/local/bin/apt-get
    bash /autograder/source/setup.sh >/out/said 2>&1
    echo $? >/out/code
    cat /autograder/grade/python >/out/python 2>&1
    true
"""


@pytest.mark.parametrize("python", ["3.13", "3.12"])
def test_an_image_whose_python_is_too_old_fetches_one_for_which_there_are_wheels(
    engine: Engine, tmp_path: Path, python: str
) -> None:
    """As the older of Gradescope's images are, whose Python is 3.10; without a fitting one it fails, and says so."""
    done = grade("package", "gradescope", FLAGSHIP, "--python", python, "--course", ROOT, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    (tmp_path / "out").mkdir()
    (tmp_path / "autograder" / "results").mkdir(parents=True)
    shutil.unpack_archive(tmp_path / "autograder.zip", tmp_path / "autograder" / "source")
    (tmp_path / "apt-get").write_text(APT)
    engine.docker("create", "--network", "none", "--name", "image", "python:3.13-slim", "bash", "-c", SETUP)
    for source, place in (("autograder", "/"), ("out", "/"), ("apt-get", "/usr/local/bin/")):
        engine.docker("cp", f"{tmp_path / source}", f"image:{place}")
    engine.docker("start", "--attach", "image")
    engine.docker("cp", "image:/out", tmp_path / "found")

    found = {file.name: file.read_text().strip() for file in (tmp_path / "found").iterdir()}
    asked = ["update -qq", f"install -y -qq --no-install-recommends python{python}"]
    assert found["asked"].splitlines() == asked, found
    if python == "3.13":
        assert (found["code"], found["python"]) == ("0", "python3.13"), found
    else:
        assert found["code"] == "1", found
        assert "There are wheels for Python 3.12, and this image has none of them" in found["said"]
        assert "--python 3.11" in found["said"]


@pytest.fixture
def room(engine: Engine, tmp_path: Path) -> Iterator[dict[str, str]]:
    """Pack the flagship's exam, unpack it, and take from the engine every image that it brings."""
    done = grade(
        "package", "exam", FLAGSHIP, "--output", "exam.tar", "--host", engine.host, "--course", ROOT, cwd=tmp_path
    )
    assert done.returncode == 0, done.stderr
    assert "brings mongo:latest, nginx:stable, python:3.13-slim" in done.stderr
    assert "pip finds what the starter installs within python:3.13-slim" in done.stderr
    assert "note:" not in done.stderr
    assert "grade-exam" not in engine.docker("images")
    assert engine.docker("ps", "--all", "--quiet") == ""
    assert "PIP_NO_INDEX" not in engine.docker("image", "inspect", "python:3.13-slim")
    with tarfile.open(tmp_path / "exam.tar") as archive:
        archive.extractall(tmp_path, filter="data")
    images = engine.docker("images", "--quiet").split()
    engine.docker("rmi", "--force", *sorted(set(images)))
    assert engine.docker("images", "--quiet") == ""
    home = tmp_path / "home"
    home.mkdir()
    yield {"HOME": str(home), "PATH": os.environ["PATH"], "PYTHON": sys.executable, **engine.variables()}
    engine.wipe()


def without_network(folder: Path, environment: dict[str, str], script: str) -> subprocess.CompletedProcess[str]:
    """Run a shell script in a network namespace of its own that has no route, not even loopback."""
    command = ["unshare", "--net", "sh", "-euc", script]
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=300
    )


def test_a_room_without_internet_installs_builds_and_grades(
    tmp_path: Path, room: dict[str, str], engine: Engine
) -> None:
    place = tmp_path / f"exam-{FLAGSHIP}"
    done = without_network(place, room, 'test -z "$(ip route)"; sh install.sh ../grade; ../grade/bin/grade --version')
    assert done.returncode == 0, done.stderr
    assert "Loaded image" in done.stdout
    assert "grade-exam" not in engine.docker("images")
    _take_the_labs_own_wheels(engine, tmp_path)

    room["PATH"] = f"{tmp_path / 'grade' / 'bin'}:{room['PATH']}"
    room["GRADE_COURSE"] = str(place / "course")
    build = """
        grade start flask-nginx-mongo work
        cd work
        docker network create public-net-1
        docker network create private-net-1
        docker build --quiet --tag app nginx_flask_mongodb/flask-app
        docker build --quiet --tag front nginx_flask_mongodb/nginx
        docker run --detach --name mongo --network private-net-1 mongo
        docker create --name app --network private-net-1 app
        docker network connect --alias flask-app public-net-1 app
        docker start app
        docker run --detach --network public-net-1 --publish 8080:80 front
        grade flask-nginx-mongo --format json
    """
    done = without_network(tmp_path, room, build)
    assert done.returncode == 0, done.stderr + done.stdout
    report = json.loads(done.stdout[done.stdout.index("{") :])
    assert (report["percent"], report["complete"]) == (100.0, True)


def _take_the_labs_own_wheels(engine: Engine, folder: Path) -> None:
    """Leave pip what any image of Python has: the lab's wheels were the internet while the exam was packed."""
    (folder / "plain").mkdir()
    base = "python:3.13-slim"
    (folder / "plain" / "Dockerfile").write_text(f"FROM {base}\nRUN rm -r /wheels /etc/pip.conf\n")
    engine.docker("build", "--quiet", "--tag", base, folder / "plain")
    look = "ls /wheels /etc/pip.conf; PIP_FIND_LINKS= pip download flask; ls /grade-exam/wheels"
    found = engine.docker("run", "--rm", base, "sh", "-c", f"{{ {look}; }} 2>&1")
    assert "cannot access '/wheels'" in found
    assert "cannot access '/etc/pip.conf'" in found
    assert "No matching distribution found for flask" in found
    assert "pymongo-" in found


def test_a_list_without_a_dockerfile_is_brought_for_every_python(engine: Engine, tmp_path: Path) -> None:
    """Learners write the Dockerfile themselves, and the room has what they will install."""
    packed = _packed_with(engine, tmp_path, "flask==3.1.3\n")
    assert packed.returncode == 0, packed.stderr
    with tarfile.open(tmp_path / "exam-first-steps.tar") as archive:
        archive.extractall(tmp_path, filter="data")
    ours, name = (tmp_path / "exam-first-steps" / "tags").read_text().split()
    assert name == "python:3.13-slim"
    engine.docker("load", "--input", tmp_path / "exam-first-steps" / "images.tar")
    before, after = (json.loads(engine.docker("image", "inspect", each))[0] for each in (name, ours))
    assert "flask-3.1.3" in engine.docker("run", "--rm", ours, "ls", "/grade-exam/wheels")
    added = {"PIP_NO_INDEX=1", "PIP_FIND_LINKS=/grade-exam/wheels"}
    assert set(after["Config"]["Env"]) - set(before["Config"]["Env"]) == added
    for kept in ("Cmd", "Entrypoint", "User", "WorkingDir", "Labels"):
        assert (after["Config"].get(kept) or None) == (before["Config"].get(kept) or None)


def test_what_pip_cannot_fetch_is_named_and_nothing_is_left(engine: Engine, tmp_path: Path) -> None:
    done = _packed_with(engine, tmp_path, "flask==0.0.9\n")
    assert (done.returncode, list(tmp_path.glob("*.tar"))) == (2, [])
    assert "pip cannot fetch in python:3.13-slim what the starter installs" in done.stderr
    assert "flask==0.0.9" in done.stderr
    assert engine.docker("ps", "--all", "--quiet") == ""
    assert "grade-exam" not in engine.docker("images")


def _packed_with(engine: Engine, folder: Path, requirements: str) -> subprocess.CompletedProcess[str]:
    (course(folder) / "exercises" / NAME / "requirements.txt").write_text(requirements)
    return grade("package", "exam", NAME, "--image", "python:3.13-slim", "--host", engine.host, cwd=folder)


def test_an_image_that_the_engine_lacks_is_named(engine: Engine, tmp_path: Path) -> None:
    done = grade(
        "package", "exam", FLAGSHIP, "--image", "absent:1", "--host", engine.host, "--course", ROOT, cwd=tmp_path
    )
    assert (done.returncode, list(tmp_path.iterdir())) == (2, [])
    assert "the engine has no image absent:1" in done.stderr
