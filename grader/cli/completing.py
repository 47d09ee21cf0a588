"""What the tab key offers: exercises, checks, kinds, roles, containers, contexts, formats.

It is imported only when a shell asks. It has to be quick and must never print a word of its own into somebody's line,
so an engine gets half a second, and whatever goes wrong means that nothing is offered.
"""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from click.shell_completion import (
    BashComplete,
    CompletionItem,
    FishComplete,
    ShellComplete,
    ZshComplete,
    add_completion_class,
)

from grader.errors import GradeError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    import click

    from grader.rubric.model import Rubric

_PATIENCE = 0.5
"""Seconds for each of the two answers that an engine has to give."""
_HARMLESS = re.compile(r"[\w.@+=:/-]+")
"""What a shell takes as it stands."""
_BREAKS = "=:"
"""Where bash begins a new word in the middle of one of ours."""

_BASH = """\
%(complete_func)s() {
    local IFS=$'\\n' line
    COMPREPLY=()
    while read -r line; do
        case $line in
            dir,*) compopt -o dirnames ;;
            file,*) compopt -o default ;;
            plain,*=) compopt -o nospace; COMPREPLY+=("${line#plain,}") ;;
            plain,*) COMPREPLY+=("${line#plain,}") ;;
        esac
    done < <(COMP_WORDS="${COMP_WORDS[*]}" COMP_CWORD=$COMP_CWORD %(complete_var)s=bash_complete "$1" 2>/dev/null)
}
complete -o nosort -F %(complete_func)s %(prog_name)s
"""


def attach(group: click.Group) -> None:
    """Tell every parameter of every command how to complete itself, by its name."""
    offers: dict[str, Callable[[click.Context, str], Iterable[CompletionItem]]] = {
        "exercise": exercises,
        "exercises": exercises,
        "check": _checks,
        "kind": _kinds,
        "roles": _roles,
        "engines": _engines,
        "style": _formats,
        "outputs": _files,
        "target": _files,
        "course": _folders,
    }
    for name, command in group.commands.items():
        for parameter in command.params:
            # Only what is typed as any text: a choice knows its own words.
            if parameter.name in offers and parameter.type.name in ("text", "path") and name != "new":
                setattr(parameter, "shell_complete", _quiet(offers[parameter.name]))  # noqa: B010 - a method of click's


