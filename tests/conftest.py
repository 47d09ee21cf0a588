"""Live tests run wherever an engine can; how many did is said at the end, and CI insists on them."""

import os
from pathlib import Path

import pytest

from tests import lab

pytest_plugins = ["tests.lab.fixtures"]

_MET_AN_ENGINE = "met-an-engine"
"""Told apart from the marker `live`, which is also the name of a folder, and so a keyword of all that is in it."""


@pytest.fixture(scope="session", autouse=True)
def state_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Keep the results of tests from those of whoever runs them."""
    folder = tmp_path_factory.mktemp("state")
    os.environ["XDG_STATE_HOME"] = str(folder)
    return folder


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip live tests where no engine can run, unless they are required."""
    live = [item for item in items if item.get_closest_marker("live")]
    for item in live:
        item.keywords[_MET_AN_ENGINE] = True
    obstacle = lab.available()
    if obstacle is None:
        return
    if os.environ.get("GRADE_REQUIRE_LIVE"):
        raise pytest.UsageError(f"live tests are required, but {obstacle}")
    for item in live:
        item.add_marker(pytest.mark.skip(reason=f"live: {obstacle}"))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say how many tests met a real engine."""
    counts = {
        outcome: sum(1 for report in terminalreporter.getreports(outcome) if _MET_AN_ENGINE in report.keywords)
        for outcome in ("passed", "failed", "skipped")
    }
    terminalreporter.write_line(
        f"live tests: {counts['passed']} passed, {counts['failed']} failed, {counts['skipped']} skipped"
    )
