"""A command on a terminal of its own, which is asked and answers."""

import os
import pty
import select
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).parents[2]
PATIENCE = 60


def converse(*args: str | Path, answers: str = "", env: Mapping[str, str] | None = None) -> tuple[int, str]:
    """Run the command on a terminal that types these answers, and return its exit code and all that it showed."""
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "grader", *map(str, args)]
    with subprocess.Popen(
        command, stdin=theirs, stdout=theirs, stderr=theirs, cwd=ROOT, env={**os.environ, **(env or {})}
    ) as running:
        os.close(theirs)
        os.write(ours, answers.encode())
        shown = b"".join(iter(lambda: _more(ours), b""))
    os.close(ours)
    return running.returncode, shown.decode()


def _more(terminal: int) -> bytes:
    """Return what is shown next; empty when the terminal has closed, which Linux tells as an error."""
    if not select.select([terminal], [], [], PATIENCE)[0]:
        raise TimeoutError
    try:
        return os.read(terminal, 65536)
    except OSError:
        return b""
