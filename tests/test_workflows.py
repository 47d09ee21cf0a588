"""The action, the workflows and the examples: linted by tools of others, and the action's step run."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from junitparser import JUnitXml

from tests.ci.courses import course
from tests.lab import Engine

ROOT = Path(__file__).parents[1]
EXAMPLES = ROOT / "docs" / "examples" / "workflows"
WORKFLOWS = [*sorted((ROOT / ".github" / "workflows").glob("*.yml")), EXAMPLES / "learner.yml", EXAMPLES / "course.yml"]
EVIDENCE = ROOT / "tests/verdicts/evidence"
EXERCISE = "flask-nginx-mongo"
TOOLS = Path(sys.executable).parent


@pytest.mark.parametrize(
    ("schema", "file"),
    [
        ("github-actions", ROOT / "action.yml"),
        *(("github-workflows", file) for file in WORKFLOWS),
        ("gitlab-ci", EXAMPLES / "gitlab-ci.yml"),
    ],
    ids=lambda value: value.name if isinstance(value, Path) else value,
)
def test_it_keeps_to_the_schema_of_its_platform(schema: str, file: Path) -> None:
    command: list[str | Path] = [TOOLS / "check-jsonschema", "--builtin-schema", f"vendor.{schema}", file]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stdout


def test_nothing_is_found_against_the_workflows() -> None:
    command: list[str | Path] = [TOOLS / "zizmor", "--offline", "--no-progress", ROOT / "action.yml", *WORKFLOWS]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_files_that_the_wheel_is_tested_with_are_there() -> None:
    lines = (ROOT / "tests" / "from-the-wheel.txt").read_text().splitlines()
    named = [line.removeprefix("--ignore=") for line in lines if line.startswith(("tests/", "--ignore="))]
    assert [name for name in named if not (ROOT / name).exists()] == []


def step(folder: Path, **inputs: str) -> tuple[subprocess.CompletedProcess[str], dict[str, str], str]:
    """Run the action's step as a runner does; return it, its outputs, and its summary."""
    plain = {key: value for key, value in os.environ.items() if not key.startswith(("GITHUB_", "GRADE_", "INPUT_"))}
    given = {f"INPUT_{name}": value for name, value in inputs.items()}
    files = {"GITHUB_OUTPUT": folder / "output", "GITHUB_STEP_SUMMARY": folder / "summary"}
    environment = {
        **plain,
        **given,
        **{name: str(file) for name, file in files.items()},
        "PYTHONPATH": str(ROOT),
        "GITHUB_ACTIONS": "true",
        "GITHUB_WORKSPACE": str(folder),
    }
    for file in files.values():
        file.write_text("")
    command: list[str | Path] = [sys.executable, ROOT / ".github" / "action.py"]
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, cwd=folder, env=environment, timeout=120
    )
    assert "Traceback" not in done.stderr
    said = dict(line.split("=", 1) for line in files["GITHUB_OUTPUT"].read_text().splitlines())
    return done, said, files["GITHUB_STEP_SUMMARY"].read_text(encoding="utf-8")


def test_the_action_is_given_every_input_and_tells_every_output(tmp_path: Path) -> None:
    action = yaml.safe_load((ROOT / "action.yml").read_text())
    script = (ROOT / ".github" / "action.py").read_text()
    (grading,) = [each for each in action["runs"]["steps"] if each.get("id") == "grade"]
    given = {name.removeprefix("INPUT_") for name in grading["env"]} - {"VENV"}
    assert given == set(re.findall(r'said\("(\w+)"\)', script))
    _, said, _ = step(tmp_path, EXERCISE=EXERCISE, EVIDENCE=str(EVIDENCE / f"{EXERCISE}-mongo-also-on-public.json"))
    assert said.keys() == action["outputs"].keys()
    assert all(each["value"] == f"${{{{ steps.grade.outputs.{name} }}}}" for name, each in action["outputs"].items())


def test_an_exercise_is_graded_with_a_summary_annotations_and_outputs(tmp_path: Path) -> None:
    evidence = EVIDENCE / f"{EXERCISE}-mongo-also-on-public.json"
    done, said, summary = step(tmp_path, EXERCISE=EXERCISE, EVIDENCE=str(evidence))
    assert done.returncode == 0, done.stderr
    assert (said["score"], said["max-score"], said["percent"], said["passed"]) == ("84.0", "100.0", "84.0", "true")
    assert (said["complete"], said["exit-code"], said["reports"]) == ("true", "0", "grade-reports")
    assert re.findall(r"^::error title=grade flask-nginx-mongo::mongo is on ", done.stdout, re.MULTILINE)
    assert done.stdout.endswith("::notice title=grade flask-nginx-mongo::84/100\n")
    assert ": 84 / 100\n" in summary
    assert "```mermaid\n" in summary
    (suite,) = JUnitXml.fromfile(str(tmp_path / "grade-reports" / "junit.xml"))
    assert suite.failures == 2


