"""What earlier versions saved is read today, and what is written today can be read as it was then.

A form that changes in another way gets a new version in its `schema`, and a folder here.
"""

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from grader import Report, load_rubric, regrade, store
from grader.models.evidence import Evidence
from grader.reporters import written
from grader.reporters.schema import evidence_schema_text, report_schema_text
from tests.reporters import samples
from tests.verdicts.table import EVIDENCE

ROOT = Path(__file__).parents[2]
FOLDERS = sorted(each for each in Path(__file__).parent.iterdir() if (each / "report.json").exists())
EXERCISE = "flask-nginx-mongo"
LOST: dict[str, set[str] | None] = {
    "flask-on-loopback-only": {"nginx-to-flask", "page-works"},
    "mongo-also-on-public": {"mongo-attached", "mongo-is-private"},
    "networks-with-ipv6": set(),
    "nothing-built": None,
}
"""What each saved build loses, None for everything."""


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
@pytest.mark.parametrize("build", LOST)
def test_old_evidence_is_judged_as_it_was(folder: Path, build: str) -> None:
    """What the rubric did not ask then could not be seen then: it is an error of ours, and costs nothing."""
    report = regrade(load_rubric(EXERCISE, ROOT), folder / f"evidence-{build}.json").report
    lost = LOST[build]
    failed = {check.id for check in report.checks if check.status == "failed"}
    assert failed == ({check.id for check in report.checks} if lost is None else failed & lost)
    unseen = {check.id for check in report.checks if check.status == "error"}
    assert unseen <= {"page-works"}
    assert failed | unseen >= (lost or set())
    assert report.complete == (not unseen)


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_an_old_report_is_one_today(folder: Path) -> None:
    old = json.loads((folder / "report.json").read_text(encoding="utf-8"))
    Draft202012Validator(json.loads(report_schema_text())).validate(old)
    assert Report.model_validate(old).percent == old["percent"]


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
@pytest.mark.parametrize("case", samples.SAMPLES)
def test_a_report_of_today_can_be_read_as_it_was_then(folder: Path, case: str) -> None:
    """A reader of then finds all that it knew, and may meet keys that it did not know."""
    then = json.loads((folder / "report.schema.json").read_text(encoding="utf-8"))
    Draft202012Validator(_tolerant(then)).validate(json.loads(written(samples.SAMPLES[case](), "json")))


@pytest.mark.parametrize("folder", [each for each in FOLDERS if (each / "evidence.schema.json").exists()])
def test_evidence_of_today_can_be_read_as_it_was_then(folder: Path) -> None:
    reader = Draft202012Validator(_tolerant(json.loads((folder / "evidence.schema.json").read_text(encoding="utf-8"))))
    files = [*folder.glob("evidence-*.json"), *EVIDENCE.glob(f"{EXERCISE}-*.json")]
    for saved in (store.load(file) for file in files):
        reader.validate(json.loads(saved.model_dump_json(by_alias=True)))
    assert len(files) > len(LOST)


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_old_evidence_is_evidence_by_the_schema_of_today(folder: Path) -> None:
    schema = Draft202012Validator(json.loads(evidence_schema_text()))
    for file in folder.glob("evidence-*.json"):
        schema.validate(json.loads(file.read_text(encoding="utf-8")))


def test_a_key_of_evidence_that_is_gone_is_noticed() -> None:
    then = json.loads((FOLDERS[-1] / "evidence.schema.json").read_text(encoding="utf-8"))
    today = json.loads((FOLDERS[-1] / "evidence-nothing-built.json").read_text(encoding="utf-8"))
    del today["hosts"]["default"]["snapshot"]["engine"]
    assert not Draft202012Validator(_tolerant(then)).is_valid(today)


@pytest.mark.parametrize("key", ["percent", "checks", "schema"])
def test_a_key_that_is_gone_is_noticed(key: str) -> None:
    then = json.loads((FOLDERS[0] / "report.schema.json").read_text(encoding="utf-8"))
    today = json.loads(written(samples.one_fault(), "json"))
    del today[key]
    assert not Draft202012Validator(_tolerant(then)).is_valid(today)


def test_evidence_of_today_names_the_version_that_is_read() -> None:
    assert Evidence.model_fields["schema_id"].default == "grade/evidence/v1"
    assert json.loads((FOLDERS[0] / "evidence-nothing-built.json").read_text())["schema"] == "grade/evidence/v1"


def _tolerant(schema: Any) -> Any:
    """Return the schema without its word on keys that it does not know."""
    if isinstance(schema, list):
        return [_tolerant(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    return {key: _tolerant(value) for key, value in schema.items() if (key, value) != ("additionalProperties", False)}
