"""What a Markdown file links to, line by line, and the anchors that it offers itself; its HTML counts as well."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from html.parser import HTMLParser
from itertools import pairwise
from unicodedata import category

from markdown_it import MarkdownIt
from markdown_it.token import Token

_MARKDOWN = MarkdownIt("commonmark").enable("table")
_HEADING = re.compile("h[1-6]")


def targets(text: str) -> Iterator[tuple[int, str]]:
    """Yield each target of a link or a picture, with the line on which it stands."""
    for block in _MARKDOWN.parse(text):
        above = block.map[0] if block.map else 0
        if block.type == "html_block":
            yield from _within(block.content, above)
        for token in block.children or ():
            if token.type == "html_inline":
                yield from _within(token.content, above)
            elif target := _target(token):
                yield above + 1, target
            above += token.content.count("\n") + (token.type in ("softbreak", "hardbreak"))


def anchors(text: str) -> frozenset[str]:
    """Return what may follow a `#`, in lower case: names given in HTML, and headings as GitHub and GitLab call them."""
    html = _Html(_MARKDOWN.render(text))
    github = [_slug(heading) for heading in html.headings]
    gitlab = [re.sub("-{2,}", "-", slug) for slug in github]
    return frozenset({*_numbered(github), *_numbered(gitlab), *(name.lower() for name in html.names)})


def _within(html: str, above: int) -> Iterator[tuple[int, str]]:
    yield from ((above + line, target) for line, target in _Html(html).targets)


def _target(token: Token) -> str | None:
    name = {"link_open": "href", "image": "src"}.get(token.type)
    return str(token.attrGet(name)) if name and token.attrGet(name) else None


def _slug(heading: str) -> str:
    """Return the anchor of a heading, in which what Ruby calls word characters stay, and hyphens and blanks."""
    kept = (each for each in heading.strip().lower() if each in "- " or category(each)[0] in "LM" or _is_word(each))
    return "".join(kept).replace(" ", "-")


def _is_word(character: str) -> bool:
    return category(character) in ("Nd", "Nl", "Pc")


def _numbered(slugs: Iterable[str]) -> Iterator[str]:
    """Yield the slugs; what was there before is given its number."""
    seen: Counter[str] = Counter()
    for slug in slugs:
        yield f"{slug}-{seen[slug]}" if seen[slug] else slug
        seen[slug] += 1


class _Html(HTMLParser):
    """What a piece of HTML links to, by its lines from 1 on, its headings, and the names that it gives."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.targets: list[tuple[int, str]] = []
        self.headings: list[str] = []
        self.names: list[str] = []
        self._in_heading = False
        # Python 3.11 fails on sections such as <![if IE]>; browsers take them for comments, up to the next >.
        self.feed(html.replace("<![", "<!:"))
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note where a tag leads, and that a heading begins."""
        if _HEADING.fullmatch(tag):
            self._in_heading = True
            self.headings.append("")
        line, _ = self.getpos()
        for name, value in attrs:
            if name in ("id", "name") and value:
                self.names.append(value)
            elif name in ("href", "src") and value:
                self.targets.append((line, value.strip()))
            elif name == "srcset" and value:
                self.targets += ((line, each) for each in _candidates(value))

    def handle_endtag(self, tag: str) -> None:
        """Note that a heading ends."""
        self._in_heading = self._in_heading and not _HEADING.fullmatch(tag)

    def handle_data(self, data: str) -> None:
        """Add to the heading that has begun."""
        if self._in_heading:
            self.headings[-1] += data


def _candidates(srcset: str) -> Iterator[str]:
    """Yield the pictures among which a browser may choose: `dark.png 2x, plain.png`."""
    for before, word in pairwise([",", *srcset.split()]):
        if before.endswith(","):
            yield word.rstrip(",")
