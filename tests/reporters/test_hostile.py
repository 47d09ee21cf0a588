"""Names of strangers stay text in every format, and what hides in them shows itself."""

import json
import re
import unicodedata
from html.parser import HTMLParser

import pytest
from markdown_it import MarkdownIt

from grader.reporters import written
from grader.reporters.formats import FORMATS
from tests.reporters import samples
from tests.reporters.picture import parsed
from tests.reporters.test_platforms import RUNNER

_HIDDEN = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
_WORD = re.compile(r"\w+")
_NAMES = pytest.mark.parametrize("name", samples.NAMES, ids=[f"name-{n}" for n, _ in enumerate(samples.NAMES)])


@pytest.fixture(autouse=True)
def _runner(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable, value in RUNNER.items():
        monkeypatch.setenv(variable, value)


@_NAMES
@pytest.mark.parametrize("style", FORMATS)
def test_nothing_that_hides_is_written(style: str, name: str) -> None:
    text = written(samples.hostile(name), style).replace("\r\n", "\n")  # CSV ends its lines so
    assert {each for each in text if unicodedata.category(each) in _HIDDEN} <= {"\n"}
    assert text.encode()


class _Tags(HTMLParser):
    """What a page is made of."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes |= {name for name, _ in attrs}


def _tags(text: str) -> _Tags:
    found = _Tags()
    found.feed(text)
    return found


@_NAMES
def test_a_page_has_no_element_that_is_not_ours(name: str) -> None:
    found, plain = _tags(written(samples.hostile(name), "html")), _tags(written(samples.hostile("plain"), "html"))
    assert set(found.tags) <= set(plain.tags) | {"title"}  # what is cut has its whole as a title
    assert found.attributes <= plain.attributes
    assert found.tags.count("h1") == 1


@_NAMES
def test_a_picture_is_sound_and_holds_the_name_as_text(name: str) -> None:
    root = parsed(written(samples.hostile(name), "svg"))
    kinds = {element.tag.rpartition("}")[2] for element in root.iter()}
    assert kinds <= {"svg", "style", "title", "desc", "g", "rect", "circle", "path", "text", "tspan"}
    assert {attribute for element in root.iter() for attribute in element.attrib} <= {
        *("class", "role", "width", "height", "viewBox", "x", "y", "rx", "cx", "cy", "r", "d", "transform"),
    }
    start = " ".join(name.split())[:4]
    assert start.startswith(("\x1b", "\u202e", "\u2066", "\U000e0041")) or start in "".join(root.itertext())


@_NAMES
def test_json_gives_the_name_back_as_it_is(name: str) -> None:
    found = json.loads(written(samples.hostile(name), "json"))
    assert found["roles"]["flask"]["because"][1] == name


@_NAMES
def test_mermaid_has_no_line_that_is_not_ours(name: str) -> None:
    lines = written(samples.hostile(name), "mermaid").splitlines()
    plain = written(samples.hostile("plain"), "mermaid").splitlines()
    assert [_WORD.findall(line)[0] for line in lines] == [_WORD.findall(line)[0] for line in plain]
    assert not any("`" in line or "href" in line.partition('"')[0] for line in lines)


@_NAMES
def test_markdown_keeps_the_picture_within_its_fence(name: str) -> None:
    made = MarkdownIt("gfm-like", {"linkify": False}).parse(written(samples.hostile(name), "markdown"))
    (fence,) = [token for token in made if token.type == "fence"]
    assert fence.info == "mermaid"
    assert fence.content == written(samples.hostile(name), "mermaid")
