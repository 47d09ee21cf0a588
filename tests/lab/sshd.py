"""A real OpenSSH server in the network namespace of an engine, with keys and users of its own."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from . import netns, packages
from .daemon import spawn
from .engine import Engine
from .errors import LabError
from .process import Process, wait_for
from .run import run

SERVER = "/usr/sbin/sshd"
STRANGER = "stranger"
"""A user with a shell who may log in and is in no group."""

# The user exists in the server's own view of the machine only: nothing of the machine's is changed.
_LAUNCH = 'mount --bind "$1" /etc/passwd; mkdir -p /run/sshd; shift; exec "$@"'
_CONFIG = """
Port {port}
ListenAddress 127.0.0.1
ListenAddress ::1
HostKey {folder}/host
AuthorizedKeysFile {keys}
PidFile none
StrictModes no
UsePAM no
PasswordAuthentication no
KbdInteractiveAuthentication no
PermitRootLogin yes
MaxStartups 200
PrintMotd no
SetEnv PATH={path}
{extra}
"""


@dataclass(frozen=True)
class Sshd:
    """A server that runs."""

    engine: Engine
    port: int
    folder: Path

    @property
    def key(self) -> Path:
        """The private key that every user may log in with."""
        return self.folder / "key"

    @property
    def host_key(self) -> str:
        """The server's public key, as a roster has it."""
        return " ".join((self.folder / "host.pub").read_text().split()[:2])

    @property
    def known_host(self) -> str:
        """The line of a known_hosts file."""
        return f"[127.0.0.1]:{self.port} {self.host_key}\n[::1]:{self.port} {self.host_key}\n"

    def url(self, user: str = "root", host: str = "127.0.0.1", path: str | None = None) -> str:
        """Return the address for --host; by default with the engine's own socket."""
        socket = self.engine.host.removeprefix("unix://") if path is None else path
        return f"ssh://{user}@{host}:{self.port}{socket}"

    def inside(self, *command: str | Path) -> list[str]:
        """Return the command that runs another one where the server can be reached."""
        return ["nsenter", f"--net={netns.handle(self.engine.netns)}", *map(str, command)]


@contextmanager
def sshd(engine: Engine, folder: Path, port: int, extra: str = "") -> Iterator[Sshd]:
    """Serve in the engine's namespace until the block ends; `extra` are lines of its configuration."""
    _install()
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("host", "key"):
        make_key(folder / name)
    users = Path("/etc/passwd").read_text() + f"{STRANGER}:x:54321:54321::/tmp:/bin/sh\n"
    (folder / "passwd").write_text(users)
    keys = _readable(engine, port, (folder / "key.pub").read_text())
    text = _CONFIG.format(port=port, folder=folder, keys=keys, path=engine.env()["PATH"], extra=extra)
    (folder / "sshd_config").write_text(text)
    served = Sshd(engine, port, folder)
    launch = ["unshare", "--mount", "sh", "-ec", _LAUNCH, "launch", str(folder / "passwd")]
    daemon = [SERVER, "-D", "-e", "-f", str(folder / "sshd_config")]
    process = spawn(served.inside(*launch, *daemon), folder / "log")
    try:
        _await(process, port, folder)
        yield served
    finally:
        process.end(grace=2)


def _readable(engine: Engine, port: int, keys: str) -> Path:
    """Write the keys that may log in to where the users' own processes may read them: not in a private folder."""
    file = Path(engine.host.removeprefix("unix://")).with_name(f"keys-{port}")
    file.write_text(keys)
    return file


def make_key(path: Path) -> None:
    """Make a pair of keys, unless it is there."""
    if not path.exists():
        run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "lab", "-f", str(path)])


def _await(process: Process, port: int, folder: Path) -> None:
    wait_for(lambda: not process.alive or netns.listens(process, port), 10)
    if not netns.listens(process, port):
        raise LabError(f"sshd did not start: {(folder / 'log').read_text()}")


def _install() -> None:
    if shutil.which("sshd", path="/usr/sbin") is None:
        packages.install("openssh-server")
