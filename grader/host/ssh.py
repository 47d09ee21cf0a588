"""The way to an engine through the system's own OpenSSH: one process, and a socket here that leads to the one there.

The user's agent and configuration are at work as on the command line; nothing is ever asked for, and a server that
nobody vouched for is refused.
"""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
import weakref
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from grader.errors import EngineUnreachable, UsageError
from grader.host.relay import Relay
from grader.host.sshfaults import after_look, told_by

if TYPE_CHECKING:
    from grader.errors import EngineError
    from grader.host.address import Address

USUAL_SOCKET = "/var/run/docker.sock"
_PLAIN = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-:%")
_ALIAS = "grade-host"
_PULSE = 0.01
_LONGEST_PAUSE = 0.1
_LOOK = """
test -S {socket} && echo socket; test -w {socket} && echo writable; command -v docker >/dev/null && echo docker
rootless=/run/user/$(id -u)/docker.sock; test -S $rootless && echo rootless=$rootless; id -un | sed s/^/user=/
"""


@dataclass(frozen=True, slots=True)
class Server:
    """An ssh server, by the words of its URL."""

    host: str
    port: int | None
    user: str | None
    socket: str

    @property
    def words(self) -> list[str]:
        """Return what names it on ssh's command line."""
        port = ["-p", str(self.port)] if self.port else []
        user = ["-l", self.user] if self.user else []
        return [*port, *user, "--", self.host]


def server(url: str) -> Server:
    """Return what an ssh:// URL says, its path being the engine's socket; UsageError when it says nothing."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError as fault:
        raise _unreadable(url) from fault
    if not host or not _PLAIN.issuperset(host) or host.startswith("-") or parts.password or parts.query:
        raise _unreadable(url)
    if parts.username is not None and (not parts.username or not _PLAIN.issuperset(parts.username)):
        raise _unreadable(url)
    return Server(host, port, parts.username, parts.path.rstrip("/") or USUAL_SOCKET)


def _unreadable(url: str) -> UsageError:
    return UsageError(f"{url}: not an ssh server's address", "write it as ssh://USER@HOST:PORT, an IPv6 one in [ ]")


class Tunnel:
    """A way through ssh that stands until it is closed, or forgotten, or this process ends."""

    def __init__(self, address: Address, timeout: float) -> None:
        self.url = address.url or ""
        self._there = server(self.url)
        self._socket = address.socket or self._there.socket
        self._folder = Path(tempfile.mkdtemp(prefix="grade-"))
        self._timeout = timeout
        self._options = _options(address, timeout, self._folder)
        self._relay: Relay | None = None
        forward = ["-N", "-L", f"{self._here}:{self._socket}", *self._master]
        log = self._folder / "log"
        try:
            with log.open("wb") as errors:
                self._ssh = subprocess.Popen(
                    [*_tied(), "ssh", *self._options, *forward, *self._there.words],
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    stderr=errors,
                    env=_environment(),
                    start_new_session=True,  # ctrl-C is for us: we still have to tidy up at the far end
                )
        except FileNotFoundError as missing:
            shutil.rmtree(self._folder, ignore_errors=True)
            raise UsageError("there is no ssh on this machine", "install OpenSSH's client") from missing
        self.close = weakref.finalize(self, _end, self._ssh, self._folder)
        try:
            self._await()
        except BaseException:
            self.close()
            raise

    @property
    def base_url(self) -> str:
        """Return the address here that leads to the engine there."""
        return f"unix://{self._relay.path if self._relay else self._here}"

    def detour(self, fault: EngineError) -> None:
        """Let `docker system dial-stdio` carry what may not be forwarded, or raise what is wrong over there."""
        if self._ssh.poll() is not None:
            raise told_by(self._said(), self.url, self._there.host) from fault
        seen = self._look()
        if not {"writable", "docker"} <= seen or self._relay or not self._forwarding_failed():
            raise after_look(seen, self.url, self._socket, fault) from fault
        carry = ["docker", "-H", f"unix://{self._socket}", "system", "dial-stdio"]
        self._relay = Relay(self._folder / "relay.sock", self._command(shlex.join(carry)), _environment())
        self.close.detach()
        self.close = weakref.finalize(self, _end, self._ssh, self._folder, self._relay)

    @property
    def _here(self) -> Path:
        return self._folder / "docker.sock"

    @property
    def _master(self) -> list[str]:
        return ["-o", "ControlMaster=yes", "-o", f"ControlPath={self._folder / 'c'}", "-o", "ControlPersist=no"]

    def _command(self, remote: str) -> list[str]:
        """Return what runs a command over there, through the connection that stands."""
        through = ["-T", "-o", "ControlMaster=no", "-o", f"ControlPath={self._folder / 'c'}"]
        return ["ssh", *self._options, *through, *self._there.words, remote]

    def _look(self) -> frozenset[str]:
        """Return what a shell over there says of the engine's socket; nothing where there is no shell."""
        script = _LOOK.format(socket=shlex.quote(self._socket))
        look = self._command(f"sh -c {shlex.quote(script)}")
        try:
            done = subprocess.run(
                look, capture_output=True, text=True, timeout=self._timeout, check=False, stdin=subprocess.DEVNULL
            )
        except subprocess.TimeoutExpired:
            return frozenset()
        return frozenset(done.stdout.split())

    def _await(self) -> None:
        """Wait until the socket is there, or ssh has given up, or our patience is at its end."""
        deadline, pause = time.monotonic() + self._timeout + 1, _PULSE
        while not self._here.exists():
            if self._ssh.poll() is not None:
                raise told_by(self._said(), self.url, self._there.host)
            if time.monotonic() > deadline:
                raise EngineUnreachable(
                    f"{self.url}: the ssh server did not let us in within {self._timeout:g} s",
                    "check that the machine is awake; if it is only slow, allow more with --timeout",
                )
            time.sleep(pause)
            pause = min(_LONGEST_PAUSE, pause * 1.3)

    def _forwarding_failed(self) -> bool:
        return "open failed" in self._said()

    def _said(self) -> str:
        return (self._folder / "log").read_text(errors="replace")


