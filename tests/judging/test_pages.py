"""Which answers are the same page, although no two of them are alike."""

import pytest

from grader.judging.pages import said, same, status_code
from grader.models.probe import Exchanged

APP = "<h1>It works</h1><p>nginx found the app. Visits so far: 6</p>"


def answer(text: str, head: str = "HTTP/1.1 200 OK\r\nServer: x") -> Exchanged:
    return Exchanged(state="open", ending="eof", response=f"{head}\r\n\r\n{text}".encode().hex())


@pytest.mark.parametrize(
    "page",
    [
        APP,
        APP.replace("6", "1007"),
        f"3e\r\n{APP}\r\n0\r\n\r\n",
        f"<body>{APP}</body><footer>served at 10:31 by front-1</footer>",
        APP.upper(),
    ],
    ids=["alike", "counted on", "in chunks", "with a frame", "in capitals"],
)
def test_a_page_is_known_by_its_words(page: str) -> None:
    assert same(answer(page), answer(APP, "HTTP/1.0 200 OK\r\nServer: y"))


@pytest.mark.parametrize("page", ["<h1>Welcome to nginx!</h1>", "", "7", "404 not found"])
def test_another_page_is_another(page: str) -> None:
    assert not same(answer(page), answer(APP))


def test_a_page_without_words_is_like_one_without_words() -> None:
    assert same(answer("7"), answer("6"))
    assert not same(answer("Welcome to nginx"), answer("6"))


def test_what_is_no_http_is_nobodys_page() -> None:
    garbage = Exchanged(state="open", ending="limit", response=b"\xff\x00words".hex())
    assert not same(garbage, garbage)
    assert (status_code(garbage), said(garbage)) == (None, "an answer that is no HTTP")


def test_silence_is_told_from_garbage() -> None:
    assert said(Exchanged(state="open", ending="deadline")) == "no answer in time"
    assert said(answer("x", "HTTP/1.1 502 Bad Gateway")) == "HTTP 502"
