"""A class on a real engine that is reached by real ssh servers and by mutual TLS, several learners at once."""

import csv
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests import lab
from tests.lab import Engine, tls
from tests.lab.sshd import STRANGER, Sshd, sshd
from tests.live.test_faults import EXERCISE, ROOT, SIDECARS, SOLUTION
from tests.live.test_ssh import ssh_processes

pytestmark = pytest.mark.live

PATIENCE = 240
RUBRIC = ROOT / "rubrics" / f"{EXERCISE}.yaml"


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tls.authority(tmp_path_factory.mktemp("tls") / "lab")


@pytest.fixture(scope="module")
def guarded(certificates: Path, worker_name: str, lab_release: str) -> Iterator[Engine]:
    """Return an engine that listens on a socket and, with mutual TLS, on a port; the flagship is built on it."""
    if reason := lab.available():
        pytest.skip(reason)
    name = f"{worker_name}-class"
    with lab.start(name, release=lab_release, options=tls.options(certificates)) as engine:
        engine.sh(SOLUTION / "build.sh", cwd=SOLUTION)
        yield engine


@pytest.fixture(scope="module")
def servers(guarded: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Sshd, Sshd]]:
    """Return a server that forwards sockets, and one that forbids it."""
    folder = tmp_path_factory.mktemp("sshd")
    with (
        sshd(guarded, folder / "open", 2222) as free,
        sshd(guarded, folder / "strict", 2223, "AllowStreamLocalForwarding no") as strict,
    ):
        yield free, strict


def command(server: Sshd, folder: Path, learners: list[dict[str, Any]], *args: str | Path) -> list[str]:
    """Return the command that grades these learners where the servers are."""
    roster = folder / "class.yaml"
    roster.write_text(yaml.safe_dump({"learners": learners}))
    words = [sys.executable, "-m", "grader", "batch", roster, EXERCISE, "--out", folder / "out", "--tries", "1", *args]
    return ["env", "--default-signal=INT", *server.inside(*words)]


def batch(
    server: Sshd, folder: Path, learners: list[dict[str, Any]], *args: str | Path, **env: str
) -> subprocess.CompletedProcess[str]:
    """Grade these learners where the servers are."""
    words = command(server, folder, learners, *args)
    environment = {**os.environ, **env}
    return subprocess.run(
        words, capture_output=True, text=True, check=False, cwd=ROOT, timeout=PATIENCE, env=environment
    )


def rows(folder: Path) -> dict[str, dict[str, str]]:
    with (folder / "out" / "grades.csv").open(encoding="utf-8", newline="") as file:
        return {row["id"]: row for row in csv.DictReader(file)}


def assert_nothing_left(engine: Engine) -> None:
    assert (engine.docker(*SIDECARS), ssh_processes()) == ("", [])


def by_ssh(server: Sshd, name: str, **more: Any) -> dict[str, Any]:
    return {"id": name, "host": server.url(), "host_key": server.host_key, "key": str(server.key), **more}


def test_every_way_in_gets_its_grade(
    guarded: Engine, servers: tuple[Sshd, Sshd], certificates: Path, tmp_path: Path
) -> None:
    free, strict = servers
    socket = guarded.host.removeprefix("unix://")
    learners = [
        by_ssh(free, "forwarded"),
        by_ssh(strict, "carried"),
        by_ssh(free, "sixth", host=free.url(host="[::1]")),
        by_ssh(free, "apart", host="127.0.0.1", user="root", port=free.port, socket=socket),
        {"id": "tls", "host": f"tcp://127.0.0.1:{tls.PORT}", "tls": str(certificates / "client")},
        {"id": "local", "host": guarded.host},
    ]
    done = batch(free, tmp_path, learners, "--at-once", "2")
    assert done.returncode == 0, done.stderr
    assert {name: row["percent"] for name, row in rows(tmp_path).items()} == {each["id"]: "100" for each in learners}
    assert not (tmp_path / "out" / "known_hosts").exists()
    page = (tmp_path / "out" / "cohort.html").read_text(encoding="utf-8")
    assert "the same" in page.split('<section id="flags">')[1]  # all of them are one engine, which is seen
    assert_nothing_left(guarded)


