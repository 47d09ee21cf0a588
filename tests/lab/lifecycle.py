"""How an engine comes up and goes down, whatever an earlier one of its name left behind."""

import json
import shutil
from contextlib import AbstractContextManager, ExitStack, suppress
from pathlib import Path

from . import client, daemon, kit, netns, releases, state, wipe
from .api import Api
from .errors import EngineBusyError, LabError
from .kit import Kit
from .paths import RUNTIME, Places, cache_dir, locked
from .process import Process, me, wait_for
from .state import State

_GOSSIP = 7946
_SILENCE = 1
"""Seconds for the port to close; an engine that finds nobody to take leave of never closes it."""


def start(places: Places, *, detached: bool) -> Process:
    """Start an engine and return its daemon; a detached one that runs already is used as it is."""
    shared = kit.ensure(places.cache)
    with _alone(places):
        running = _running(places)
        if running and detached and _is_this(running, places) and daemon.answers(places):
            return running.daemon
        _refuse_if_used(places, running)
        daemon.halt(places, running.daemon if running else None)
        return _booted(places, shared, None if detached else me())


def restart(places: Places, *, wiped: bool = True) -> Process:
    """Replace the daemon by a new one, which has forgotten what the old one only believed.

    Unless it is wiped, networks and images are there again, and the containers that ran are stopped.
    """
    shared = kit.ensure(places.cache)
    with _alone(places):
        known = state.read(places)
        daemon.halt(places, known.daemon if known else None)
        return _booted(places, shared, known.owner if known else me(), wiped=wiped)


def halt(places: Places, process: Process) -> None:
    """End the daemon and its containers, and keep what it has stored."""
    with _alone(places):
        daemon.halt(places, process)


def stop(places: Places, process: Process | None = None) -> None:
    """Stop the engine, or only this very daemon of it, and remove all it left."""
    with _alone(places):
        known = state.read(places)
        if process and known and known.daemon != process:
            return  # the name has passed on to another engine
        if known and known.daemon.alive and daemon.answers(places):
            with suppress(LabError, OSError):  # the next start wipes again, and all processes end in any case
                clean(places)
        daemon.halt(places, known.daemon if known else process)


def link(one: Places, other: Places) -> None:
    """Let two running engines reach each other; harmless when they do."""
    if one.name == other.name:
        raise LabError(f"an engine needs no link to itself: {one.name}")
    with ExitStack() as held:
        for places in sorted((one, other), key=lambda each: each.name):  # in one order, so that nobody waits for ever
            held.enter_context(_alone(places))
        netns.link(*((places.netns, _slot(places)) for places in (one, other)))


def address(places: Places) -> str:
    """Return the address that a running engine has for those it is linked with."""
    return netns.address(_slot(places))


def _slot(places: Places) -> int:
    found = _running(places)
    if found is None:
        raise LabError(f"the engine {places.name} does not run: python -m tests.lab up --name {places.name}")
    return found.slot


def clean(places: Places) -> None:
    """Remove everything from a running engine but its base images, and bring back those that are missing."""
    clear(places)
    base = json.loads(places.stamp.read_text())["images"]
    wipe.wipe_images(places.socket, set(base.values()))
    with Api(places.socket, timeout=300) as api:
        if set(base.values()) - set(wipe.images(api).values()):
            api.call("POST", "/images/load?quiet=1", body=kit.ensure(places.cache).images)
        wipe.restore_tags(api, base)


def clear(places: Places) -> None:
    """Remove containers, swarm, networks and volumes from a running engine, and leave its images."""
    wipe.clear(places.socket)
    _await_silence(places)


def _await_silence(places: Places) -> None:
    """Wait until the engine has really left its swarm, or else it hears no gossip in the next one."""
    known = _running(places)
    if known and not wait_for(lambda: not netns.listens(known.daemon, _GOSSIP), _SILENCE):
        raise LabError(f"the engine {places.name} still listens on port {_GOSSIP}, though it has left its swarm")


def places_of(name: str) -> Places:
    """Return the files of an engine that runs, or of one that might."""
    known = state.read(Places(name, cache_dir()))
    return Places(name, Path(known.cache), known.release) if known else Places(name, cache_dir())


def _booted(places: Places, shared: Kit, owner: Process | None, *, wiped: bool = True) -> Process:
    if not _is_current(places, shared):
        shutil.rmtree(places.kept, ignore_errors=True)
    tree = releases.ensure(places.cache, places.release) if places.release else None
    process = None
    try:
        with locked(RUNTIME / "slots.lock"):  # a slot is taken once it is recorded
            slot = state.free_slot(places)
            process = daemon.boot(places, slot, tree)
            # until it is ready it belongs to this process: when this is killed, the next start takes over
            state.write(places, State(process, me(), slot, str(places.cache), places.release))
        client.prepare(places, shared.compose)
        daemon.await_answer(places, process)
        if not places.stamp.exists():
            _load_images(places, shared)
        if wiped:
            clean(places)  # the data-root may come from an engine that was killed
        state.write(places, State(process, owner, slot, str(places.cache), places.release))
    except BaseException:
        daemon.halt(places, process)
        raise
    return process


def _load_images(places: Places, shared: Kit) -> None:
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


def _running(places: Places) -> State | None:
    found = state.read(places)
    return found if found and found.daemon.alive else None


def _is_this(running: State, places: Places) -> bool:
    return running.owner is None and (running.cache, running.release) == (str(places.cache), places.release)


def _refuse_if_used(places: Places, running: State | None) -> None:
    if running is None or running.abandoned:
        return
    if running.owner:
        raise EngineBusyError(f"the engine {places.name} is used by process {running.owner.pid}")
    raise EngineBusyError(f"the engine {places.name} runs until `python -m tests.lab down --name {places.name}`")


def _alone(places: Places) -> AbstractContextManager[None]:
    """Hold the name: starts and stops of one engine never overlap."""
    return locked(RUNTIME / f"{places.name}.lock")
