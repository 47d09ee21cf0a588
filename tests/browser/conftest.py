"""One Chromium for all tests, and pages that are watched while they are open."""

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NoReturn

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.browser import npm

_CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
_QUIET = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
"""A browser that speaks to nobody of its own accord, also where it runs as root."""


@dataclass
class Watched:
    """A page, with every request that it made beyond itself and every complaint of the browser."""

    page: Page
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)


Opener = Callable[..., Watched]


def absent(reason: str) -> NoReturn:
    """Skip for a reason that is counted, or fail where nothing may be skipped."""
    if os.environ.get("GRADE_REQUIRE_LIVE"):
        pytest.fail(f"browser tests are required, but {reason}")
    pytest.skip(f"browser: {reason}")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Start the system's Chromium; playwright's own is never fetched."""
    program = next(filter(None, map(shutil.which, _CHROMIUM)), None)
    if program is None:
        absent("there is no Chromium: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(_QUIET))
        yield browser
        browser.close()


@pytest.fixture
def opened(chromium: Browser, tmp_path: Path) -> Iterator[Opener]:
    """Return what opens a page from a file and watches it."""
    contexts: list[BrowserContext] = []

    def open_page(text: str, *, width: int = 1280, dark: bool = False, suffix: str = ".html") -> Watched:
        file = tmp_path / f"page-{len(contexts)}{suffix}"
        file.write_text(text, encoding="utf-8")
        scheme = "dark" if dark else "light"
        context = chromium.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)  # type: ignore[arg-type]
        contexts.append(context)
        watched = Watched(context.new_page())
        watched.page.on("request", lambda request: watched.requests.append(request.url))
        watched.page.on("console", lambda message: watched.complaints.append(message.text))
        watched.page.on("pageerror", lambda error: watched.complaints.append(str(error)))
        watched.page.goto(file.as_uri())
        watched.requests.remove(file.as_uri())
        return watched

    yield open_page
    for context in contexts:
        context.close()


def _script(package: tuple[str, str, str]) -> str:
    try:
        return npm.script(package)
    except OSError as fault:
        absent(str(fault))
        raise


@pytest.fixture(scope="session")
def axe() -> str:
    """Return the accessibility rules."""
    return _script(npm.AXE)


@pytest.fixture(scope="session")
def mermaid_itself() -> str:
    """Return the program that draws Mermaid."""
    return _script(npm.MERMAID)
