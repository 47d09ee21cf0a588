"""An isolated Docker engine: start it, use it, wipe it, stop it."""

import json
import shutil
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from . import client, daemon, kit, state, wipe
from .api import Api
from .errors import EngineBusyError, LabError
from .kit import Kit
from .paths import RUNTIME, Places, cache_dir, locked
from .process import Process, me
from .run import run
from .state import State


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

    def variables(self) -> dict[str, str]:
        """Return what this engine adds to or changes in the environment."""
        return client.variables(self._places)

    def env(self) -> dict[str, str]:
        """Return a complete environment in which `docker` and `docker compose` mean this engine."""
        return client.environment(self._places)

    def docker(self, *args: str | Path, check: bool = True, input: str | None = None) -> str:  # noqa: A002
        """Run the docker command and return its stdout."""
        return run([client.docker_program(), *args], check=check, stdin=input, env=self.env())

    def compose(self, *args: str | Path, cwd: Path | None = None, check: bool = True) -> str:
        """Run `docker compose` in this folder and return its stdout."""
        return run([client.docker_program(), "compose", *args], check=check, env=self.env(), cwd=cwd)

    def sh(self, script: Path, cwd: Path | None = None, timeout: float = 300) -> str:
        """Run a shell script whose `docker` means this engine and return its stdout."""
        return run(["bash", "-e", script], env=self.env(), cwd=cwd, timeout=timeout)

    def wipe(self) -> None:
        """Remove containers, networks, volumes, swarm and all images but the base ones, as they were."""
        base = json.loads(self._places.stamp.read_text())["images"]
        wipe.wipe(self._places.socket, base)

    def pause_daemon(self) -> None:
        """Freeze the daemon: its socket accepts, and nothing ever answers."""
        self._process.send(signal.SIGSTOP)

    def resume_daemon(self) -> None:
        """Let a frozen daemon go on."""
        self._process.send(signal.SIGCONT)

    def stop(self) -> None:
        """End the engine and remove all it made but the cached images; harmless when it is stopped."""
        with _alone(self._places):
            self.resume_daemon()
            _stop(self._places, self._process)


def start(name: str = "lab", *, cache: Path | None = None, detached: bool = False) -> Engine:
    """Start an engine, or raise `EngineBusyError` when a live one of this name serves somebody else.

    A detached engine runs until it is stopped by name, and a second detached start returns the same one;
    any other belongs to this process, and may be taken over once the process is gone.
    """
    places = Places(name, cache or cache_dir())
    shared = kit.ensure(places.cache)
    with _alone(places):
        running = _running(places)
        if running and running.owner is None and detached and daemon.answers(places):
            return Engine(places, running.daemon)
        _refuse_if_used(places, running)
        daemon.halt(places, running.daemon if running else None)
        return _started(places, shared, None if detached else me())


def stop(name: str, *, cache: Path | None = None) -> None:
    """Stop the engine of this name, or clean up what a crashed one left."""
    places = Places(name, cache or cache_dir())
    with _alone(places):
        known = state.read(places)
        found = Places(name, Path(known.cache)) if known else places
        _stop(found, known.daemon if known else None)


def _started(places: Places, shared: Kit, owner: Process | None) -> Engine:
    if not _is_current(places, shared):
        shutil.rmtree(places.data.parent, ignore_errors=True)
    places.run.mkdir(parents=True)
    process = None
    try:
        with locked(RUNTIME / "slots.lock"):  # taken once the record is written
            slot = state.free_slot(places)
            process = daemon.boot(places, slot)
            state.write(places, State(process, owner, slot, str(places.cache)))
        client.prepare(places, shared.compose)
        daemon.await_answer(places, process)
        if not places.stamp.exists():
            _load(places, shared)
        engine = Engine(places, process)
        engine.wipe()  # the data-root may come from an engine that was killed
    except BaseException:
        daemon.halt(places, process)
        raise
    return engine


def _load(places: Places, shared: Kit) -> None:
    with Api(places.socket, timeout=300) as api:
        api.call("POST", "/images/load?quiet=1", body=shared.images)
        stamp = {"recipe": shared.recipe, "images": wipe.images(api)}
    draft = places.stamp.with_suffix(".new")
    draft.write_text(json.dumps(stamp, indent=1))
    draft.replace(places.stamp)


def _is_current(places: Places, shared: Kit) -> bool:
    try:
        return bool(json.loads(places.stamp.read_text())["recipe"] == shared.recipe)
    except (FileNotFoundError, ValueError):
        return False


def _stop(places: Places, process: Process | None) -> None:
    if process and process.alive and places.stamp.exists() and daemon.answers(places):
        with suppress(LabError):  # the next start wipes again, and the processes end in any case
            wipe.wipe(places.socket, json.loads(places.stamp.read_text())["images"])
    daemon.halt(places, process)


def _running(places: Places) -> State | None:
    found = state.read(places)
    return found if found and found.daemon.alive else None


def _refuse_if_used(places: Places, running: State | None) -> None:
    if running and not running.abandoned:
        user = f"process {running.owner.pid}" if running.owner else "`up`"
        raise EngineBusyError(f"an engine named {places.name} runs already, started by {user}")


@contextmanager
def _alone(places: Places) -> Iterator[None]:
    """Hold the name: starts and stops of one engine never overlap."""
    with locked(RUNTIME / f"{places.name}.lock"):
        yield
