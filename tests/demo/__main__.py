"""`python -m tests.demo`: the demonstration, on whatever this machine offers.

Exit codes: 0 both verdicts were as expected; 1 they were not, or something failed; 2 nothing was touched;
130 interrupted.
"""

import argparse
import os
import sys

from tests import lab
from tests.lab import EngineBusyError, LabError
from tests.lab.run import run

from . import story
from .command import Environment, end_in_order, say, undisturbed
from .footprint import PORT, collisions, docker, port_is_taken

NAME = "demo"


def main() -> int:
    """Find an engine, tell the story, and return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.demo", description=story.__doc__)
    parser.add_argument("--save-evidence", action="store_true", help="renew the files in tests/demo/evidence")
    options = parser.parse_args()
    end_in_order()
    try:
        return _demonstrate(save=options.save_evidence)
    except LabError as fault:
        say(f"demo: {fault}")
        return 1
    except KeyboardInterrupt:
        say("\ninterrupted")
        return 130


def _demonstrate(*, save: bool) -> int:
    no_lab = lab.available()
    if no_lab is None:
        return on_private_engine(save=save)
    no_engine = unusable(os.environ)
    if no_engine is None:
        say(f"No private engine can run here ({no_lab}): this uses your own, and tidies up afterwards.")
        return on_engine_at_hand(os.environ)
    return on_evidence(no_lab, no_engine)


def on_private_engine(*, save: bool = False) -> int:
    """Tell the story on an engine that is started for it."""
    say("Starting a private Docker engine; the first on a machine takes some minutes, to make images.\n")
    try:
        engine = lab.start(NAME)
    except EngineBusyError as busy:
        say(f"demo: {busy}")
        return 2
    try:
        return on_engine(engine.env(), save=save)
    finally:
        with undisturbed():
            engine.stop()
            say("The private engine is stopped.")


def on_engine_at_hand(environment: Environment) -> int:
    """Tell the story on the user's engine, if there is room for it."""
    if _is_here(environment) and port_is_taken():
        return _refuse([f"port {PORT} of this machine, on which something listens"])
    return on_engine(environment)


def on_engine(environment: Environment, *, save: bool = False) -> int:
    """Tell the story on an engine, if nothing on it is in the way."""
    if found := collisions(environment):
        return _refuse(found)
    return 0 if story.tell(environment, save=save) else 1


def on_evidence(no_lab: str, no_engine: str) -> int:
    """Tell the story from saved evidence, and say why."""
    say(
        f"No Docker engine is at hand ({no_engine}), and no private one can run here ({no_lab}).\n"
        "So nothing is built now: what follows judges evidence that was saved from a real engine.\n"
    )
    return 0 if story.retell() else 1


def unusable(environment: Environment) -> str | None:
    """Return why docker's own choice of an engine cannot be used, None if it can."""
    try:
        kind = run(["docker", "version", "--format", "{{.Server.Os}}"], env=environment, timeout=20).strip()
    except LabError as fault:
        return str(fault).splitlines()[-1]
    return None if kind == "linux" else f"the engine runs {kind or 'unknown'} containers, not Linux ones"


def _is_here(environment: Environment) -> bool:
    """Return whether the engine publishes its ports on this machine."""
    host = docker(environment, "context", "inspect", "--format", "{{.Endpoints.docker.Host}}")
    return host.startswith(("unix://", "npipe://"))


def _refuse(found: list[str]) -> int:
    say("The demonstration needs these for itself, and they are taken:")
    say("".join(f"    {each}\n" for each in found))
    say("Nothing was touched. Remove or rename them, then try again.")
    return 2


if __name__ == "__main__":
    sys.exit(main())
