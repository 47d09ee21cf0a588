"""The set-up without an engine: each obstacle has a line of its own, and a grade tells it in the same words."""

import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.impostors import impostor, page, says
from tests.test_cli import AS_NOBODY, ROOT, Done, as_root, grade, public, shell, with_context

EXERCISE = "flask-nginx-mongo"
USUAL = Path("/var/run/docker.sock")
__all__ = ["public"]


def doctor(*args: str | Path, **env: str) -> Done:
    return grade("doctor", *args, env={"COLUMNS": "120", **env})


def lines(done: Done) -> list[str]:
    """Return what was said of each part, in one line each."""
    told: list[str] = []
    for line in done.stdout.splitlines():
        if line.startswith("   ") and told:
            told[-1] += " " + line.strip()
        else:
            told.append(line)
    return told


def part(done: Done, about: str) -> str:
    (found,) = [line for line in lines(done) if line[2:].startswith(f"{about} ")]
    return " ".join(found.split())


def assert_hindered(done: Done, about: str, *words: str) -> None:
    """Assert that this part is what hinders, that it is told with these words, and the exit code."""
    assert (done.returncode, done.stderr) == (3, ""), done.stderr
    told = part(done, about)
    assert told.startswith("✗ ")
    assert [word for word in words if word not in told] == [], told
    assert done.stdout.endswith("Nothing can be graded yet: mend what is marked.\n")


def assert_as_a_grade_says(host: str, **env: str) -> None:
    """Assert that a grade of this engine ends in the very words of the doctor."""
    told = " ".join(doctor("--host", host, **env).stdout.split())
    message, _, remedy = grade(EXERCISE, "--host", host, env=env).stderr.partition("\n  try: ")
    assert message.removeprefix("grade: ") in told
    assert remedy.strip() in told


def test_this_side_of_the_set_up_is_told(tmp_path: Path) -> None:
    done = doctor("--host", f"unix://{tmp_path}/none.sock", "--course", ROOT)
    assert part(done, "grade").startswith("✓ grade 0.")
    assert part(done, "terminal") == "✓ terminal 120 columns, UTF-8"
    assert part(done, "course") == f"✓ course 11 exercises in {ROOT}"
    assert part(done, "memory").endswith("/grade")


def test_a_socket_that_is_not_there_is_told(tmp_path: Path) -> None:
    host = f"unix://{tmp_path}/none.sock"
    assert_hindered(doctor("--host", host), "engine", f"no Docker Engine answers at {host}", "start it: ")
    assert_as_a_grade_says(host)


def test_a_socket_whose_engine_is_dead_is_told(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "dead.sock"))
    host = f"unix://{tmp_path}/dead.sock"
    assert_hindered(doctor("--host", host), "engine", f"no Docker Engine answers at {host}", "start it: ")
    assert_as_a_grade_says(host)


def test_a_socket_that_hangs_is_told(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "mute.sock"))
        server.listen()
        host = f"unix://{tmp_path}/mute.sock"
        done = doctor("--host", host, "--timeout", "0.5")
    assert_hindered(done, "engine", f"the engine at {host} accepts connections but does not answer", "--timeout")


@pytest.mark.skipif(USUAL.exists(), reason="Docker is installed here")
def test_without_docker_it_says_where_to_get_it(tmp_path: Path) -> None:
    empty = {"PATH": str(tmp_path), "DOCKER_CONFIG": str(tmp_path)}
    done = doctor(**empty)
    assert_hindered(done, "engine", "Docker is not installed here", "https://docs.docker.com/engine/install/")
    assert part(done, "docker").startswith("! docker there is no docker command")
    message = grade(EXERCISE, env=empty).stderr
    assert "Docker is not installed here" in message
    assert "https://docs.docker.com/engine/install/" in message


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (says({"ApiVersion": "1.99", "MinAPIVersion": "1.90"}), ["speaks only API 1.90 and newer", "update grade"]),
        (says({"ApiVersion": "1.30"}), ["speaks API 1.30", "update Docker"]),
        (page("<h1>Welcome</h1>"), ["does not speak like a Docker Engine", "check the address"]),
        (page("Client sent an HTTP request to an HTTPS server.", "400 Bad Request"), ["it wants TLS"]),
    ],
    ids=["too new", "too old", "no engine", "TLS"],
)
def test_what_is_no_engine_that_we_can_grade_is_told(answer: bytes, words: list[str], tmp_path: Path) -> None:
    with impostor(tmp_path, answer) as host:
        assert_hindered(doctor("--host", host), "engine", *words)
        assert_as_a_grade_says(host)