def _options(address: Address, timeout: float, folder: Path) -> list[str]:
    """Return how to speak to the server: without a question, in bounded time, strict about keys."""
    settings = {
        "BatchMode": "yes",
        "ConnectTimeout": str(max(1, round(timeout))),
        "ConnectionAttempts": "1",
        "ServerAliveInterval": "5",
        "ServerAliveCountMax": "3",
        "ExitOnForwardFailure": "yes",
        "ForwardAgent": "no",
        "ForwardX11": "no",
        "PermitLocalCommand": "no",
        "RequestTTY": "no",
        "LogLevel": "INFO",
    }
    key = ["-i", str(address.key), "-o", "IdentitiesOnly=yes"] if address.key else []
    vouched, alias = _vouched(address, folder)
    plain = [*_as_words(settings | vouched), *key]
    if address.jump:
        on_the_way = server(f"ssh://{address.jump}")
        jump = [*plain, "-W", "[%h]:%p", *on_the_way.words]
        settings["ProxyCommand"] = f"ssh {' '.join(map(_quoted, jump))}"
    return [*_as_words(settings | vouched | alias), *key]


def _vouched(address: Address, folder: Path) -> tuple[dict[str, str], dict[str, str]]:
    """Return who vouches for servers, and what the last one on the way is to be called."""
    if not (address.host_keys or address.known_hosts):
        return {"StrictHostKeyChecking": "yes"}, {}
    files = [str(address.known_hosts)] if address.known_hosts else []
    alias: dict[str, str] = {}
    if address.host_keys:
        named = folder / "keys"
        named.write_text("".join(f"{_ALIAS} {key}\n" for key in address.host_keys))
        files.append(str(named))
        alias = {"HostKeyAlias": _ALIAS, "StrictHostKeyChecking": "yes"}
    return {
        "StrictHostKeyChecking": "accept-new" if address.accept_new else "yes",
        "UserKnownHostsFile": " ".join(f'"{file}"' for file in files),
        "GlobalKnownHostsFile": "none",
        "KnownHostsCommand": "none",
        "VerifyHostKeyDNS": "no",
        "UpdateHostKeys": "no",
        "CheckHostIP": "no",
        "HashKnownHosts": "no",
    }, alias


def _as_words(settings: dict[str, str]) -> list[str]:
    return [word for name, value in settings.items() for word in ("-o", f"{name}={value}")]


def _quoted(word: str) -> str:
    """Return a word for the shell that ssh gives its ProxyCommand to; a lone % would be a code of ssh's."""
    return word if word == "[%h]:%p" else shlex.quote(word.replace("%", "%%"))


def _environment() -> dict[str, str]:
    """Return an environment in which ssh asks nobody, and says what it says in English."""
    hidden = ("SSH_ASKPASS", "SSH_ASKPASS_REQUIRE", "DISPLAY")
    return {name: value for name, value in os.environ.items() if name not in hidden} | {"LC_ALL": "C"}


def _tied() -> list[str]:
    """Return what makes a child end even when we are killed: nobody else would end it."""
    program = shutil.which("setpriv") if sys.platform == "linux" else None
    util_linux = program and Path(program).resolve().name == "setpriv"  # busybox has one that cannot do it
    return [program, "--pdeathsig", "TERM"] if program and util_linux else []


def _end(process: subprocess.Popen[bytes], folder: Path, relay: Relay | None = None) -> None:
    if relay:
        relay.close()
    process.terminate()
    try:
        process.wait(2)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    shutil.rmtree(folder, ignore_errors=True)
