"""An isolated Docker engine: use it, wipe it, stop it."""

import signal
from pathlib import Path

from . import client, daemon, lifecycle
from .errors import LabError
from .paths import Places, cache_dir
from .process import Process
from .run import run


class Engine:
    """A running engine of its own: no registry, no way out, nobody else's containers."""

    def __init__(self, places: Places, process: Process) -> None:
        self.name = places.name
        self._places = places
        self._process = process

    def __enter__(self) -> "Engine":
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def host(self) -> str:
        """The value for DOCKER_HOST."""
        return f"unix://{self._places.socket}"

    @property
    def pids(self) -> list[int]:
        """The ids of all processes of this engine and its containers; the daemon's comes first."""
        others = {process.pid for process in daemon.processes(self._places)} - {self._process.pid}
        return [self._process.pid, *sorted(others)]

    @property
    def netns(self) -> str:
        """The name of the network namespace that the engine lives in."""
        return self._places.netns

    @property
    def address(self) -> str:
        """Where the engines that it is linked with find it."""
        return lifecycle.address(self._places)

    def link(self, other: "Engine") -> None:
        """Let this engine and another one reach each other, as hosts on one wire; wiping leaves the wire."""
        lifecycle.link(self._places, other._places)

    def variables(self) -> dict[str, str]:
        """Return what this engine adds to or changes in the environment."""
        return client.variables(self._places)

    def env(self) -> dict[str, str]:
        """Return a complete environment in which `docker` and `docker compose` mean this engine."""
        return client.environment(self._places)

    def docker(
        self,
        *args: str | Path,
        check: bool = True,
        input: str | None = None,  # noqa: A002 - the name that subprocess uses
        timeout: float = 300,
    ) -> str:
        """Run the docker command and return its stdout."""
        command = [client.docker_program(), *args]
        return run(command, check=check, stdin=input, env=self.env(), timeout=timeout)

    def compose(self, *args: str | Path, cwd: Path | None = None, check: bool = True) -> str:
        """Run `docker compose` in this folder and return its stdout."""
        return run([client.docker_program(), "compose", *args], check=check, env=self.env(), cwd=cwd)

    def sh(self, script: Path, cwd: Path | None = None, timeout: float = 300) -> str:
        """Run a shell script whose `docker` means this engine and return its stdout."""
        return run(["bash", "-e", script], env=self.env(), cwd=cwd, timeout=timeout)

    def wipe(self) -> None:
        """Remove containers, networks, volumes, swarm and all images but the base ones, as they were."""
        self.resume_daemon()
        try:
            lifecycle.clean(self._places)
        except LabError:
            # 20.10 may count an endpoint that is gone, and only a restart lets its network be removed
            self._process = lifecycle.restart(self._places)

    def clear(self) -> None:
        """Remove containers, networks and volumes, and keep the images that were built meanwhile."""
        self.resume_daemon()
        try:
            lifecycle.clear(self._places)
        except LabError:
            self._process = lifecycle.restart(self._places)

    def pause_daemon(self) -> None:
        """Freeze the daemon: its socket accepts, and nothing ever answers."""
        self._process.send(signal.SIGSTOP)

    def resume_daemon(self) -> None:
        """Let a frozen daemon go on."""
        self._process.send(signal.SIGCONT)

    def halt_daemon(self) -> None:
        """End the daemon as a machine that is switched off does; `restart_daemon` brings it back."""
        self.resume_daemon()
        lifecycle.halt(self._places, self._process)

    def restart_daemon(self) -> None:
        """Start the daemon anew with what it had: containers that ran are stopped now."""
        self._process = lifecycle.restart(self._places, wiped=False)

    def stop(self) -> None:
        """End the engine and remove all it made but the cached images; harmless when it is stopped."""
        self.resume_daemon()
        lifecycle.stop(self._places, self._process)


def start(
    name: str = "lab",
    *,
    release: str = "",
    cache: Path | None = None,
    detached: bool = False,
    options: tuple[str, ...] = (),
) -> Engine:
    """Start an engine, or raise `EngineBusyError` when a live one of this name serves somebody else.

    A detached engine runs until it is stopped by name, and a second detached start returns the same one;
    any other belongs to this process, and may be taken over once the process is gone. `release` chooses the
    engine of a Debian release, "bookworm", "trixie" or "sid", in place of the one installed here; `options` are the
    daemon's own.
    """
    places = Places(name, cache or cache_dir(), release, options)
    return Engine(places, lifecycle.start(places, detached=detached))


def stop(name: str) -> None:
    """Stop the engine of this name, or clean up what a crashed one left."""
    lifecycle.stop(lifecycle.places_of(name))


def link(one: str, other: str) -> None:
    """Let two engines that run under these names reach each other."""
    lifecycle.link(lifecycle.places_of(one), lifecycle.places_of(other))
