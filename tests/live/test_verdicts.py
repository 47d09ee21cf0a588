"""Every build of the verdict tables, built on a real engine and judged."""

import os
import subprocess
import time
from pathlib import Path

import pytest

from grader import store
from grader.course import builtin
from grader.pipeline import Settings, grade, regrade
from grader.reporters import written
from grader.rubric.load import load
from tests.lab import Engine
from tests.verdicts.table import EVIDENCE, FOLDER, Build, builds, differences

_PATIENCE = 60


@pytest.mark.live
@pytest.mark.parametrize("build", builds(), ids=str)
def test_a_build_earns_what_the_table_says(build: Build, starter: Engine, tmp_path: Path) -> None:
    loaded = load(builtin().rubric(build.exercise))
    _make(build, starter)
    evidence, report = grade(loaded, build.exercise, Settings(host=starter.host, settle=build.settle))

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
    assert not starter.docker("ps", "--all", "--quiet", "--filter", "label=grade.run")


def _make(build: Build, engine: Engine) -> None:
    environment = {**engine.env(), "BUILDS": str(FOLDER)}
    subprocess.run(["bash", "-ec", build.script], env=environment, check=True, capture_output=True, timeout=120)
    deadline = time.monotonic() + _PATIENCE
    while build.until and subprocess.run(["bash", "-c", build.until], env=environment, check=False).returncode:
        assert time.monotonic() < deadline, f"{build.until} did not come true"
        time.sleep(0.5)
