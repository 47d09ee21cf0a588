"""Links of a course that lead nowhere: in Markdown and in the HTML within it, to files and to headings."""

from pathlib import Path

import pytest

from grader.ci.links import dead_links

PAGE = """# The bridge

## What it's for

## `docker network` & *friends*

## Same

## Same

## Große Fragen, 2 Netze

Underlined
----------

## :bulb: A hint
## With a ![picture](there.png) in it

<h2 align="center">In <b>HTML</b></h2>

<a id="Here"></a> and <a name="there"></a>.
"""

SOUND = [
    "[a](page.md)",
    "[a](page.md#the-bridge)",
    "[a](page.md#what-its-for)",
    "[a](page.md#docker-network--friends)",
    "[as GitLab has it](page.md#docker-network-friends)",
    "[a](page.md#same) [b](page.md#same-1)",
    "[a](page.md#große-fragen-2-netze)",
    "[a](page.md#gro%C3%9Fe-fragen-2-netze)",
    "[a](page.md#underlined)",
    "[a](page.md#bulb-a-hint)",
    "[a](page.md#with-a--in-it)",
    "[a](page.md#in-html)",
    "[GitHub finds any case](page.md#The-Bridge)",
    "[a](page.md#user-content-the-bridge)",
    "[a](page.md#here) [b](page.md#there)",
    "[the top](#) [top](#top) [readme](page.md#readme)",
    "[lines](page.md?plain=1#L3) [more](page.md#L3-L5) [some](page.md#L3C1-L5C2)",
    "# One's own\n\n[a](#ones-own)",
    "[of another kind](there.png#nothing)",
    "[web](https://example.org/gone.md#nothing) <a href='//example.org/gone'>b</a> <a href='mailto:a@b'>c</a>",
    "<img src='there.png'> <img src='/there.png'> <img src='https://example.org/gone.png'>",
    "<img src='data:image/gif;base64,R0lGODlhAQABAAAAACw='>",
    "<picture><source srcset='there.png, there.png 2x'></picture>",
    "`<img src='gone.png'>`",
    "```\n<img src='gone.png'>\n```",
    "<!-- <img src='gone.png'> -->",
    "<div>\n<![if IE]>\n<img src='there.png'>\n</div>",
]

FILE, HEADING = "mend the link, or add the file", "mend the link, or add the heading"
DEAD = {
    "a heading": ("[a](page.md#the-brigde)", 1, "page.md#the-brigde", "did you mean #the-bridge?"),
    "a heading of this page": ("# Bridges\n\nSee\n[a](#nowhere)", 4, "#nowhere", HEADING),
    "one more than there are": ("[a](page.md#same-2)", 1, "page.md#same-2", "did you mean #same-1?"),
    "a comment is no heading": ("<!-- # Here -->\n\n[a](#here)", 3, "#here", HEADING),
    "a heading of a file that is missing": ("[a](gone.md#a)", 1, "gone.md#a", FILE),
    "a picture in HTML": ("Look:\n\n<p>\n  <img src='gone.png'>\n</p>", 4, "gone.png", FILE),
    "a link in HTML": ("One\ntwo <a\nhref='gone.md'>it</a>", 2, "gone.md", FILE),
    "after a tag over two lines": ("<a\nid='x'>o</a>\n\nA <b\nid='y'>b</b> [a](gone.md)", 5, "gone.md", FILE),
    "HTML in a table": ("| a |\n| - |\n| <img src='gone.png'> |", 3, "gone.png", FILE),
    "a heading that HTML leads to": ("<a href='page.md#gone'>it</a>", 1, "page.md#gone", HEADING),
    "a picture for the dark": ("<source srcset='there.png, dark.png 2x'>", 1, "dark.png", FILE),
    "after what is no HTML": ("<div>\n<![foo[bar]]>\n<img src='gone.png'>\n</div>", 3, "gone.png", FILE),
    "no address": ("<a href='http://[x'>a</a>", 1, "http://[x", "mend the link: this is no address"),
}  # fmt: skip


@pytest.fixture
def found(tmp_path: Path) -> Path:
    """Return a folder with a page and a picture, to which a brief may lead."""
    (tmp_path / "page.md").write_text(PAGE, encoding="utf-8")
    (tmp_path / "there.png").touch()
    return tmp_path


@pytest.mark.parametrize("text", SOUND)
def test_what_leads_somewhere_is_no_problem(text: str, found: Path) -> None:
    (found / "brief.md").write_text(text + "\n", encoding="utf-8")
    assert list(dead_links(found)) == []


@pytest.mark.parametrize("case", DEAD)
def test_what_leads_nowhere_is_told_at_its_line(case: str, found: Path) -> None:
    text, line, target, remedy = DEAD[case]
    (found / "brief.md").write_text(text + "\n", encoding="utf-8")
    (problem,) = dead_links(found)
    assert (problem.path, problem.line, problem.rule) == ("brief.md", line, "link")
    assert (problem.text, problem.remedy) == (f"{target} leads nowhere", remedy)
    assert not problem.remark


def test_a_page_that_is_no_text_is_told_once(found: Path) -> None:
    (found / "page.md").write_bytes(b"\xff\xfe")
    (found / "brief.md").write_text("[a](page.md#the-bridge)\n", encoding="utf-8")
    (problem,) = dead_links(found)
    assert (problem.path, problem.remedy) == ("page.md", "save it as UTF-8")
