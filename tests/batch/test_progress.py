"""How a run goes, as it stands on a terminal."""

import os
import re
from pathlib import Path

import pytest

from tests.batch.hosts import EXERCISE, command, simulated
from tests.live.terminal import Terminal

_HOSTS = 60


@pytest.mark.parametrize("columns", [80, 120])
def test_a_terminal_shows_how_many_how_fast_and_how_much_longer(columns: int, tmp_path: Path) -> None:
    with simulated(tmp_path, _HOSTS, 10, only="refused") as hosts:
        words = command("batch", hosts.roster, EXERCISE, "--out", hosts.out, "--at-once", "2", "--tries", "1")
        with Terminal(words, os.environ, rows=60, columns=columns) as terminal:
            going = re.compile(rf"(\d+) graded, (\d+) ungraded, (\d+\.\d) a second .*? (\d+)/{_HOSTS} +\d:\d\d:\d\d")
            text = terminal.until(lambda text: bool(going.search(text)), going.pattern)
            (found,) = going.findall(text)
            assert int(found[0]) + int(found[1]) == int(found[3]) < _HOSTS
            assert float(found[2]) > 0
            assert terminal.ended() == 3
        failing = sum(map(bool, hosts.faults.values()))
        assert f"{_HOSTS - failing} graded, {failing} ungraded ({failing} unreachable)" in " ".join(
            terminal.scrollback.split()
        )
        assert terminal.raw.rfind("\x1b[?25h") > terminal.raw.rfind("\x1b[?25l") >= 0  # the cursor is back
