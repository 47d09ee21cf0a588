"""The full screen of a watch: entered, drawn anew, and always left as it was found."""

import sys
from contextlib import suppress
from types import ModuleType
from typing import Any

from rich.console import Console, Group
from rich.live import Live

from grader.models.watching import View
from grader.reporters.terminal.pen import Pen
from grader.reporters.terminal.watching.frame import frame


class Display:
    """Shows views on the terminal's other screen."""

    def __init__(self, console: Console | None = None) -> None:
        self._console = console or Console()
        self._live = Live(console=self._console, screen=True, auto_refresh=False)
        self._keys = _Keys()
        self._view: View | None = None
        self._size = self._console.size

    def show(self, view: View) -> None:
        """Draw a view, on the first call on a screen of its own."""
        self._view = view
        if not self._live.is_started:
            self._keys.hush()
            self._live.start()
        self._draw(view)

    def pulse(self) -> bool:
        """Draw anew when the window has another size; return whether somebody pressed q."""
        if self._view and self._console.size != self._size:
            self._draw(self._view)
        return "q" in self._keys.pressed()

    def leave(self) -> None:
        """Give the terminal back, even one that is gone."""
        with suppress(OSError):
            self._live.stop()
        self._keys.restore()

    def _draw(self, view: View) -> None:
        self._size = self._console.size
        lines = frame(view, Pen.of(self._console), self._size.height)
        for line in lines:
            line.no_wrap, line.overflow, line.end = True, "crop", "\n"
        self._live.update(Group(*lines), refresh=True)


class _Keys:
    """What is typed while the screen is ours: it must not be scribbled over it, nor reach the shell later."""

    def __init__(self) -> None:
        self._before: list[Any] | None = None

    def hush(self) -> None:
        """Stop showing what is typed."""
        if (termios := _termios()) and sys.stdin and sys.stdin.isatty():
            with suppress(termios.error):
                settings = termios.tcgetattr(sys.stdin)
                self._before = list(settings)
                settings[3] &= ~(termios.ECHO | termios.ICANON)
                termios.tcsetattr(sys.stdin, termios.TCSANOW, settings)

    def pressed(self) -> str:
        """Return what has been typed since the last call."""
        if self._before is None:
            return ""
        import os
        import select

        ready, _, _ = select.select([sys.stdin], [], [], 0)
        with suppress(OSError):
            return os.read(sys.stdin.fileno(), 256).decode(errors="replace") if ready else ""
        return ""

    def restore(self) -> None:
        """Show it again."""
        if self._before is not None and (termios := _termios()):
            with suppress(termios.error):
                termios.tcsetattr(sys.stdin, termios.TCSAFLUSH, self._before)
            self._before = None


def _termios() -> ModuleType | None:
    """Return the module that Windows lacks."""
    if sys.platform == "win32":
        return None
    import termios

    return termios
