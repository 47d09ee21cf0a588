"""The command that teaches a shell to complete ours."""

from __future__ import annotations

import os
from pathlib import Path

import click

from grader.cli.commands import grade
from grader.cli.options import NearChoice
from grader.errors import UsageError

_SHELLS = ("bash", "zsh", "fish")


@grade.command()
@click.argument("shell", required=False, type=NearChoice(_SHELLS))
def completion(shell: str | None) -> None:
    """Print the script that lets SHELL complete exercises, checks, contexts and containers, and how to install it."""
    from grader.cli.completing import script

    chosen = shell or Path(os.environ.get("SHELL", "")).name
    if chosen not in _SHELLS:
        raise UsageError("which shell?", f"name one of {', '.join(_SHELLS)}: grade completion bash")
    click.echo(script(grade, chosen), nl=False)