def test_a_port_at_which_nobody_listens_is_told() -> None:
    assert_hindered(doctor("--host", "tcp://127.0.0.1:1"), "engine", "tcp://127.0.0.1:1", "check host and port")


def test_a_wrong_context_is_told(tmp_path: Path) -> None:
    with_context(tmp_path, "mine", "unix:///gone/mine.sock", current="lost")
    done = doctor(DOCKER_CONFIG=str(tmp_path))
    assert_hindered(done, "address", "there is no Docker context called lost", "docker context ls", "mine")


def test_who_has_chosen_the_address_is_told(tmp_path: Path) -> None:
    with_context(tmp_path, "mine", "unix:///gone/mine.sock", current="mine")
    assert part(doctor(DOCKER_CONFIG=str(tmp_path)), "address").endswith("mine.sock, chosen by the context mine")
    assert part(doctor(DOCKER_HOST="unix:///gone/x.sock"), "address").endswith("x.sock, chosen by DOCKER_HOST")
    assert part(doctor("--host", "a=unix:///gone/x.sock"), "address").endswith("x.sock, chosen by --host")


@as_root
def test_a_socket_that_is_not_ours_is_told(public: Path) -> None:
    with impostor(public, says({"ApiVersion": "1.41"})) as host:
        (public / "docker.sock").chmod(0o600)
        done = shell(f"COLUMNS=120 {AS_NOBODY} doctor --host {host}")
    assert_hindered(done, "engine", f"permission denied for {host}", "join the docker group")


@as_root
@pytest.mark.skipif(not shutil.which("unshare"), reason="needs a mount namespace")
def test_a_group_that_was_joined_after_the_login_is_told(public: Path) -> None:
    groups = public / "group"
    groups.write_text("root:x:0:\nnogroup:x:65534:\nwhales:x:4242:nobody\n")
    inside = f"mount --bind {groups} /etc/group && COLUMNS=120 {AS_NOBODY} doctor --host $HOST"
    with impostor(public, says({"ApiVersion": "1.41"})) as host:
        os.chown(public / "docker.sock", 0, 4242)
        (public / "docker.sock").chmod(0o660)
        done = shell(f"unshare --mount sh -c '{inside}'", HOST=host)
    assert_hindered(done, "engine", f"permission denied for {host}", "newgrp whales, or log in again")


def test_a_course_that_does_not_hold_is_told(tmp_path: Path) -> None:
    (tmp_path / "rubrics").mkdir()
    (tmp_path / "rubrics" / "lab.yaml").write_text("version: 2\n")
    done = doctor("--course", tmp_path, "--host", "unix:///gone/x.sock")
    told = [line for line in lines(done) if line[2:].startswith("course")]
    assert told[0].startswith("! course       lab cannot be graded: ")
    assert told[1].startswith("✗ course       0 exercises")


def test_a_memory_that_cannot_be_kept_is_no_obstacle(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    told = part(doctor("--host", "unix:///gone/x.sock", XDG_STATE_HOME=str(tmp_path / "file")), "memory")
    assert told.startswith("! memory results and hints are not remembered")
    assert "XDG_STATE_HOME" in told


def test_a_terminal_without_unicode_gets_ascii_and_advice() -> None:
    done = doctor("--host", "unix:///gone/x.sock", PYTHONIOENCODING="ascii", LC_ALL="C", PYTHONUTF8="0")
    assert done.stdout.isascii()
    assert "! terminal" in done.stdout
    assert "export LC_ALL=C.UTF-8" in done.stdout


def test_clean_without_an_engine_ends_as_a_grade_does() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "grader", "clean", "--host", "unix:///gone/x.sock"],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )
    assert (done.returncode, done.stdout) == (3, "")
    assert "no Docker Engine answers at unix:///gone/x.sock" in done.stderr
