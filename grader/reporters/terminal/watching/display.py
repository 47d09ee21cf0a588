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
        self._typing = _Typing()
        self._view: View | None = None
        self._size = self._console.size

    def show(self, view: View) -> None:
        """Draw a view, on the first call on a screen of its own."""
        self._view = view
        if not self._live.is_started:
            self._typing.hush()
            self._live.start()
        self._draw(view)

    def pulse(self) -> None:
        """Draw anew when the window has another size."""
        if self._view and self._console.size != self._size:
            self._draw(self._view)

    def leave(self) -> None:
        """Give the terminal back; OSError if it is gone."""
        try:
            self._live.stop()
        finally:
            self._typing.restore()

    def back(self) -> None:
        """Take the terminal again after it was given back for a while."""
        if self._view:
            self.show(self._view)

    def _draw(self, view: View) -> None:
        self._size = self._console.size
        lines = frame(view, Pen.of(self._console), self._size.height)
        for line in lines:
            line.no_wrap, line.overflow, line.end = True, "crop", "\n"
        self._live.update(Group(*lines), refresh=True)


class _Typing:
    """What is typed while the screen is ours: it must not be scribbled over it, nor reach the shell later."""

    def __init__(self) -> None:
        self._before: list[Any] | None = None

    def hush(self) -> None:
        """Stop showing what is typed."""
        if (termios := _termios()) and sys.stdin and sys.stdin.isatty():
            with suppress(termios.error):  # a terminal that is going away
                settings = termios.tcgetattr(sys.stdin)
                self._before = list(settings)
                settings[3] &= ~(termios.ECHO | termios.ICANON)
                termios.tcsetattr(sys.stdin, termios.TCSANOW, settings)

    def restore(self) -> None:
        """Show it again, and forget what was typed meanwhile."""
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
