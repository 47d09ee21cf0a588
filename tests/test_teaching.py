"""What explains: each check in the words of its kind, each command tried, and the reference of kinds."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from grader import store
from grader.checks import kinds
from grader.evaluate import evaluate
from grader.explain import explain
from grader.models.evidence import Evidence
from grader.reporters.language import language
from grader.reporters.reference import reference
from grader.rubric.load import load
from grader.rubric.schema import rubric_schema
from tests.verdicts.table import EVIDENCE, builds

ROOT = Path(__file__).parents[1]
REFERENCE = ROOT / "rubrics" / "CHECKS.md"
RUBRICS = sorted((ROOT / "rubrics").glob("*.yaml"))
PATIENCE = 60


def grade(*args: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "grader", *map(str, args)]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT, timeout=PATIENCE)


def saved(exercise: str) -> list[Evidence]:
    """Return what the builds of an exercise showed."""
    return [store.load(EVIDENCE / f"{b.exercise}-{b.name}.json") for b in builds() if b.exercise == exercise]


@pytest.mark.parametrize("word", kinds())
def test_a_kind_tells_its_idea_in_a_few_sentences(word: str) -> None:
    sentences = re.findall(r"[.!?](?: |$)", kinds()[word].concept)
    assert 2 <= len(sentences) <= 5


@pytest.mark.parametrize("rubric", RUBRICS, ids=lambda path: path.stem)
def test_every_check_of_every_build_can_be_explained(rubric: Path) -> None:
    loaded = load(rubric)
    found = saved(rubric.stem)
    for evidence in found:
        report = evaluate(loaded, evidence)
        for check in loaded.rubric.checks:
            told = explain(loaded, evidence, report, check.id)
            assert told.concept
            assert told.by_hand.startswith("docker "), (check.id, told.by_hand)
    assert found


def test_an_explanation_shows_all_its_parts() -> None:
    file = EVIDENCE / "flask-nginx-mongo-mongo-also-on-public.json"
    done = grade("explain", "flask-nginx-mongo", "mongo-is-private", "--evidence", file)
    assert (done.returncode, done.stderr) == (0, "")
    for words in (
        "nginx cannot reach MongoDB  0/12",
        "cause     mongo is on public-net-1, where it does not belong",
        "Nobody but the app can reach MongoDB, not even round through the host",
        "What Docker does",
        "  docker run --rm --network container:nginx busybox sh -c 'nc -w 2 ",
    ):
        assert words in done.stdout


def test_a_command_is_printed_in_one_line_to_be_copied() -> None:
    file = EVIDENCE / "flask-nginx-mongo-mongo-also-on-public.json"
    done = grade("explain", "flask-nginx-mongo", "mongo-is-private", "--evidence", file)
    (line,) = [line for line in done.stdout.splitlines() if "docker run" in line]
    assert line.endswith("&& echo open || echo closed'")


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["explain", "flask-nginx-mongo", "mongo-is-privat"], ["mongo-is-privat", "did you mean mongo-is-private"]),
        (["explain", "flask-nginx-mongo", "xyz"], ["xyz", "there are: public-net"]),
        (["checks", "reachs"], ["reachs", "did you mean reaches?"]),
        (["checks", "poem"], ["poem", "there are: ", "attached"]),
    ],
)
def test_a_wrong_word_is_told(args: list[str], words: list[str]) -> None:
    done = grade(*args)
    assert (done.returncode, [word for word in words if word not in done.stderr]) == (2, []), done.stderr


def test_the_reference_of_the_language_is_made_from_the_schema() -> None:
    path = ROOT / "rubrics" / "LANGUAGE.md"
    if os.environ.get("GRADE_UPDATE_GOLDEN"):
        path.write_text(language(), encoding="utf-8")
    text = path.read_text(encoding="utf-8")
    assert text == language()
    schema = rubric_schema()
    fields = {name for part in (schema, *schema["$defs"].values()) for name in part["properties"]} - {"kind"}
    assert [name for name in fields if f"| `{name}` |" not in text] == []


def test_the_reference_of_kinds_is_the_generated_one() -> None:
    if os.environ.get("GRADE_UPDATE_GOLDEN"):
        REFERENCE.write_text(reference(), encoding="utf-8")
    assert REFERENCE.read_text(encoding="utf-8") == reference()


def test_the_list_of_kinds_has_a_line_for_each() -> None:
    done = grade("checks")
    assert [line.split()[0] for line in done.stdout.splitlines()] == list(kinds())
