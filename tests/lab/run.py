"""Run a program and turn its failure into a readable error."""

import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from .errors import LabError


def run(
    args: Sequence[str | Path],
    *,
    check: bool = True,
    stdin: str | None = None,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    timeout: float = 600,
) -> str:
    """Return the program's stdout; with `check`, a failure raises `LabError` that carries its stderr."""
    command = [str(arg) for arg in args]
    how: dict[str, Any] = {"env": env, "cwd": cwd, "timeout": timeout, "text": True, "capture_output": True}
    try:
        done = subprocess.run(command, check=False, input=stdin, **how)
    except FileNotFoundError as missing:
        raise LabError(f"{command[0]} is not installed") from missing
    except subprocess.TimeoutExpired as late:
        raise LabError(f"`{' '.join(command)}` did not end within {timeout:.0f} s") from late
    if check and done.returncode:
        said = _tail(done.stdout + done.stderr)
        raise LabError(f"`{' '.join(command)}` ended with {done.returncode}:\n{said}")
    return str(done.stdout)


def _tail(text: str, lines: int = 30) -> str:
    return "\n".join(text.strip().splitlines()[-lines:])
