"""One dockerd in its own network and mount namespace: start it, wait for it, end it with all it made."""

import os
import shutil
import signal
from functools import partial
from pathlib import Path

from . import cgroups, netns
from .api import Api
from .errors import LabError
from .paths import Places
from .process import Process, wait_for
from .run import run

# dockerd would join a containerd that already serves this machine, and 20.10 shares its id through
# /etc/docker: both are hidden from it. The mount namespace also takes every mount along when it ends.
# Another release's /usr and /etc laid over this machine's give its programs without a change of root, which
# would hide the folders that containers mount, and without a chroot, in which dockerd cannot load images.
_LAUNCH = """
if [ -n "$2" ]; then
    [ ! -d /usr/lib/modules ] || mount --rbind /usr/lib/modules "$2/usr/lib/modules"
    mount --rbind "$2/etc" /etc
    mount --rbind "$2/usr" /usr
fi
mount -t tmpfs none /run/containerd
mount --bind "$1" /etc/docker
shift 2
exec "$@"
"""


def boot(places: Places, slot: int, tree: Path | None = None) -> Process:
    """Start the daemon, of this machine or of a release's tree; it need not answer yet."""
    for folder in (places.run / "etc", places.data, Path("/run/containerd"), Path("/etc/docker")):
        folder.mkdir(parents=True, exist_ok=True)
    # What an engine that was killed remembers of its swarm, it would wait for: 20 s for a manager that is gone.
    shutil.rmtree(places.data / "swarm", ignore_errors=True)
    netns.create(places.netns)
    enter = ["nsenter", f"--net={netns.handle(places.netns)}", "unshare", "--mount", "--propagation", "slave"]
    launch = ["sh", "-ec", _LAUNCH, "launch", str(places.run / "etc"), str(tree or "")]
    return spawn([*enter, *launch, *_dockerd(places, slot)], places.log)


def await_answer(places: Places, daemon: Process, seconds: float = 60) -> None:
    """Wait until the daemon answers; when it ends instead, its own words say why."""
    wait_for(lambda: not daemon.alive or answers(places), seconds)
    if not answers(places):
        raise LabError(f"the engine {places.name} did not start:\n{_last_words(places.log)}")


def answers(places: Places, timeout: float = 5) -> bool:
    """Whether the engine answers a ping."""
    try:
        with Api(places.socket, timeout) as api:
            return bool(api.get("/_ping") == "OK")
    except LabError:
        return False


def halt(places: Places, daemon: Process | None) -> None:
    """End the daemon and remove all it left, also after a crash: processes, mounts, namespace, folders."""
    if daemon:
        daemon.end(grace=10)
    _kill_leftovers(places)
    for mount in _mounts_below(places.run, places.data):
        run(["umount", "--lazy", mount], check=False)
    netns.remove(places.netns)
    cgroups.remove(places.cgroup)
    shutil.rmtree(places.run, ignore_errors=True)


def processes(places: Places) -> list[Process]:
    """Return every process of the engine: those in its network namespace and those of its containers."""
    return [*netns.members(places.netns), *cgroups.members(places.cgroup)]


def _kill_leftovers(places: Places) -> None:
    for _ in range(50):  # a process may start another one while we look
        found = [process for process in processes(places) if process.alive]
        if not found:
            return
        for process in found:
            process.send(signal.SIGKILL)
        wait_for(partial(_all_ended, found), 1)
    raise LabError(f"processes of the engine {places.name} do not end: {[process.pid for process in found]}")


def _all_ended(found: list[Process]) -> bool:
    return not any(process.alive for process in found)


def _dockerd(places: Places, slot: int) -> list[str]:
    settings = {
        "--config-file": _empty_config(places),  # not the machine's own daemon.json
        "--host": f"unix://{places.socket}",
        "--pidfile": places.run / "docker.pid",
        "--data-root": places.data,
        "--exec-root": places.run / "exec",
        "--bip": f"10.{100 + slot}.0.1/24",
        "--default-address-pool": f"base=10.{100 + slot}.128.0/17,size=24",
        "--cgroup-parent": f"/{places.cgroup}",
        "--exec-opt": "native.cgroupdriver=cgroupfs",  # systemd's slices would escape the parent above
        "--shutdown-timeout": 2,
        "--log-level": "warn",
    }
    return ["dockerd", *(f"{option}={value}" for option, value in settings.items()), *places.options]


def _empty_config(places: Places) -> Path:
    path = places.run / "daemon.json"
    path.write_text("{}\n")
    return path


def spawn(command: list[str], log: Path) -> Process:
    """Start a program that writes to a log; it may outlive this process."""
    # posix_spawn, not Popen: the daemon may outlive this process by design, and nothing must complain.
    program = shutil.which(command[0])
    if program is None:
        raise LabError(f"{command[0]} is not installed")
    output = (os.POSIX_SPAWN_OPEN, 1, str(log), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    files = [(os.POSIX_SPAWN_OPEN, 0, "/dev/null", os.O_RDONLY, 0), output, (os.POSIX_SPAWN_DUP2, 1, 2)]
    pid = os.posix_spawn(program, command, os.environ, file_actions=files, setsid=True)
    found = Process.of(pid)
    if found is None:
        raise LabError(f"{command[0]} ended at once: {_last_words(log)}")
    return found


def _mounts_below(*folders: Path) -> list[str]:
    mounts = [line.split()[4] for line in Path("/proc/self/mountinfo").read_text().splitlines()]
    return [it for it in reversed(mounts) if any(Path(it).is_relative_to(folder) for folder in folders)]


def _last_words(log: Path) -> str:
    return "\n".join(log.read_text().splitlines()[-15:]) if log.exists() else "it said nothing"
