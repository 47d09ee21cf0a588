"""Every build of the verdict tables, built on a real engine and judged."""

import os
import subprocess
import time
from pathlib import Path

import pytest

from grader import store
from grader.course import builtin
from grader.observe import Settings
from grader.pipeline import grade, regrade
from grader.reporters import written
from grader.rubric.load import load
from tests.live.stage import Stage, stage
from tests.verdicts.table import EVIDENCE, FOLDER, Build, builds, differences

_PATIENCE = 60


@pytest.mark.live
@pytest.mark.parametrize("build", builds(), ids=str)
def test_a_build_earns_what_the_table_says(build: Build, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    loaded = load(builtin().rubric(build.exercise))
    engines = stage(build.exercise, request)
    _make(build, engines)
    hosts = {name: host for name, host in engines.hosts.items() if name in (build.hosts or engines.hosts)}
    evidence, report = grade(loaded, build.exercise, Settings(hosts=hosts, settle=build.settle))

    file = tmp_path / "evidence.json"
    store.save(evidence, file)
    if os.environ.get("GRADE_UPDATE_EVIDENCE"):
        store.save(evidence, EVIDENCE / f"{build.exercise}-{build.name}.json")
    again = regrade(loaded, build.exercise, store.load(file), {})

    wrong = differences(build, report)
    assert not wrong, "\n".join(wrong)
    assert again == report
    everything = file.read_text() + written(report, "json") + written(report, "terminal")
    assert not [secret for secret in build.never_shown if secret in everything]
    assert engines.sidecars == ""


def _make(build: Build, engines: Stage) -> None:
    environment = {**engines.environment, "BUILDS": str(FOLDER)}
    command = ["bash", "-ec", build.script]
    made = subprocess.run(command, env=environment, check=False, capture_output=True, text=True, timeout=120)
    assert not made.returncode, made.stderr
    deadline = time.monotonic() + _PATIENCE
    while build.until and subprocess.run(["bash", "-c", build.until], env=environment, check=False).returncode:
        assert time.monotonic() < deadline, f"{build.until} did not come true"
        time.sleep(0.5)