def _quiet(
    offer: Callable[[click.Context, str], Iterable[CompletionItem]],
) -> Callable[[click.Context, str], list[CompletionItem]]:
    def complete(ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        try:
            found = list(offer(ctx, incomplete))
        except (GradeError, OSError):
            return []
        return [each for each in found if each.type != "plain" or _HARMLESS.fullmatch(each.value)]

    return complete


def offered_exercises(ctx: click.Context, incomplete: str) -> list[CompletionItem]:
    """Return the exercises that begin so, in place of a command."""
    return _quiet(exercises)(ctx, incomplete)


def _beginning(incomplete: str, words: Iterable[str]) -> Iterable[CompletionItem]:
    return (CompletionItem(word) for word in words if word.startswith(incomplete))


def exercises(ctx: click.Context, incomplete: str) -> Iterable[CompletionItem]:
    """Return the exercises of the course."""
    from grader.course import find_course

    return _beginning(incomplete, find_course(ctx.params.get("course")).names)


def _rubric(ctx: click.Context) -> Rubric | None:
    from grader.course import find_course
    from grader.rubric.load import load

    course = find_course(ctx.params.get("course"))
    # Behind an option that still lacks its value, click has not given out the arguments yet.
    exercise = ctx.params.get("exercise") or next((word for word in ctx.args if not word.startswith("-")), None)
    return load(course.rubric(exercise)).rubric if exercise else None


def _checks(ctx: click.Context, incomplete: str) -> Iterable[CompletionItem]:
    rubric = _rubric(ctx)
    return _beginning(incomplete, [check.id for check in rubric.checks] if rubric else [])


def _kinds(_: click.Context, incomplete: str) -> Iterable[CompletionItem]:
    from grader.checks import kinds

    return _beginning(incomplete, kinds())


def _roles(ctx: click.Context, incomplete: str) -> Iterable[CompletionItem]:
    """Offer `ROLE=` first, and behind that the containers of the engine that is meant."""
    from grader.host.names import container_names

    role, equals, _ = incomplete.partition("=")
    rubric = _rubric(ctx)
    if not equals:
        return _beginning(incomplete, [f"{name}=" for name in rubric.roles] if rubric else [])
    wanted = rubric.roles[role].host if rubric and role in rubric.roles else None
    names = container_names(_engine(ctx.params.get("engines") or (), wanted), _PATIENCE)
    return _beginning(incomplete, [f"{role}={name}" for name in names])


def _engine(words: Iterable[str], wanted: str | None) -> str | None:
    """Return the engine of this name among those that the line gives already; the first one where none is wanted."""
    given = list(words)
    named = [word.partition("=")[2] for word in given if wanted and word.startswith(f"{wanted}=")]
    plain = [word.partition("=")[2] or word for word in given]
    return next(iter(named or plain), None)


def _engines(ctx: click.Context, incomplete: str) -> Iterable[CompletionItem]:
    from grader.host import contexts

    rubric = _rubric(ctx)
    name, equals, _ = incomplete.partition("=")
    if not equals and rubric and len(rubric.hosts) > 1:
        return _beginning(incomplete, [f"{host}=" for host in rubric.hosts])
    lead = f"{name}=" if equals else ""
    return _beginning(incomplete, [f"{lead}{context}" for context in contexts.names()])


def _formats(_: click.Context, incomplete: str) -> Iterable[CompletionItem]:
    from grader.reporters import FORMATS

    return _beginning(incomplete, FORMATS)


def _files(_: click.Context, incomplete: str) -> Iterable[CompletionItem]:
    return [CompletionItem(incomplete, type="file")]


def _folders(_: click.Context, incomplete: str) -> Iterable[CompletionItem]:
    return [CompletionItem(incomplete, type="dir")]


class _Silent(ShellComplete):
    """Keeps complaints out of the line that somebody is typing."""

    def complete(self) -> str:
        """Return what to offer, having closed the way to the screen."""
        sys.stderr = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 - open until we end
        try:
            return super().complete()
        except GradeError:
            return ""


class Bash(_Silent, BashComplete):
    """Bash, which breaks `--role flask=web` into pieces and replaces only the last."""

    source_template = _BASH

    def get_completion_args(self) -> tuple[list[str], str]:
        """Return the words as they were typed: those before the cursor, and the one at it."""
        words = os.environ["COMP_WORDS"].split("\n")[: int(os.environ["COMP_CWORD"]) + 1]
        whole: list[str] = []
        for before, word in zip(["", *words], words, strict=False):
            if whole and word and (_is_break(before) or _is_break(word)):
                whole[-1] += word
            else:
                whole.append(word)
        self.typed = whole[-1]
        return whole[1:-1], whole[-1]

    def format_completion(self, item: CompletionItem) -> str:
        """Return a line that the script understands, without what stands before the last break already."""
        typed = self.typed
        value = typed.partition("=")[2] if typed.startswith("--") and "=" in typed else typed
        tail = re.split(f"[{_BREAKS}]", value)[-1]
        return f"{item.type},{item.value[len(value) - len(tail) :]}"


def _is_break(word: str) -> bool:
    return bool(word) and set(word) <= {*_BREAKS}


class Zsh(_Silent, ZshComplete):
    """Zsh, by click's own script."""


class Fish(_Silent, FishComplete):
    """Fish, by click's own script."""


HOW_TO = {
    "bash": """echo 'eval "$(grade completion bash)"' >> ~/.bashrc""",
    "zsh": """echo 'eval "$(grade completion zsh)"' >> ~/.zshrc (below compinit)""",
    "fish": "grade completion fish > ~/.config/fish/completions/grade.fish",
}
"""What makes a shell know the completion each time that it starts."""
VARIABLE = "_GRADE_COMPLETE"


def prepare(group: click.Group) -> None:
    """Make ready to answer a shell."""
    for shell in (Bash, Zsh, Fish):
        add_completion_class(shell)
    attach(group)


def script(group: click.Group, shell: str) -> str:
    """Return the script for a shell, and in its last lines how to install it."""
    made: dict[str, ShellComplete] = {
        "bash": Bash(group, {}, "grade", VARIABLE),
        "zsh": Zsh(group, {}, "grade", VARIABLE),
        "fish": Fish(group, {}, "grade", VARIABLE),
    }
    return f"{made[shell].source().rstrip()}\n\n# To have it in every shell:\n#   {HOW_TO[shell]}\n"
