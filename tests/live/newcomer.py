"""Somebody who knows nothing but what the tool says: types only what has stood on a screen before."""

import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Self

from tests.live.terminal import Terminal

_PATIENCE = 5
_PROMPT = re.compile(r"^\[(\d+)\] \$", re.MULTILINE)


class Newcomer:
    """A learner at two windows: a shell, in which they type, and beside it a watch."""

    def __init__(self, home: Path, env: Mapping[str, str], told: str = "") -> None:
        self.home = home
        self._env = {**env, "PATH": f"{_programs(home)}:{env['PATH']}", "PS1": r"[\#] $ ", "HOME": str(home)}
        self._shell = self.window(["bash", "--norc", "--noprofile", "-i"], rows=50, columns=118)
        self._shell.waits_for("[1] $")
        self._said = told
        """All that was read so far, on screens and before, with single blanks: lines are broken anywhere."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *what: object) -> None:
        self._shell.__exit__(*what)

    def window(self, command: list[str], rows: int = 40, columns: int = 100) -> Terminal:
        """Return another window, in which a command runs."""
        return Terminal(command, self._env, rows, columns, self.home)

    def reads(self, text: str) -> str:
        """Take note of what stands somewhere, and return it with single blanks."""
        plain = " ".join(text.split())
        self._said = f"{self._said} {plain}"
        return plain

    def has_read(self, words: str) -> bool:
        """Return whether these words have stood on a screen."""
        return words in self._said

    def told(self, command: str, **words: str) -> str:
        """Return a command that was read, with words that were read in place of some of its own, such as CONTAINER."""
        assert self.has_read(command), f"nobody has said {command!r}"
        for place, word in words.items():
            own = place.replace("_", "-")
            assert re.search(rf"(^|[^\w-]){re.escape(word)}($|[^\w-])", self._said), f"nobody has spoken of {word!r}"
            assert own in command
            command = command.replace(own, word)
        return command

    def follows(self, command: str, **words: str) -> str:
        """Type a command that was read; return what it says."""
        return self.types(self.told(command, **words))

    def climbs(self, command: str, **words: str) -> str:
        """Ask for a hint as was read, and for the next one as that hint says, up to the last; return that."""
        asked = self.told(command, **words)
        said = self.types(asked)
        for _ in range(_PATIENCE):  # on a machine that is very busy, Docker's DNS may be late for a look
            if "could not be looked at" not in said:
                break
            said = self.types(asked)
        while onward := re.search(r"The next hint: (grade hint [\w-]+ [\w-]+)", said):
            said = self.follows(onward[1])
        assert re.search(r"Hint (\d) of \1\b", said), said
        return said

    def types(self, command: str) -> str:
        """Type into the shell, and return what is said in answer, which is read as well."""
        before = self._prompts()
        self._shell.types(f"{command}\n")
        self._shell.until(lambda text: self._prompts() > before and _is_prompt(text), command)
        _, _, answer = self._shell.scrollback.rpartition(f"[{before}] $ ")
        _, _, answer = answer.partition("\n")
        return self.reads(_PROMPT.sub("", answer))

    def _prompts(self) -> int:
        """Return the number of the last prompt."""
        return max((int(number) for number in _PROMPT.findall(self._shell.scrollback)), default=0)


def _is_prompt(text: str) -> bool:
    return bool(_PROMPT.fullmatch(text.rstrip().splitlines()[-1]))


def _programs(home: Path) -> Path:
    """Return a folder with the grade command of this very environment."""
    programs = home / ".programs"
    programs.mkdir()
    program = programs / "grade"
    # As in a terminal of one's own; a job in the background, such as a CI runner's, may hand down an ignored SIGINT.
    program.write_text(f'#!/bin/sh\nexec env --default-signal=INT "{sys.executable}" -m grader "$@"\n')
    program.chmod(0o755)
    return programs
