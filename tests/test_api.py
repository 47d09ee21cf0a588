"""The Python API: what the command line calls, typed, and imported only when it is asked for."""

import subprocess
import sys
from inspect import getdoc, signature
from pathlib import Path
from typing import get_type_hints

import pytest

import grader
from grader import Report, Settings, grade, load_rubric, regrade, store
from grader.errors import EngineUnreachable, EvidenceError, RubricError, UsageError

ROOT = Path(__file__).parents[1]
EVIDENCE = ROOT / "tests/verdicts/evidence/flask-nginx-mongo-mongo-also-on-public.json"
EXERCISE = "flask-nginx-mongo"
PUBLIC = ("Evidence", "Graded", "Loaded", "Report", "Settings", "grade", "load_rubric", "regrade")


@pytest.mark.parametrize("evidence", [EVIDENCE, str(EVIDENCE), store.load(EVIDENCE)], ids=["path", "word", "evidence"])
@pytest.mark.parametrize("rubric", [EXERCISE, ROOT / "rubrics" / f"{EXERCISE}.yaml"], ids=["name", "file"])
def test_saved_evidence_is_judged(evidence: Path | str, rubric: str | Path) -> None:
    seen, report = regrade(rubric, evidence)
    assert (report.exercise, report.percent, report.passed) == (EXERCISE, 84.0, True)
    assert seen == store.load(EVIDENCE)


def test_a_role_can_be_named() -> None:
    report = regrade(EXERCISE, EVIDENCE, {"mongo": "nginx"}).report
    assert report.roles["mongo"] is not None
    assert report.roles["mongo"].container == "nginx"


def test_a_course_can_be_named(tmp_path: Path) -> None:
    (tmp_path / "rubrics").mkdir()
    (tmp_path / "rubrics" / "mine.yaml").write_text((ROOT / "rubrics" / f"{EXERCISE}.yaml").read_text(encoding="utf-8"))
    loaded = load_rubric("mine", tmp_path)
    assert regrade(loaded, EVIDENCE).report.exercise == "mine"


def test_what_is_foreseen_is_an_error_of_ours(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no exercise"):
        load_rubric("nothing")
    with pytest.raises(RubricError, match="no such file"):
        load_rubric(tmp_path / "nothing.yaml")
    with pytest.raises(EvidenceError, match="cannot be read"):
        regrade(EXERCISE, tmp_path / "nothing.json")
    with pytest.raises(EngineUnreachable):
        grade(EXERCISE, Settings(hosts={"default": "tcp://127.0.0.1:1"}))


def test_the_command_line_calls_it(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    from grader import api
    from grader.cli import grade as command

    called = []
    real = api.regrade

    def noted(*args: object, **rest: object) -> object:
        called.append(args)
        return real(*args, **rest)  # type: ignore[arg-type]  # passed on as they came

    monkeypatch.setattr(api, "regrade", noted)
    command.main(["regrade", EXERCISE, str(EVIDENCE), "--format", "json"], standalone_mode=False)
    assert len(called) == 1
    assert '"percent": 84.0' in capsys.readouterr().out


def test_it_is_typed_and_documented() -> None:
    assert set(PUBLIC) <= set(dir(grader))
    for name in PUBLIC:
        assert getdoc(getattr(grader, name))
    for function in (grade, regrade, load_rubric):
        assert set(get_type_hints(function)) == {*signature(function).parameters, "return"}
    assert Path(grader.__file__).with_name("py.typed").is_file()
    assert get_type_hints(grader.Graded)["report"] is Report


def test_its_stub_names_what_there_is() -> None:
    stub = Path(grader.__file__).with_suffix(".pyi").read_text(encoding="utf-8")
    assert [name for name in PUBLIC if f"import {name} as {name}\n" not in stub] == []
    with pytest.raises(AttributeError, match="nothing"):
        grader.nothing  # type: ignore[attr-defined]  # noqa: B018 - to see what happens


def test_nothing_is_imported_before_it_is_asked_for() -> None:
    code = (
        "import sys; from grader import __version__; import grader.cli\n"
        "heavy = {'pydantic', 'docker', 'yaml', 'rich', 'jinja2', 'grader.api', 'importlib.metadata'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout == "[]\n"
