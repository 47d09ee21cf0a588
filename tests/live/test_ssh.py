"""Engines behind real ssh servers: every way in, and every way in which it fails, with its remedy."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.lab import Engine
from tests.lab.sshd import STRANGER, Sshd, sshd
from tests.live.test_faults import EXERCISE, PATIENCE, ROOT, SIDECARS, SOLUTION, assert_ends

pytestmark = pytest.mark.live


@pytest.fixture(scope="module")
def servers(lab_engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Sshd, Sshd]]:
    """Return a server that forwards sockets, and one that forbids it; they know each other's keys."""
    folder = tmp_path_factory.mktemp("sshd")
    with (
        sshd(lab_engine, folder / "open", 2222) as free,
        sshd(lab_engine, folder / "strict", 2223, "AllowStreamLocalForwarding no") as strict,
    ):
        yield free, strict


@pytest.fixture
def free(servers: tuple[Sshd, Sshd]) -> Sshd:
    return servers[0]


@pytest.fixture
def strict(servers: tuple[Sshd, Sshd]) -> Sshd:
    return servers[1]


@pytest.fixture
def home(tmp_path: Path, servers: tuple[Sshd, Sshd]) -> Path:
    """Return a home in which both servers are known, and the key stands where ssh looks for it.

    ssh reads the home of /etc/passwd, whatever HOME says, so that the command gets a view of its own.
    """
    settings = tmp_path / "home" / ".ssh"
    settings.mkdir(parents=True, mode=0o700)
    (settings / "known_hosts").write_text("".join(server.known_host for server in servers))
    (settings / "config").write_text("".join(f"IdentityFile {server.key}\n" for server in servers))
    return settings.parent


def grade(server: Sshd, home: Path, *args: str | Path, **env: str) -> subprocess.CompletedProcess[str]:
    """Run the command where the servers are, with this home in place of our own."""
    mount = 'mount --bind "$1" "$2"; shift 2; exec "$@"'
    view: list[str | Path] = ["unshare", "--mount", "sh", "-ec", mount, "sh", home / ".ssh", _own_settings()]
    command = server.inside(*view, sys.executable, "-m", "grader", *args)
    return subprocess.run(
        command, capture_output=True, text=True, check=False, cwd=ROOT, timeout=PATIENCE, env={**os.environ, **env}
    )


def _own_settings() -> Path:
    folder = Path("~root/.ssh").expanduser()
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder


