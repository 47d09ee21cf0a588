"""Pictures in a real browser: SVG as files, Mermaid by the program that draws it elsewhere."""

import json

import pytest
from playwright.sync_api import Page

from grader.reporters import written
from tests.browser.conftest import Opener
from tests.reporters import samples

pytestmark = pytest.mark.browser
_NAMES = pytest.mark.parametrize("name", samples.NAMES, ids=[f"name-{n}" for n, _ in enumerate(samples.NAMES)])


@pytest.mark.parametrize("case", sorted(samples.SAMPLES))
def test_a_picture_opens_as_a_file_and_fetches_nothing(case: str, opened: Opener) -> None:
    watched = opened(written(samples.SAMPLES[case](), "svg"), suffix=".svg")
    assert watched.page.evaluate("document.documentElement.getBoundingClientRect().height") > 100
    assert watched.requests == []
    assert watched.complaints == []


@pytest.mark.parametrize("case", ["one-fault", "crowded", "incomplete", "nothing-built"])
def test_no_text_of_a_picture_runs_over_another_or_out_of_its_sheet(case: str, opened: Opener) -> None:
    page = opened(written(samples.SAMPLES[case](), "svg"), suffix=".svg").page
    overlaps = page.evaluate("""() => {
        const texts = [...document.querySelectorAll('text')].filter(text => text.textContent);
        const boxes = texts.map(text => [text.textContent, text.getBoundingClientRect()]);
        const sheet = document.documentElement.getBoundingClientRect();
        const found = boxes.filter(([, b]) => b.right > sheet.right || b.bottom > sheet.bottom).map(([t]) => t);
        boxes.forEach(([one, a], place) => boxes.slice(place + 1).forEach(([other, b]) => {
            const across = Math.min(a.right, b.right) - Math.max(a.left, b.left);
            const down = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
            if (across > 1 && down > 2) found.push(`${one} over ${other}`);
        }));
        return found;
    }""")
    assert overlaps == []


def _mermaid(opened: Opener, program: str, text: str) -> Page:
    """Return a page on which Mermaid has drawn the text, as strictly as GitHub has it do so."""
    page = opened("<!doctype html><title>untouched</title><link rel=icon href='data:,'><div id=here></div>").page
    page.add_script_tag(content=program)
    page.evaluate("mermaid.initialize({startOnLoad: false, securityLevel: 'strict'})")
    page.evaluate(f"mermaid.render('drawn', {json.dumps(text)}).then(r => document.all.here.innerHTML = r.svg)")
    return page


@pytest.mark.parametrize("case", sorted(samples.SAMPLES))
def test_mermaid_draws_every_node_and_every_line(case: str, opened: Opener, mermaid_itself: str) -> None:
    topology = samples.SAMPLES[case]().topology
    page = _mermaid(opened, mermaid_itself, written(samples.SAMPLES[case](), "mermaid"))
    outside = any(flow.source == "outside" for flow in topology.flows)
    boxes = 12 if case == "crowded" else len(topology.boxes)  # three roles, eight others, and how many more there are
    assert page.locator("g.node").count() == len(topology.lanes) + boxes + outside
    arrows = {(flow.source, flow.target) for flow in topology.flows}
    lines = page.locator("path.flowchart-link").count()
    assert lines == 25 if case == "crowded" else case == "hostile" or lines == len(topology.links) + len(arrows)


def test_mermaid_shows_who_asks_whom(opened: Opener, mermaid_itself: str) -> None:
    text = _mermaid(opened, mermaid_itself, written(samples.one_fault(), "mermaid")).inner_text("#here")
    for said in ("public-net-1", "172.18.0.4", "*:8080->80/tcp", "flask-app", "✗ :27017"):
        assert said in text


@_NAMES
def test_mermaid_takes_no_name_for_more_than_text(name: str, opened: Opener, mermaid_itself: str) -> None:
    page = _mermaid(opened, mermaid_itself, written(samples.hostile(name), "mermaid"))
    assert page.title() == "untouched"
    assert page.locator("#here a, #here img, #here script, #here h1, #here b, #here li, #here code").count() == 0
    assert page.locator("g.node").count() == 5
    shown = page.locator("g.node").nth(3).text_content() or ""
    start = " ".join(name.split())[:3]
    assert start in shown or not start.isprintable()
