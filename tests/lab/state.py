"""What is written down about a running engine, so that any later process can use, stop or clean it up."""

import json
from dataclasses import asdict, dataclass

from .paths import RUNTIME, Places
from .process import Process

_SLOTS = 100


@dataclass(frozen=True)
class State:
    """A daemon and the process that uses it; no owner means that it runs until somebody says `down`."""

    daemon: Process
    owner: Process | None
    slot: int
    cache: str
    release: str = ""

    @property
    def abandoned(self) -> bool:
        """Whether the engine was meant to end with a process that is gone."""
        return self.owner is not None and not self.owner.alive


def read(places: Places) -> State | None:
    """Return the record of the engine; None when there is none, or it was cut off half-written."""
    try:
        found = json.loads(places.state.read_text())
        owner = Process(**found["owner"]) if found["owner"] else None
        return State(Process(**found["daemon"]), owner, found["slot"], found["cache"], found.get("release", ""))
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return None


def write(places: Places, state: State) -> None:
    """Record the engine in one step, so that nobody reads half a record."""
    draft = places.state.with_suffix(".new")
    draft.write_text(json.dumps(asdict(state)))
    draft.replace(places.state)


def names() -> list[str]:
    """Return the names of all engines that left something in the runtime folder."""
    return sorted(path.name for path in RUNTIME.iterdir() if path.is_dir()) if RUNTIME.is_dir() else []


def free_slot(places: Places) -> int:
    """Return the lowest number that no other engine took: it decides the engine's addresses."""
    others = (read(Places(name, places.cache)) for name in names() if name != places.name)
    taken = {state.slot for state in others if state}
    return min(set(range(_SLOTS)) - taken)
