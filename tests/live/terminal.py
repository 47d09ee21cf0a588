"""A command in a real terminal, which is a pseudo-terminal here, and what stands on its screen."""

import os
import signal
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Self

import pexpect
import pyte
from pyte.screens import StaticDefaultDict

_ALTERNATE = 1049
_PATIENCE = 40
_ROOT = Path(__file__).parents[2]


def _heeds_hang_ups() -> None:
    """Undo what nohup does to the tests and to all that they start."""
    signal.signal(signal.SIGHUP, signal.SIG_DFL)


class _Screen(pyte.HistoryScreen):
    """A screen with another one behind it, as full-screen programs use, which pyte knows nothing of."""

    main: Any = None

    def set_mode(self, *modes: int, **options: Any) -> None:
        super().set_mode(*modes, **options)
        if options.get("private") and _ALTERNATE in modes and self.main is None:
            self.main = (self.buffer, self.cursor.x, self.cursor.y)
            blank = self.default_char
            self.buffer = defaultdict(lambda: StaticDefaultDict(blank))

    def reset_mode(self, *modes: int, **options: Any) -> None:
        super().reset_mode(*modes, **options)
        if options.get("private") and _ALTERNATE in modes and self.main is not None:
            self.buffer, self.cursor.x, self.cursor.y = self.main
            self.main = None


class Terminal:
    """Runs one command and shows what it draws; give `env` in full."""

    def __init__(
        self,
        command: list[str],
        env: Mapping[str, str],
        rows: int = 24,
        columns: int = 80,
        folder: Path = _ROOT,
    ) -> None:
        self._screen = _Screen(columns, rows, history=5000)
        self._is_gone = False
        self._stream = pyte.Stream(self._screen)
        self.raw = ""
        """All that it has sent."""
        # A shell or a library of the test run may have told of another window, which would be believed.
        whole = {name: value for name, value in env.items() if name not in ("LINES", "COLUMNS")}
        whole |= {"TERM": "xterm-256color", "PYTHONPATH": str(_ROOT), "LC_ALL": "C.UTF-8"}
        self._child = pexpect.spawn(
            command[0],
            command[1:],
            env=whole,
            dimensions=(rows, columns),
            encoding="utf-8",
            cwd=str(folder),
            preexec_fn=_heeds_hang_ups,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if not self._is_gone:
            self._child.close(force=True)

    @property
    def text(self) -> str:
        """What stands on the screen now."""
        return "\n".join(line.rstrip() for line in self._screen.display)

    @property
    def scrollback(self) -> str:
        """What stands on the screen, below all that has left it at the top."""
        gone = ["".join(line[at].data for at in range(self._screen.columns)) for line in self._screen.history.top]
        return "\n".join([*(line.rstrip() for line in gone), self.text])

    @property
    def is_taken(self) -> bool:
        """Whether the other screen is shown, or the cursor hidden, or what is typed not echoed."""
        return self._screen.main is not None or self._screen.cursor.hidden or not self._child.getecho()

    def waits_for(self, *words: str, gone: str | None = None) -> str:
        """Return what stands on the screen once all the words do, and none of those that are to go."""
        return self.until(lambda text: all(_on(text, word) for word in words) and not (gone and _on(text, gone)), words)

    def until(self, condition: Callable[[str], bool], what: object) -> str:
        """Return what stands on the screen once a condition holds for it."""
        deadline = time.monotonic() + _PATIENCE
        while not condition(self.text):
            assert time.monotonic() < deadline, f"never saw {what!r}, but:\n{self.text}"
            assert self._read(), f"ended without {what!r}:\n{self.text}"
        return self.text

    def types(self, text: str) -> None:
        """Type a text."""
        self._child.send(text)

    def resize(self, rows: int, columns: int) -> None:
        """Make the window another size."""
        self._screen.resize(rows, columns)
        self._child.setwinsize(rows, columns)

    def signal(self, number: int) -> None:
        """Send a signal to the command."""
        self._child.kill(number)

    def hang_up(self) -> int:
        """Take the terminal away, and return the exit code."""
        self._is_gone = True
        inner: Any = vars(self._child)["ptyproc"]  # which the types of pexpect do not tell of
        inner.fileobj.close()
        deadline = time.monotonic() + _PATIENCE
        while not (ended := os.waitpid(inner.pid, os.WNOHANG))[0]:
            if time.monotonic() > deadline:
                os.kill(inner.pid, signal.SIGKILL)
                os.waitpid(inner.pid, 0)
                raise AssertionError(f"does not end without a terminal:\n{self.text}")
            time.sleep(0.05)
        return os.waitstatus_to_exitcode(ended[1])

    def ended(self) -> int:
        """Return the exit code once the command has ended."""
        deadline = time.monotonic() + _PATIENCE
        while self._read():
            assert time.monotonic() < deadline, f"does not end:\n{self.text}"
        self._child.wait()
        assert self._child.exitstatus is not None, f"ended by signal {self._child.signalstatus}"
        return int(self._child.exitstatus)

    def _read(self) -> bool:
        """Take what the command has sent; return whether it still runs."""
        try:
            sent = self._child.read_nonblocking(65536, timeout=0.1)
        except pexpect.TIMEOUT:
            return True
        except pexpect.EOF:
            return False
        self.raw += sent
        self._stream.feed(sent)
        return True


def _on(text: str, words: str) -> bool:
    """Return whether words stand there, which may be broken over lines."""
    return words in text or words in " ".join(text.split())


def grade(*words: str) -> list[str]:
    """Return the grade command of this very environment with these words."""
    # A job in the background, such as a CI runner's, may hand down an ignored SIGINT.
    return ["env", "--default-signal=INT", sys.executable, "-m", "grader", *words]


def converse(
    *args: str | Path, answers: str = "", at: str = "", env: Mapping[str, str] | None = None
) -> tuple[int, str]:
    """Run grade on a terminal that types these answers, and return its exit code and all that it showed.

    They are typed at once, or at the sight of the text `at`.
    """
    first, *others = grade(*map(str, args))
    whole = {**os.environ, **(env or {})}
    child = pexpect.spawn(first, others, env=whole, encoding="utf-8", cwd=str(_ROOT), timeout=_PATIENCE)
    shown = ""
    if at:
        child.expect_exact(at)
        shown = f"{child.before}{at}"
    child.send(answers)
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus is not None, f"ended by signal {child.signalstatus}"
    return child.exitstatus, f"{shown}{child.before}"
