"""The list that somebody agrees to: every name whole, every command in one line, and nothing that a terminal obeys."""

from io import StringIO

import pytest
from rich.console import Console

from grader.reporters.terminal.removal import plain_removal, show_removal

LONG = "a-container-with-a-name-that-is-longer-than-any-column-of-a-table"
ROWS = [
    ("container", LONG, "is on private-net-1"),
    ("container", "web\x1b[2J", "was taken for nginx: created from the image nginx"),
    ("network", "private-net-1", "the exercise names it"),
]
KEPT = ["the network public-net-1: proxy is on it and stays\ndocker network disconnect public-net-1 proxy"]


@pytest.mark.parametrize("width", [60, 80, 120])
def test_names_are_whole_and_commands_in_one_line(width: int) -> None:
    file = StringIO()
    show_removal("Built for lab:", ROWS, KEPT, Console(file=file, width=width, _environ={}))
    shown = file.getvalue()
    assert LONG in shown.replace("\n            ", "")
    assert "    docker network disconnect public-net-1 proxy\n" in shown
    assert "\x1b" not in shown
    assert max(map(len, shown.splitlines())) <= width


def test_a_pipe_gets_one_line_a_thing() -> None:
    lines = plain_removal("Built for lab:", ROWS, KEPT, "ascii").splitlines()
    assert lines[1] == f"container  {LONG}  is on private-net-1"
    assert lines[-1].endswith("stays: docker network disconnect public-net-1 proxy")
    assert len(lines) == 7
    assert not any("\x1b" in line for line in lines)
