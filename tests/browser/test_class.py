"""The page of the class, with 500 learners: sorted and searched, names that do harm, no request, accessibility."""

from decimal import Decimal
from typing import Any

import pytest

from grader.batch.cohort import chapter, page
from grader.batch.integrity import Flag
from grader.batch.roster import Learner
from grader.batch.standing import Grade
from tests.browser.conftest import Opener, Watched
from tests.browser.test_page import broken_rules

pytestmark = pytest.mark.browser
HARM = '<img src=x onerror="document.title=1">\u202e'


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


def text(grades: list[Grade] = GRADES) -> str:
    flags = [Flag(("s0001", "s0002"), ("lab",), "the same evidence")]
    return page([chapter("lab", "The lab", grades)], flags, lambda grade: f"reports/{grade.learner.id}-lab.html", "now")


@pytest.fixture
def seen(opened: Opener) -> Watched:
    return opened(text())


def column(seen: Watched, place: int) -> list[str]:
    """Return what stands in a column of the learners who are shown."""
    rows: Any = seen.page.evaluate(
        "place => [...document.querySelectorAll('table.learners tbody tr')].filter(row => !row.hidden)"
        ".map(row => row.cells[place].textContent)",
        place,
    )
    return [str(cell) for cell in rows]


def press(seen: Watched, head: str) -> None:
    seen.page.locator("table.learners th button", has_text=head).click()


def number(cell: str) -> float:
    return float(cell.removesuffix(" %")) if cell else -1.0


def test_everybody_is_on_the_page_in_the_order_of_the_roster(seen: Watched) -> None:
    assert column(seen, 0) == [f"s{number:04}" for number in range(500)]


def test_a_press_sorts_by_number_and_another_one_turns_it_round(seen: Watched) -> None:
    press(seen, "Percent")
    up = [number(cell) for cell in column(seen, 4)]
    assert up == sorted(up)
    assert (up[0], up[-1]) == (-1.0, 100.0)
    press(seen, "Percent")
    assert [number(cell) for cell in column(seen, 4)] == sorted(up, reverse=True)


def test_words_are_sorted_as_people_count(seen: Watched) -> None:
    press(seen, "Name")
    first, *others = column(seen, 1)[:3]
    assert (first[:4], others) == ("<img", ["Name 0", "Name 1"])
    press(seen, "Result")
    assert list(dict.fromkeys(column(seen, 5))) == ["below", "passed", "ungraded"]


def test_a_word_finds_its_learner(seen: Watched) -> None:
    seen.page.fill("input.find", "S0042")
    assert column(seen, 0) == ["s0042"]


def test_names_do_no_harm_and_nothing_is_fetched(seen: Watched) -> None:
    assert seen.page.title() == "The lab: the class"
    assert seen.page.locator("img").count() == 0
    assert "\u202e" not in seen.page.inner_text("body")
    assert (seen.requests, seen.complaints) == ([], [])


def test_a_script_that_is_not_ours_is_not_run(opened: Opener) -> None:
    watched = opened(text().replace("</main>", "<script>document.title = 'mine'</script></main>"))
    assert any("Content Security Policy" in each for each in watched.complaints)
    assert watched.page.title() == "The lab: the class"


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_it_breaks_no_rule_of_accessibility_and_fits_a_narrow_window(dark: bool, opened: Opener, axe: str) -> None:
    watched = opened(text(GRADES[:30]), width=320, dark=dark)
    assert watched.page.evaluate("document.documentElement.scrollWidth") <= 320
    assert broken_rules(watched.page, axe) == []


def test_the_page_counts_right() -> None:
    (lab,) = [chapter("lab", "The lab", GRADES)]
    graded = [grade for grade in GRADES if grade.score is not None]
    assert sum(lab.bins) == len(graded)
    assert len(lab.ungraded) == 56
    assert lab.lines[0].passed == sum(1 for grade in graded if grade.score and grade.score > 50)
    assert sum(count for _, count in lab.causes) == len(graded) - lab.lines[0].passed
    assert text().count("nobody answers") == 56
    assert "<p>56 unreachable</p>" in text()
