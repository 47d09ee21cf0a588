"""The page of the class, in a real browser: 500 learners, sorted and searched, names that do harm, no request."""

import json
import re
import shutil
import subprocess
from decimal import Decimal
from html import unescape
from typing import Any

import pytest

from grader.batch.cohort import chapter, page
from grader.batch.roster import Learner
from grader.batch.standing import Grade
from tests.browser.conftest import absent

BROWSER = shutil.which("chromium") or shutil.which("google-chrome")
HARM = '<img src=x onerror="document.title=1">'
_LOOK = """
<script>
const read = column => [...document.querySelectorAll("table.learners tbody tr")].filter(row => !row.hidden)
  .map(row => row.cells[column].textContent);
const buttons = [...document.querySelectorAll("table.learners th button")];
const press = name => buttons.find(button => button.textContent == name).click();
const seen = {rows: read(0).length, first: read(0)[0]};
press("Percent"); seen.up = read(4);
press("Percent"); seen.down = read(4);
press("Name"); seen.names = read(1).slice(0, 3);
press("Result"); seen.results = [...new Set(read(5))];
const input = document.querySelector("input.find");
input.value = "S0042"; input.dispatchEvent(new Event("input")); seen.found = read(0);
seen.images = document.images.length;
seen.requests = performance.getEntriesByType("resource").length;
seen.wide = document.documentElement.scrollWidth > document.documentElement.clientWidth;
const out = document.createElement("pre"); out.id = "seen"; out.textContent = JSON.stringify(seen);
document.body.append(out);
</script>
"""


def grade_of(number: int) -> Grade:
    """Return the grade of one of many; each ninth is ungraded."""
    graded = number % 9 != 0
    score = Decimal(number * 37 % 101)
    learner = Learner(id=f"s{number:04}", name=HARM if number == 3 else f"Name {number}", section="AB"[number % 2])
    check = {"id": "net", "title": "The network", "status": "passed" if score > 50 else "failed", "score": float(score)}
    return Grade(
        learner,
        "lab",
        score=score if graded else None,
        max_score=Decimal(100),
        percent=score if graded else None,
        passed=score >= 80 if graded else None,
        graded_at="",
        reason="" if graded else "nobody answers",
        fault="" if graded else "unreachable",
        remedy="" if graded else "wake the machine",
        checks=[{**check, "max_score": 100.0, "cause": None if score > 50 else f"cause {number % 3}"}]
        if graded
        else [],
        overridden=(),
        attempt=number,
        attempts=1,
    )


GRADES = [grade_of(number) for number in range(500)]


def text() -> str:
    return page([chapter("lab", "The lab", GRADES)], [], lambda grade: f"reports/{grade.learner.id}-lab.html", "now")


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Return what a browser saw after pressing and typing."""
    if BROWSER is None:
        absent("there is no Chromium: apt-get install chromium")
    folder = tmp_path_factory.mktemp("page")
    file = folder / "cohort.html"
    file.write_text(text().replace("</body>", f"{_LOOK}</body>"), encoding="utf-8")
    options = ["--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={folder}", "--virtual-time-budget=5000"]
    done = subprocess.run(
        [BROWSER, *options, "--dump-dom", file.as_uri()], capture_output=True, text=True, check=True, timeout=120
    )
    found = re.search(r'<pre id="seen">(.*?)</pre>', done.stdout, re.DOTALL)
    assert found, done.stdout[-500:]
    told: dict[str, Any] = json.loads(unescape(found[1]))
    return told


def number(cell: str) -> float:
    return float(cell.removesuffix(" %")) if cell else -1.0


def test_everybody_is_on_the_page_in_the_order_of_the_roster(seen: dict[str, Any]) -> None:
    assert (seen["rows"], seen["first"]) == (500, "s0000")


def test_a_press_sorts_by_number_and_another_one_turns_it_round(seen: dict[str, Any]) -> None:
    up = [number(cell) for cell in seen["up"]]
    assert up == sorted(up)
    assert (up[0], up[-1]) == (-1.0, 100.0)
    assert [number(cell) for cell in seen["down"]] == sorted(up, reverse=True)


def test_words_are_sorted_as_people_count(seen: dict[str, Any]) -> None:
    assert seen["names"] == [HARM, "Name 0", "Name 1"]
    assert seen["results"] == ["below", "passed", "ungraded"]


def test_a_word_finds_its_learner(seen: dict[str, Any]) -> None:
    assert seen["found"] == ["s0042"]


def test_names_do_no_harm_and_nothing_is_fetched(seen: dict[str, Any]) -> None:
    assert (seen["images"], seen["requests"], seen["wide"]) == (0, 0, False)


def test_the_page_counts_right() -> None:
    (lab,) = [chapter("lab", "The lab", GRADES)]
    graded = [grade for grade in GRADES if grade.score is not None]
    assert sum(lab.bins) == len(graded)
    assert len(lab.ungraded) == 56
    assert lab.lines[0].passed == sum(1 for grade in graded if grade.score and grade.score > 50)
    assert sum(count for _, count in lab.causes) == len(graded) - lab.lines[0].passed
    assert text().count("nobody answers") == 56
