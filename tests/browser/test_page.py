"""The report for a browser, in one: content, silence, accessibility, keyboard, print, any width, light and dark."""

from typing import Any

import pytest

from grader.reporters import written
from tests.browser.conftest import Opener
from tests.reporters import samples

pytestmark = pytest.mark.browser
_CASES = sorted(samples.SAMPLES)


def html(case: str) -> str:
    return written(samples.SAMPLES[case](), "html")


def test_a_page_says_what_the_report_says(opened: Opener) -> None:
    report = samples.one_fault()
    page = opened(html("one-fault")).page
    assert page.title() == "Flask, Nginx, MongoDB: 84 of 100 points"
    text = page.inner_text("body")
    for said in ("84 / 100 points, 84 %: passed", "mongo is on public-net-1, where it does not belong", "costs 16"):
        assert said in text
    assert page.locator(".checks > li").count() == len(report.checks)
    wrong = page.locator(".checks > li", has_text="mongo-is-private").inner_text()
    for said in ("0/12", "port 27017 of mongo out of reach", "172.18.0.4 open", "Who shares a network"):
        assert said in wrong
    assert "created from the image nginx, listens on port 80" in text


@pytest.mark.parametrize("case", _CASES)
def test_no_request_leaves_a_page_and_the_browser_complains_of_nothing(case: str, opened: Opener) -> None:
    watched = opened(html(case))
    watched.page.wait_for_load_state("networkidle")
    assert watched.requests == []
    assert watched.complaints == []


@pytest.mark.parametrize(
    "smuggled",
    ['<img src="http://127.0.0.1:9/x.png">', "<script>document.title = 'mine'</script>", "<p style='color: red'>x</p>"],
)
def test_a_page_lets_nothing_in_that_is_not_its_own(smuggled: str, opened: Opener) -> None:
    watched = opened(html("one-fault").replace("</main>", f"{smuggled}</main>"))
    assert any("Content Security Policy" in each for each in watched.complaints)
    assert "mine" not in watched.page.title()


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("case", _CASES)
def test_it_breaks_no_rule_of_accessibility(case: str, dark: bool, opened: Opener, axe: str) -> None:
    page = opened(html(case), dark=dark).page
    page.evaluate("for (const each of document.querySelectorAll('details')) each.open = true")
    assert broken_rules(page, axe) == []


def broken_rules(page: Any, axe: str) -> list[str]:
    """Return what the rules find, one line a place."""
    page.evaluate(axe)
    found: dict[str, Any] = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [f"{each['id']}: {node['html']}" for each in found["violations"] for node in each["nodes"]]


def test_the_rules_would_see_what_is_wrong(opened: Opener, axe: str) -> None:
    page = opened(html("one-fault").replace('lang="en"', "").replace("<h1>", '<img src="data:,"><h1>')).page
    assert {line.partition(":")[0] for line in broken_rules(page, axe)} >= {"html-has-lang", "image-alt"}


def test_the_keyboard_gets_everywhere(opened: Opener) -> None:
    page = opened(html("one-fault")).page
    reached = []
    for _ in range(60):
        page.keyboard.press("Tab")
        at = page.evaluate("[document.activeElement.tagName, document.activeElement.innerText]")
        if at[0] == "BODY":
            break
        reached.append(at)
        assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"
    tags = [tag for tag, _ in reached]
    assert tags.count("SUMMARY") == page.locator("summary").count()
    assert tags.count("A") == page.locator("a").count()
    assert tags.count("DIV") == 2  # the pictures, which scroll where they are too broad


def test_a_key_opens_what_is_folded_away(opened: Opener) -> None:
    page = opened(html("one-fault")).page
    evidence = page.get_by_text("named public-net-1")
    assert not evidence.is_visible()
    page.locator("summary", has_text="bridge network public-net-1").focus()
    page.keyboard.press("Enter")
    assert evidence.is_visible()


def test_a_link_leads_from_a_cause_to_its_check_and_back(opened: Opener) -> None:
    page = opened(html("one-fault")).page
    page.get_by_role("link", name="mongo-is-private").click()
    assert page.locator(":target").inner_text().startswith("✗")
    page.locator(":target").get_by_role("link", name="1").click()
    assert "where it does not belong" in page.locator(":target").inner_text()


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_paper_is_white_and_holds_what_the_screen_folds_away(dark: bool, opened: Opener) -> None:
    page = opened(html("one-fault"), dark=dark).page
    page.emulate_media(media="print", color_scheme="dark" if dark else "light")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert page.evaluate("getComputedStyle(document.querySelector('.picture .paper, .picture .box')).fill") in (
        "rgb(255, 255, 255)"
    )
    assert not page.locator("nav").is_visible()
    assert page.get_by_text("named public-net-1").evaluate("each => each.checkVisibility()")
    assert page.get_by_text("named public-net-1").bounding_box()


@pytest.mark.parametrize("width", [320, 768, 1280])
@pytest.mark.parametrize("case", ["one-fault", "hostile", "crowded", "nothing-built"])
def test_a_window_of_any_width_needs_no_sideways_scrolling(case: str, width: int, opened: Opener) -> None:
    page = opened(html(case), width=width).page
    page.evaluate("for (const each of document.querySelectorAll('details')) each.open = true")
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_what_is_asked_for_stands_beside_what_was_built_where_there_is_room(opened: Opener) -> None:
    def places(width: int) -> list[tuple[int, int]]:
        figures = opened(html("one-fault"), width=width).page.locator("figure").all()
        boxes = [figure.bounding_box() for figure in figures]
        return [(int(box["x"]), int(box["y"])) for box in boxes if box]

    (left, top), (right, same) = places(1280)
    assert right > left
    assert top == same
    (left, top), (under, below) = places(320)
    assert under == left
    assert below > top


def test_the_dark_is_dark(opened: Opener) -> None:
    page = opened(html("one-fault"), dark=True).page
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(13, 17, 23)"
    assert page.evaluate("getComputedStyle(document.querySelector('.picture .band')).fill") == "rgb(12, 45, 77)"


def test_a_screen_reader_hears_the_picture(opened: Opener) -> None:
    page = opened(html("one-fault")).page
    assert page.get_by_role("img", name="What was built").count() == 1
    page.locator("summary", has_text="Built, in words").click()
    words = page.locator(".words").last.inner_text()
    assert "172.18.0.4" in words
    assert "nginx must not reach mongo (:27017): is wrong." in words
