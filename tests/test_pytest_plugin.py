"""`pytest --grade EXERCISE`, as instructors and CI run it: in a process of its own."""

import os
import re
import shutil
import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from junitparser import Error, Failure, JUnitXml, Skipped

from grader import load_rubric, regrade
from tests.lab import Engine

ROOT = Path(__file__).parents[1]
EXERCISE = "flask-nginx-mongo"
SAVED = ROOT / "tests/verdicts/evidence"
WRONG = SAVED / f"{EXERCISE}-mongo-also-on-public.json"
OLDER = ROOT / "tests/compat/2026-11-23/evidence-mongo-also-on-public.json"
"""It does not answer all that the rubric asks by now."""
SMALL = """\
version: 1
title: Small
roles: {mongo: {image: mongo}, absent: {image: nobody}}
checks:
  - {id: there, kind: container, role: mongo, points: 1.5}
  - {id: absent, kind: container, role: absent, points: 1}
  - {id: later, kind: exposes, role: absent, port: 80, needs: [absent], points: 2.25}
  - {id: exposes, kind: exposes, role: mongo, port: 4444}
"""


def course(folder: Path) -> Path:
    """Make the folder a course of the small exercise and the flagship."""
    (folder / "rubrics").mkdir()
    (folder / "rubrics" / "small.yaml").write_text(SMALL, encoding="utf-8")
    shutil.copy(ROOT / "rubrics" / f"{EXERCISE}.yaml", folder / "rubrics")
    return folder


