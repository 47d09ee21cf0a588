"""`grade verify` from the outside: what it prints, in which formats, and how it ends."""

import json
import shutil
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest

from grader.models.report import RubricRef
from grader.models.verification import Built, Fault, Finding, Verification
from grader.reporters.verification import json_text, page
from tests.verdicts.table import EVIDENCE

ROOT = Path(__file__).parents[2]
EXERCISE = "flask-nginx-mongo"
RIGHT = EVIDENCE / f"{EXERCISE}-published-on-a-random-port.json"
PATIENCE = 60


def grade(*args: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "grader", *map(str, args)]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT, timeout=PATIENCE)


def verification(**changes: object) -> Verification:
    """Return one that holds, with one fault, and then with changes."""
    fault = Fault(
        operator="image",
        name="mongo comes from another image",
        build="run-names",
        lost={"mongo-image": 5},
        own=("mongo-image",),
        first_cause="mongo was created from example/other:1, not mongo",
        seen=True,
        named=True,
    )
    plain = Verification(
        exercise="lab",
        title="Lab",
        tool_version="0",
        rubric=RubricRef(path="lab.yaml", sha256="0"),
        checks=("mongo-image",),
        floor=(Built(name="an empty engine", percent=0, right=True),),
        solutions=(Built(name="run-names", percent=100, right=True),),
        faults=(fault,),
    )
    return plain.model_copy(update=changes)


def survivor() -> Fault:
    return verification().faults[0].model_copy(update={"seen": False, "lost": {}})


def test_what_holds_holds() -> None:
    assert verification().holds
    assert verification().mutation_score == 100
    assert verification().unproven == ()


WRONG: dict[str, dict[str, object]] = {
    "a finding": {"findings": (Finding(3, 1, "brief", "no brief", "write one"),)},
    "a floor that earns": {"floor": (Built(name="an empty engine", percent=5, right=False),)},
    "a solution that loses": {"solutions": (Built(name="run", percent=90, right=False),)},
    "a solution that leaves something": {"solutions": (Built(name="run", percent=100, left=("x",), right=True),)},
    "a survivor": {"faults": (*verification().faults, survivor())},
    "a check without a fault": {"checks": ("mongo-image", "page-works")},
    "a fault that costs others": {
        "faults": (verification().faults[0].model_copy(update={"collateral": ("page-works",)}),)
    },
    "a cause that names something else": {"faults": (verification().faults[0].model_copy(update={"named": False}),)},
}


@pytest.mark.parametrize("what", WRONG)
def test_one_thing_that_is_wrong_is_enough(what: str) -> None:
    assert not verification(**WRONG[what]).holds


def test_a_remark_and_an_excused_survivor_are_no_matter() -> None:
    excused = survivor().model_copy(update={"equivalent": "nobody can tell"})
    remark = Finding(3, 1, "total", "odd points", "make them 100", remark=True)
    assert verification(faults=(*verification().faults, excused), findings=(remark,)).holds


def test_a_proven_rubric_ends_with_0_and_shows_the_matrix() -> None:
    done = grade("verify", EXERCISE, "--no-live", "--evidence", RIGHT)
    assert (done.returncode, done.stderr) == (0, "")
    for words in ("flask-nginx-mongo  holds", "an empty engine: 0 %", "100 % seen", "not tried", "13 page-works"):
        assert words in done.stdout
    (row,) = [line for line in done.stdout.splitlines() if "mongo comes from another image" in line]
    assert row.split()[-13:] == [*"." * 5, "x", *"." * 7]


def test_json_holds_the_figures() -> None:
    done = grade("verify", EXERCISE, "--no-live", "--evidence", RIGHT, "--format", "json")
    (found,) = json.loads(done.stdout)
    assert (found["schema"], found["holds"], found["mutation_score"]) == ("grade/verification/v1", True, 100.0)
    assert (found["survivors"], found["unproven"], len(found["faults"]) > 40) == ([], [], True)
    assert json.loads(json_text([verification()]))[0]["exercise"] == "lab"


class _Page(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.links += [value or "" for name, value in attrs if name in ("src", "href")]


def test_the_page_is_one_file_and_names_stay_text() -> None:
    hostile = verification().faults[0].model_copy(update={"name": "<script>alert(1)</script>"})
    text = page([verification(faults=(hostile,))])
    found = _Page(text)
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text
    assert ("script" in found.tags, found.links) == (False, ["data:,"])  # an empty icon, so that none is asked for
    assert found.tags.count("table") == 1


def test_a_file_is_written_whole(tmp_path: Path) -> None:
    target = tmp_path / "proof.html"
    done = grade("verify", EXERCISE, "--no-live", "--evidence", RIGHT, "--format", "html", "--output", target)
    assert (done.returncode, done.stdout) == (0, "")
    assert "holds" in target.read_text(encoding="utf-8")


def test_a_rubric_with_a_finding_ends_with_1(tmp_path: Path) -> None:
    for folder in ("rubrics", "exercises", "reference_solution"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    (tmp_path / "exercises" / EXERCISE / "target.svg").unlink()
    done = grade("verify", EXERCISE, "--no-live", "--evidence", RIGHT, "--course", tmp_path)
    assert done.returncode == 1
    assert "does not hold" in done.stdout
    assert "target.svg" in done.stdout


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_what_a_full_disk_does_not_take_is_printed() -> None:
    done = grade("verify", EXERCISE, "--no-live", "--format", "json", "--output", "/dev/full")
    assert done.returncode == 2
    assert "cannot write /dev/full: No space left on device" in done.stderr
    assert json.loads(done.stdout)


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["no-such-lab", "--no-live"], ["no exercise called no-such-lab"]),
        (["--no-live", "--evidence", str(RIGHT)], ["--evidence belongs to one exercise"]),
        ([EXERCISE, "--no-live", "--evidence", "/gone.json"], ["/gone.json", "No such file"]),
        ([EXERCISE, "--no-live", "--output", "/gone/x.html"], ["/gone/x.html", "make the folder"]),
        ([EXERCISE, "--no-live", "--output", "-"], ["'-' names no file", "--format terminal alone"]),
        ([EXERCISE, "--no-live", "--format", "json", "--format", "html"], ["--format is given 2 times", "name that"]),
    ],
)
def test_a_wrong_word_is_told(args: list[str], words: list[str]) -> None:
    done = grade("verify", *args)
    assert (done.returncode, [word for word in words if word not in done.stderr]) == (2, []), done.stderr
    assert "Traceback" not in done.stderr
