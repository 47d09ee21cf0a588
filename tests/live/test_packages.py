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

from tests.ci.courses import grade
from tests.lab import Engine

pytestmark = pytest.mark.live

ROOT = Path(__file__).parents[2]
FLAGSHIP = "flask-nginx-mongo"
EVIDENCE = ROOT / "tests/verdicts/evidence"
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
    submitted = {"right": [EVIDENCE / f"{FLAGSHIP}-mongo-also-on-public.json"], "nothing": [], "two": [one, two]}
    for name, files in submitted.items():
        (tmp_path / "cases" / name).mkdir()
        for file in files:
            shutil.copy(file, tmp_path / "cases" / name)
    (tmp_path / "cases" / "newer").mkdir()
    (tmp_path / "cases" / "newer" / "me.json").write_text('{"schema": "grade/evidence/v9"}')

    engine.docker("create", "--network", "none", "--name", "autograder", "python:3.13-slim", "bash", "-c", RUN)
    for folder in ("autograder", "cases", "out"):
        engine.docker("cp", f"{tmp_path / folder}", "autograder:/")
    engine.docker("start", "--attach", "autograder")
    engine.docker("cp", "autograder:/out", tmp_path / "found")

    codes = {file.stem: int(file.read_text()) for file in (tmp_path / "found").glob("*.code")}
    logs = {file.stem: file.read_text() for file in (tmp_path / "found").glob("*.log")}
    results = {file.stem: json.loads(file.read_text()) for file in (tmp_path / "found").glob("*.json")}
    assert codes == {"right": 0, "nothing": 0, "two": 0, "newer": 1}, logs
    assert results.keys() == {"right", "nothing", "two"}
    assert (results["right"]["score"], len(results["right"]["tests"])) == (84.0, 13)
    assert all("grade snapshot flask-nginx-mongo" in results[name]["output"] for name in ("nothing", "two"))
    assert "grade/evidence/v9" in logs["newer"]


@pytest.fixture
def room(engine: Engine, tmp_path: Path) -> Iterator[dict[str, str]]:
    """Pack the flagship's exam, unpack it, and take from the engine every image that it brings."""
    done = grade(
        "package", "exam", FLAGSHIP, "--output", "exam.tar", "--host", engine.host, "--course", ROOT, cwd=tmp_path
    )
    assert done.returncode == 0, done.stderr
    assert "brings mongo:latest, nginx:stable, python:3.13-slim" in done.stderr
    assert "flask-app/Dockerfile fetches while it is built" in done.stderr
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


def test_a_room_without_internet_installs_builds_and_grades(tmp_path: Path, room: dict[str, str]) -> None:
    place = tmp_path / f"exam-{FLAGSHIP}"
    done = without_network(place, room, 'test -z "$(ip route)"; sh install.sh ../grade; ../grade/bin/grade --version')
    assert done.returncode == 0, done.stderr
    assert "Loaded image" in done.stdout

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


def test_an_image_that_the_engine_lacks_is_named(engine: Engine, tmp_path: Path) -> None:
    done = grade(
        "package", "exam", FLAGSHIP, "--image", "absent:1", "--host", engine.host, "--course", ROOT, cwd=tmp_path
    )
    assert (done.returncode, list(tmp_path.iterdir())) == (2, [])
    assert "the engine has no image absent:1" in done.stderr
