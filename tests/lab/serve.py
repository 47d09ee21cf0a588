"""Engines for the program that started us: it reads where they are, and closes our input when it needs them no more."""

import json
import os
import signal
import sys
from collections.abc import Sequence
from contextlib import ExitStack

from .engine import link, start


def serve(names: Sequence[str]) -> None:
    """Start an engine for each name, print one line of JSON, and stop them when standard input ends.

    Their hosts are told by the names, their own names have our process id: two runs must not share an engine.
    """
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.default_int_handler)
    with ExitStack() as running:
        engines = {name: running.enter_context(start(f"{name}-{os.getpid()}")) for name in names}
        first, *others = engines.values()
        for other in others:
            link(first.name, other.name)
        told = {"hosts": {name: engine.host for name, engine in engines.items()}, "environment": first.variables()}
        print(json.dumps(told), flush=True)
        sys.stdin.read()