@pytest.mark.parametrize(("fail", "code"), [("true", 1), ("false", 0)])
def test_a_mark_below_the_pass_mark_fails_the_job_unless_it_is_not_to(tmp_path: Path, fail: str, code: int) -> None:
    evidence = EVIDENCE / f"{EXERCISE}-nothing-built.json"
    done, said, _ = step(tmp_path, EXERCISE=EXERCISE, EVIDENCE=str(evidence), FAIL=fail)
    assert (done.returncode, said["passed"], said["exit-code"]) == (code, "false", "1")


def test_what_was_not_graded_has_no_score_and_fails_the_job(tmp_path: Path) -> None:
    (tmp_path / "grade-reports").mkdir()
    (tmp_path / "grade-reports" / "report.json").write_text('{"score": 100, "complete": true}')
    done, said, summary = step(tmp_path, EXERCISE=EXERCISE, HOST="tcp://127.0.0.1:1", FAIL="false")
    assert (done.returncode, said["score"], said["passed"], said["complete"]) == (3, "", "", "false")
    assert "grade ended with code 3" in summary
    assert "127.0.0.1:1" in done.stderr


def test_what_was_graded_in_part_has_no_score_either(tmp_path: Path) -> None:
    older = ROOT / "tests/compat/2026-11-23/evidence-mongo-also-on-public.json"
    done, said, summary = step(tmp_path, EXERCISE=EXERCISE, EVIDENCE=str(older))
    assert (done.returncode, said["score"], said["percent"], said["complete"]) == (3, "", "", "false")
    assert "not graded completely" in summary
    assert "::warning title=grade flask-nginx-mongo::" in done.stdout


def test_a_course_is_checked_with_its_annotations(tmp_path: Path) -> None:
    (course(tmp_path) / "exercises" / "first-steps" / "brief.md").unlink()
    done, said, summary = step(tmp_path, NO_LIVE="true", COURSE=".")
    assert (done.returncode, said["passed"], said["exit-code"]) == (1, "false", "1")
    assert "::error file=rubrics/first-steps.yaml,line=4," in done.stderr
    assert "The course does not hold" in summary
    assert json.loads((tmp_path / "grade-reports" / "report.json").read_text())["holds"] is False


def test_an_input_is_one_word_of_the_command_whatever_is_in_it(tmp_path: Path) -> None:
    done, _, _ = step(tmp_path, EXERCISE="$(touch pwned); x\n--quiet", EVIDENCE="none")
    assert done.returncode == 2
    assert not (tmp_path / "pwned").exists()


@pytest.mark.live
def test_the_learners_workflow_builds_and_grades_what_their_repository_holds(tmp_path: Path, engine: Engine) -> None:
    shutil.copytree(ROOT / "exercises" / EXERCISE / "nginx_flask_mongodb", tmp_path / "starter")
    compose = (ROOT / "reference_solution" / EXERCISE / "compose" / "compose.yaml").read_text(encoding="utf-8")
    starter = "../../../exercises/flask-nginx-mongo/nginx_flask_mongodb"
    (tmp_path / "compose.yaml").write_text(compose.replace(starter, "starter"), encoding="utf-8")
    steps = yaml.safe_load((EXAMPLES / "learner.yml").read_text(encoding="utf-8"))["jobs"]["grade"]["steps"]
    (build,) = [each["run"] for each in steps if "run" in each]
    (grade,) = [each["with"] for each in steps if "grade@" in each.get("uses", "")]
    script = tmp_path / "build.sh"
    script.write_text(build, encoding="utf-8")
    engine.sh(script, cwd=tmp_path)
    done, said, summary = step(tmp_path, HOST=engine.host, **{key.upper(): value for key, value in grade.items()})
    assert (done.returncode, said["complete"], said["percent"]) == (0, "true", "100.0")
    assert "### What to mend" not in summary
    mongo = engine.docker("ps", "--quiet", "--filter", "ancestor=mongo:7").strip()
    engine.docker("network", "connect", "public-net-1", mongo)
    done, said, summary = step(tmp_path, HOST=engine.host, **{key.upper(): value for key, value in grade.items()})
    assert (said["complete"], said["score"]) == ("true", "84.0")
    assert "### What to mend" in summary