def run(folder: Path, *args: str | Path) -> subprocess.CompletedProcess[str]:
    """Run pytest in a folder, with nothing loaded but what it needs."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTEST_ADDOPTS": ""}
    command = [sys.executable, "-m", "pytest", "-p", "grader.pytest_plugin", "-p", "no:cacheprovider", *map(str, args)]
    return subprocess.run(
        command, capture_output=True, text=True, check=False, cwd=folder, env=environment, timeout=120
    )


def test_the_installation_brings_the_option(tmp_path: Path) -> None:
    """As users run it: nothing names the plug-in, and other plug-ins are loaded beside it."""
    environment = {**os.environ, "PYTEST_ADDOPTS": ""}
    command: list[str | Path] = [sys.executable, "-m", "pytest", "--grade", EXERCISE, "--grade-evidence", WRONG]
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, cwd=tmp_path, env=environment, timeout=120
    )
    assert done.returncode == 1, done.stderr
    assert "2 failed, 11 passed" in done.stdout


def test_each_check_is_an_item_with_its_cause_as_the_failure(tmp_path: Path) -> None:
    done = run(tmp_path, "--grade", EXERCISE, "--grade-evidence", WRONG, "-v")
    report = regrade(EXERCISE, WRONG).report
    for check in report.checks:
        assert f"{EXERCISE}::{check.id} {'PASSED' if check.status == 'passed' else 'FAILED'}" in done.stdout
    failed = [check for check in report.checks if check.status == "failed"]
    assert failed
    for check in failed:
        assert check.cause is not None
        assert f"\n{check.cause}\n" in done.stdout
    assert f"{EXERCISE}: 84/100" in done.stdout
    assert "Traceback" not in done.stdout
    assert done.returncode == 1


def test_what_waits_is_skipped_and_advice_fails_nothing(tmp_path: Path) -> None:
    done = run(course(tmp_path), "--grade", "small", "--grade-evidence", WRONG, "-rsx")
    assert "1 failed, 1 passed, 1 skipped, 1 xfailed" in done.stdout
    assert "waits for absent" in done.stdout
    assert "advice: " in done.stdout
    assert done.returncode == 1
    assert run(tmp_path, "--grade", "small", "--grade-evidence", WRONG, "-k", "there or exposes").returncode == 0


@pytest.mark.parametrize("workers", [(), ("-p", "xdist", "-n", "2")], ids=["alone", "two workers"])
@pytest.mark.parametrize("exercise", [EXERCISE, "small"])
def test_junitxml_has_every_check_with_its_marks(exercise: str, tmp_path: Path, workers: tuple[str, ...]) -> None:
    target = course(tmp_path) / "junit.xml"
    run(tmp_path, "--grade", exercise, "--grade-evidence", WRONG, f"--junitxml={target}", *workers)
    checks = {check.id: check for check in regrade(load_rubric(exercise, tmp_path), WRONG).report.checks}
    (suite,) = JUnitXml.fromfile(str(target))
    kinds = {Failure: "failed", Error: "error", Skipped: "skipped"}
    cases = {case.name: case for case in suite}
    assert cases.keys() == checks.keys()
    for name, case in cases.items():
        outcome = kinds[type(case.result[0])] if case.result else "passed"
        advice = checks[name].status == "failed" and not checks[name].max_score
        assert outcome == ("skipped" if advice else checks[name].status)
    said = [(each.attrib["name"], each.attrib["value"]) for each in ET.parse(target).iter("property")]  # noqa: S314
    for key in ("score", "max_score"):
        marks = sum(Decimal(value) for name, value in said if name == key)
        assert marks == sum(getattr(check, key) for check in checks.values())


@pytest.mark.parametrize("workers", [(), ("-p", "xdist", "-n", "2")], ids=["alone", "two workers"])
def test_without_an_engine_every_check_is_an_error(tmp_path: Path, workers: tuple[str, ...]) -> None:
    done = run(tmp_path, "--grade", EXERCISE, "--grade-host", "tcp://127.0.0.1:1", *workers)
    assert f"{len(load_rubric(EXERCISE).rubric.checks)} errors" in done.stdout
    assert "failed" not in done.stdout.splitlines()[-1]
    assert "127.0.0.1:1" in done.stdout
    assert done.returncode == 1


def test_a_check_that_could_not_be_judged_is_an_error_and_no_failure(tmp_path: Path) -> None:
    target = tmp_path / "junit.xml"
    done = run(tmp_path, "--grade", EXERCISE, "--grade-evidence", OLDER, "-k", "page-works", f"--junitxml={target}")
    assert "1 error" in done.stdout.splitlines()[-1]
    assert "failed" not in done.stdout.splitlines()[-1]
    assert f"{EXERCISE}: not graded completely" in done.stdout
    (suite,) = JUnitXml.fromfile(str(target))
    assert (suite.errors, suite.failures) == (1, 0)
    assert 'name="score"' not in target.read_text()


def test_a_fixture_has_the_evidence_and_the_report(tmp_path: Path) -> None:
    (tmp_path / "test_mine.py").write_text(
        "def test_three_containers(graded):\n"
        "    assert graded.report.percent == 84\n"
        "    assert len(graded.evidence.hosts['default'].snapshot.containers) == 3\n",
        encoding="utf-8",
    )
    done = run(tmp_path, "--grade", EXERCISE, "--grade-evidence", WRONG, "-v", "-k", "three_containers")
    assert "test_mine.py::test_three_containers PASSED" in done.stdout
    assert done.returncode == 0
    alone = run(tmp_path, "-rs")
    assert "1 skipped" in alone.stdout
    assert "needs one --grade" in alone.stdout


def test_a_choice_of_checks_can_be_made(tmp_path: Path) -> None:
    done = run(tmp_path, "--grade", EXERCISE, "--grade-evidence", WRONG, "-k", "page-works", "-v")
    assert f"{EXERCISE}::page-works PASSED" in done.stdout
    assert done.returncode == 0


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (["--grade", "flask-ngnix-mongo"], "did you mean flask-nginx-mongo?"),
        (["--grade", EXERCISE, "--grade-course", "nowhere"], "nowhere is no course"),
    ],
)
def test_a_wrong_word_ends_it_at_once(tmp_path: Path, args: list[str], told: str) -> None:
    done = run(tmp_path, *args)
    assert done.returncode == pytest.ExitCode.USAGE_ERROR
    assert told in done.stderr
    assert "Traceback" not in done.stderr


def test_unreadable_evidence_is_an_error_of_each_check(tmp_path: Path) -> None:
    done = run(tmp_path, "--grade", EXERCISE, "--grade-evidence", tmp_path / "none.json")
    assert "cannot be read" in done.stdout
    assert "failed" not in done.stdout.splitlines()[-1]


def test_it_costs_those_nothing_who_do_not_use_it(tmp_path: Path) -> None:
    (tmp_path / "test_own.py").write_text(
        "import sys\ndef test_own():\n    assert not {'pydantic', 'docker', 'grader.api'} & set(sys.modules)\n",
        encoding="utf-8",
    )
    assert run(tmp_path).returncode == 0


@pytest.mark.live
def test_a_live_engine_is_judged_and_observed_once_for_all_workers(tmp_path: Path, engine: Engine) -> None:
    engine.docker("network", "create", "public-net-1")
    done = run(tmp_path, "--grade", EXERCISE, "--grade-host", engine.host, "-v", "-p", "xdist", "-n", "2")
    assert f"PASSED {EXERCISE}::public-net" in done.stdout
    assert f"FAILED {EXERCISE}::private-net" in done.stdout
    assert "private-net-1" in done.stdout
    assert len(re.findall(rf"^{EXERCISE}: \d+/100$", done.stdout, re.MULTILINE)) == 1