def test_every_way_to_fail_has_its_reason(guarded: Engine, servers: tuple[Sshd, Sshd], tmp_path: Path) -> None:
    free, strict = servers
    other = tls.authority(tmp_path / "other")
    there = f"tcp://127.0.0.1:{tls.PORT}"
    learners = [
        by_ssh(free, "changed", host_key=strict.host_key),
        {**by_ssh(free, "unknown"), "host_key": ""},
        by_ssh(free, "outsider", host=free.url(STRANGER)),
        by_ssh(free, "stopped", socket="/run/no-engine.sock"),
        by_ssh(free, "nobody", host="ssh://root@127.0.0.1:2299"),
        {"id": "plain", "host": there},
        {"id": "foreign", "host": there, "tls": str(other / "client")},
        {"id": "healthy", "host": guarded.host},
    ]
    for args in (("--check",), ()):
        done = batch(free, tmp_path, learners, "--timeout", "5", *args)
        assert done.returncode == 3
        told = " ".join(done.stderr.split())
        for words in (
            "another host key than the one that is known",
            "nobody vouches for the key of this ssh server",
            "--accept-new",
            f"{STRANGER} may not use",
            f"sudo usermod -aG docker {STRANGER}",
            "no engine runs there, for there is no /run/no-engine.sock",
            "no ssh server listens there",
            "Client sent an HTTP request to an HTTPS server",
            "no TLS connection",
        ):
            assert words in told
        assert "Traceback" not in done.stderr
    assert {name for name, row in rows(tmp_path).items() if row["status"] == "graded"} == {"healthy"}
    assert_nothing_left(guarded)


def test_a_new_server_is_trusted_once_and_only_in_the_folder_of_the_batch(
    guarded: Engine, servers: tuple[Sshd, Sshd], tmp_path: Path
) -> None:
    free, _ = servers
    own = Path("~root/.ssh/known_hosts").expanduser()
    before = own.read_bytes() if own.exists() else None
    learner = {**by_ssh(free, "new"), "host_key": ""}
    assert batch(free, tmp_path, [learner]).returncode == 3
    done = batch(free, tmp_path, [learner], "--resume", "--accept-new")
    assert done.returncode == 0, done.stderr
    assert free.host_key in (tmp_path / "out" / "known_hosts").read_text()
    assert (own.read_bytes() if own.exists() else None) == before
    assert batch(free, tmp_path, [learner], "--again").returncode == 0
    assert_nothing_left(guarded)


def test_a_jump_host_has_to_be_known_as_well(guarded: Engine, servers: tuple[Sshd, Sshd], tmp_path: Path) -> None:
    free, strict = servers
    keys = Path(guarded.host.removeprefix("unix://")).with_name(f"keys-{strict.port}")
    keys.write_text(keys.read_text() + free.key.with_suffix(".pub").read_text())
    learner = by_ssh(free, "far", jump=f"root@127.0.0.1:{strict.port}")
    assert "nobody vouches" in batch(free, tmp_path, [learner]).stderr
    (tmp_path / "out" / "known_hosts").write_text(strict.known_host)
    done = batch(free, tmp_path, [learner], "--resume")
    assert done.returncode == 0, done.stderr
    assert_nothing_left(guarded)


