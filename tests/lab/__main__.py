"""`python -m tests.lab up|shell|link|down|status|serve`: a lab by hand."""

import argparse
import os
import subprocess
import sys

from . import engine, releases, state
from .daemon import answers, processes
from .errors import LabError
from .lifecycle import address
from .packages import available
from .paths import Places, cache_dir
from .serve import serve


def main() -> int:
    """Run one command and return its exit code."""
    options = _options()
    try:
        return int(_COMMANDS[options.command](options) or 0)
    except LabError as error:
        print(f"lab: {error}", file=sys.stderr)
        return 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.lab", description=sys.modules["tests.lab"].__doc__)
    parser.add_argument("command", choices=_COMMANDS)
    parser.add_argument("engines", nargs="*", metavar="NAME", help="link: the two engines; serve: one or more")
    parser.add_argument("--name", default="lab", help="one of several engines (default: lab)")
    parser.add_argument("--release", default="", choices=releases.NAMES, help="the Debian release of the engine")
    parser.add_argument("--all", action="store_true", help="down: every engine of this machine's labs")
    options = parser.parse_args()
    if len(options.engines) not in _NAMES.get(options.command, range(1)):
        parser.error("link takes the names of two engines, serve those of any; the other commands take --name")
    return options


def _up(options: argparse.Namespace) -> None:
    found = _engine(options)
    exports = [f"export {name}={value}" for name, value in found.variables().items()]
    remark = f"# or use it with: python -m tests.lab shell --name {found.name}"
    print(f"# The engine {found.name} runs. Use it with:", *exports, remark, sep="\n")


def _shell(options: argparse.Namespace) -> int:
    found = _engine(options)
    shell = os.environ.get("SHELL", "/bin/sh")
    print(f"DOCKER_HOST={found.host}; leave with exit, the engine keeps running", file=sys.stderr)
    return subprocess.run([shell], env=found.env(), check=False).returncode


def _link(options: argparse.Namespace) -> None:
    engine.link(*options.engines)
    for name in options.engines:
        print(f"{name} is at {address(Places(name, cache_dir()))}")


def _serve(options: argparse.Namespace) -> None:
    reason = available()
    if reason:
        raise LabError(reason)
    serve(options.engines)


def _down(options: argparse.Namespace) -> None:
    for name in state.names() if options.all else [options.name]:
        engine.stop(name)
        print(f"{name} is down")


def _status(_: argparse.Namespace) -> None:
    for name in state.names():
        places = Places(name, cache_dir())
        word = "answers" if answers(places, timeout=2) else "does not answer"
        print(f"{name}: {word}, {len(processes(places))} processes, unix://{places.socket}")


def _engine(options: argparse.Namespace) -> engine.Engine:
    reason = available()
    if reason:
        raise LabError(reason)
    release = options.release or _running_release(options.name)
    return engine.start(options.name, release=release, detached=True)


def _running_release(name: str) -> str:
    known = state.read(Places(name, cache_dir()))
    return known.release if known and known.daemon.alive else ""


_COMMANDS = {"up": _up, "shell": _shell, "link": _link, "down": _down, "status": _status, "serve": _serve}
_NAMES = {"link": range(2, 3), "serve": range(1, 9)}
"""How many names of engines a command takes; those that are not here take none."""

if __name__ == "__main__":
    sys.exit(main())