def ssh_processes() -> list[int]:
    """Return the ssh processes on this machine that belong to a grade."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal() and (entry / "cmdline").exists():
            words = (entry / "cmdline").read_bytes().split(b"\0")
            if words[0] == b"ssh" and any(b"/grade-" in word for word in words):
                found.append(int(entry.name))
    return found


def assert_nothing_left(engine: Engine) -> None:
    assert (engine.docker(*SIDECARS), ssh_processes()) == ("", [])


def test_a_build_behind_ssh_gets_its_marks(starter: Engine, free: Sshd, home: Path) -> None:
    starter.sh(SOLUTION / "build.sh", cwd=SOLUTION)
    done = grade(free, home, EXERCISE, "--host", free.url())
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    assert_nothing_left(starter)


def test_where_forwarding_is_forbidden_the_docker_command_carries(starter: Engine, strict: Sshd, home: Path) -> None:
    starter.sh(SOLUTION / "build.sh", cwd=SOLUTION)
    done = grade(strict, home, EXERCISE, "--host", strict.url())
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    assert_nothing_left(starter)


def test_an_ipv6_address_leads_there(engine: Engine, free: Sshd, home: Path) -> None:
    done = grade(free, home, EXERCISE, "--host", free.url(host="[::1]"), "--settle", "0")
    assert (done.returncode, done.stderr) == (1, "")
    assert_nothing_left(engine)


def test_a_context_that_names_ssh_leads_there(free: Sshd, home: Path, tmp_path: Path) -> None:
    folder = tmp_path / "config"
    folder.mkdir()
    (folder / "config.json").write_text("{}")
    env = {**os.environ, "DOCKER_CONFIG": str(folder)}
    make = ["docker", "context", "create", "far", "--docker", f"host={free.url()}"]
    subprocess.run(make, check=True, capture_output=True, env=env)
    done = grade(free, home, EXERCISE, "--host", "far", "--settle", "0", DOCKER_CONFIG=str(folder))
    assert (done.returncode, done.stderr) == (1, "")


def test_a_key_of_the_agent_opens(engine: Engine, free: Sshd, home: Path) -> None:
    (home / ".ssh" / "config").unlink()
    refused = grade(free, home, EXERCISE, "--host", free.url())
    assert_ends(refused, 3, "refuses the login", "your public key")
    started = subprocess.run(["ssh-agent", "-s"], check=True, capture_output=True, text=True).stdout
    agent = dict(word.split("=") for word in started.replace("\n", " ").split("; ") if "=" in word)
    try:
        env = {**os.environ, **{name.split()[-1]: value for name, value in agent.items()}}
        subprocess.run(["ssh-add", "-q", str(free.key)], check=True, env=env)
        done = grade(free, home, EXERCISE, "--host", free.url(), "--settle", "0", SSH_AUTH_SOCK=env["SSH_AUTH_SOCK"])
        assert (done.returncode, done.stderr) == (1, "")
    finally:
        os.kill(int(agent["SSH_AGENT_PID"]), 15)
    assert engine.docker(*SIDECARS) == ""


def test_an_unknown_key_is_refused(free: Sshd, home: Path) -> None:
    (home / ".ssh" / "known_hosts").write_text("")
    done = grade(free, home, EXERCISE, "--host", free.url())
    assert_ends(done, 3, free.url(), "nobody vouches for the key", "host_key")
    assert (home / ".ssh" / "known_hosts").read_text() == ""


def test_a_changed_key_is_refused(free: Sshd, strict: Sshd, home: Path) -> None:
    (home / ".ssh" / "known_hosts").write_text(free.known_host.replace(free.host_key, strict.host_key))
    done = grade(free, home, EXERCISE, "--host", free.url())
    assert_ends(done, 3, free.url(), "another host key than the one that is known", "set up anew")


def test_a_user_outside_the_docker_group_is_told(engine: Engine, free: Sshd, home: Path) -> None:
    done = grade(free, home, EXERCISE, "--host", free.url(STRANGER))
    assert_ends(done, 3, f"{STRANGER} may not use {engine.host.removeprefix('unix://')}", "usermod -aG docker")
    assert_nothing_left(engine)


def test_an_engine_that_is_not_there_is_told(engine: Engine, free: Sshd, home: Path) -> None:
    done = grade(free, home, EXERCISE, "--host", free.url(path="/run/no-engine.sock"))
    assert_ends(done, 3, "no engine runs there, for there is no /run/no-engine.sock", "systemctl start docker")
    assert_nothing_left(engine)


def test_a_rootless_engine_is_pointed_out(engine: Engine, free: Sshd, home: Path) -> None:
    folder = Path("/run/user/0")
    made = not folder.exists()
    folder.mkdir(parents=True, exist_ok=True)
    link = folder / "docker.sock"
    link.symlink_to(engine.host.removeprefix("unix://"))
    try:
        done = grade(free, home, EXERCISE, "--host", free.url(path="/run/no-engine.sock"))
        assert_ends(done, 3, "a rootless engine of root", f"socket: {link}")
        done = grade(free, home, EXERCISE, "--host", free.url(path=str(link)), "--settle", "0")
        assert (done.returncode, done.stderr) == (1, "")
    finally:
        link.unlink()
        if made:
            folder.rmdir()


def test_a_socket_whose_engine_has_gone_is_told(engine: Engine, free: Sshd, home: Path) -> None:
    import socket

    stale = Path(engine.host.removeprefix("unix://")).with_name("stale.sock")
    stale.unlink(missing_ok=True)
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(stale))
    done = grade(free, home, EXERCISE, "--host", free.url(path=str(stale)))
    assert_ends(done, 3, f"{stale} is there, and no engine answers", "systemctl restart docker")


def test_a_frozen_engine_behind_ssh_is_told(engine: Engine, free: Sshd, home: Path) -> None:
    engine.pause_daemon()
    try:
        done = grade(free, home, EXERCISE, "--host", free.url(), "--timeout", "1")
    finally:
        engine.resume_daemon()
    assert_ends(done, 3, free.url(), "accepts connections but does not answer")
    assert ssh_processes() == []


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("ssh://root@127.0.0.1:2299", ["no ssh server listens there"]),
        ("ssh://root@10.98.77.77:22", ["the machine does not answer"]),
    ],
)
def test_a_machine_that_is_not_there_is_told(url: str, words: list[str], free: Sshd, home: Path) -> None:
    done = grade(free, home, EXERCISE, "--host", url, "--timeout", "1")
    assert_ends(done, 3, url, *words)


@pytest.mark.parametrize("url", ["ssh://", "ssh://-oProxyCommand=x", "ssh://a b", "ssh://me:secret@host", "ssh://h:x"])
def test_an_address_that_is_none_is_told(url: str, free: Sshd, home: Path) -> None:
    assert_ends(grade(free, home, EXERCISE, "--host", url), 2, "not an ssh server's address", "ssh://USER@HOST:PORT")


def test_a_killed_grade_leaves_no_ssh_behind(engine: Engine, free: Sshd, home: Path) -> None:
    if shutil.which("setpriv") is None:
        pytest.skip("setpriv, which ties a child to its parent, is not installed")
    engine.pause_daemon()
    try:
        settings = home / ".ssh" / "known_hosts"
        command = free.inside(sys.executable, "-c", _HOLD, free.url(), settings, free.key)
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
            assert process.stdout
            assert process.stdout.readline() == "stands\n"
            assert len(ssh_processes()) == 1
            process.kill()
        deadline = time.monotonic() + 10
        while ssh_processes() and time.monotonic() < deadline:
            time.sleep(0.05)
        assert ssh_processes() == []
    finally:
        engine.resume_daemon()


_HOLD = """
import sys, time
from pathlib import Path
from grader.host.address import Address
from grader.host.ssh import Tunnel
url, known, key = sys.argv[1:]
tunnel = Tunnel(Address(url, known_hosts=Path(known), key=Path(key)), 5)
print("stands", flush=True)
time.sleep(60)
"""


def test_a_jump_host_leads_there(engine: Engine, free: Sshd, strict: Sshd, tmp_path: Path) -> None:
    known = tmp_path / "known_hosts"
    known.write_text(free.known_host + strict.known_host)
    script = _JUMP.format(url=free.url(), key=free.key, jump=f"root@127.0.0.1:{strict.port}", known=known)
    strict_keys = Path(engine.host.removeprefix("unix://")).with_name(f"keys-{strict.port}")
    before, length = strict_keys.read_text(), len((strict.folder / "log").read_text())
    strict_keys.write_text(before + free.key.with_suffix(".pub").read_text())
    try:
        done = subprocess.run(
            free.inside(sys.executable, "-c", script), capture_output=True, text=True, check=False, cwd=ROOT
        )
    finally:
        strict_keys.write_text(before)
    assert done.stdout.startswith("API 1."), done.stderr
    assert "Accepted publickey" in (strict.folder / "log").read_text()[length:]
    assert (
        f"port {strict.port}" in (strict.folder / "log").read_text()
        or "Accepted publickey" in (strict.folder / "log").read_text()
    )


_JUMP = """
from pathlib import Path
from grader.host.address import Address
from grader.host.connect import connect
there = connect(Address("{url}", key=Path("{key}"), jump="{jump}", known_hosts=Path("{known}")), 5)
print("API", there.version)
there.close()
"""