def test_the_context_of_a_learner_leads_to_the_engine(
    guarded: Engine, servers: tuple[Sshd, Sshd], certificates: Path, tmp_path: Path
) -> None:
    """As `docker context create` makes them: by a socket, by mutual TLS, and by ssh, where the batch's file vouches."""
    free, _ = servers
    own = {**guarded.env(), "DOCKER_CONFIG": str(tmp_path / "docker")}
    own.pop("DOCKER_HOST", None)
    client = certificates / "client"
    files = ",".join(f"{kind}={client / f'{kind}.pem'}" for kind in ("ca", "cert", "key"))
    for name, words in (
        ("by-socket", f"host={guarded.host}"),
        ("by-tls", f"host=tcp://127.0.0.1:{tls.PORT},{files}"),
        ("by-ssh", f"host=ssh://root@127.0.0.1:{free.port}"),
    ):
        subprocess.run(["docker", "context", "create", name, "--docker", words], env=own, check=True)
    learners = [{"id": name, "host": name} for name in ("by-socket", "by-tls", "by-ssh")]
    environment = {"DOCKER_CONFIG": own["DOCKER_CONFIG"], "DOCKER_HOST": ""}
    assert batch(free, tmp_path, learners, "--at-once", "1", **environment).returncode == 3
    told = rows(tmp_path)
    assert [told[name]["percent"] for name in ("by-socket", "by-tls", "by-ssh")] == ["100", "100", ""]
    assert "nobody vouches for the key of this ssh server" in told["by-ssh"]["reason"]
    (tmp_path / "out" / "known_hosts").write_text(free.known_host)
    batch(free, tmp_path, learners, "--resume", **environment)
    assert "the ssh server refuses the login" in rows(tmp_path)["by-ssh"]["reason"]  # which comes after its key
    assert_nothing_left(guarded)


@pytest.mark.parametrize("number", [6, 160], ids=["threads", "processes"])
def test_ctrl_c_leaves_no_sidecar_and_no_ssh(
    number: int, guarded: Engine, servers: tuple[Sshd, Sshd], tmp_path: Path
) -> None:
    """As a terminal sends it: to the command and to all that it has started."""
    free, _ = servers
    learners = [by_ssh(free, f"s{at:03}") for at in range(number)]
    words = command(free, tmp_path, learners, "--at-once", "4")
    pipe = subprocess.PIPE
    with subprocess.Popen(words, stdout=pipe, stderr=pipe, text=True, cwd=ROOT, start_new_session=True) as running:
        deadline = time.monotonic() + PATIENCE
        while not (guarded.docker(*SIDECARS) and ssh_processes()):
            assert running.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.05)
        os.killpg(running.pid, signal.SIGINT)
        _, err = running.communicate(timeout=PATIENCE)
    assert running.returncode == 130, err
    assert f"of {number} are kept; --resume does the other" in err
    assert "Traceback" not in err
    assert len(rows(tmp_path)) == number
    assert_nothing_left(guarded)


def test_a_corrected_rubric_needs_no_engine(guarded: Engine, servers: tuple[Sshd, Sshd], tmp_path: Path) -> None:
    text = RUBRIC.read_text(encoding="utf-8")
    wrong = text
    for right, slip in (
        ("    port: 9090\n", "    port: 9099\n"),
        ("name: mongo\n", "name: mongod\n"),
        ("{image: mongo,", "{image: redis,"),
    ):
        assert right in wrong
        wrong = wrong.replace(right, slip)
    courses = {}
    for name, rubric in (("wrong", wrong), ("right", text)):
        courses[name] = tmp_path / name
        (courses[name] / "rubrics").mkdir(parents=True)
        (courses[name] / "rubrics" / f"{EXERCISE}.yaml").write_text(rubric)
    free, _ = servers
    learners = [{"id": f"s{number}", "host": guarded.host} for number in range(6)]
    batch(free, tmp_path, learners, "--course", courses["wrong"], "--settle", "0", "--at-once", "2")
    assert {row["percent"] for row in rows(tmp_path).values()} != {"100"}
    guarded.pause_daemon()  # whoever asked it now would wait for ever
    try:
        words = ["regrade", "--gradebook", tmp_path / "out", "--course", courses["right"], "--accept"]
        done = subprocess.run(
            [sys.executable, "-m", "grader", *map(str, words)],
            capture_output=True,
            text=True,
            check=False,
            cwd=ROOT,
            timeout=60,
        )
    finally:
        guarded.resume_daemon()
    assert (done.returncode, done.stderr) == (0, "")
    judged_again = {name: row["score"] for name, row in rows(tmp_path).items()}
    fresh = tmp_path / "fresh"
    fresh.mkdir()
    assert batch(free, fresh, learners, "--course", courses["right"], "--at-once", "2").returncode == 0
    assert judged_again == {name: row["score"] for name, row in rows(fresh).items()}
    assert set(judged_again.values()) == {"100"}
