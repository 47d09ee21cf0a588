"""What an answer over HTTP says, and whether two answers are the same page."""

import re

from grader.models.probe import Exchanged

_STATUS_LINE = re.compile(rb"^HTTP/1\.[01] ([1-5][0-9]{2})[ \r]")
_SERVER_HEADER = re.compile(rb"\r\nserver:([^\r\n]*)", re.IGNORECASE)
_TAG = re.compile(r"<[^>]*>")
_WORD = re.compile(r"[^\W\d_]+")
_ENOUGH = 0.5
"""The share of a page's words that has to be met again: greetings and dates differ from one request to the next."""


def status_code(answer: Exchanged) -> int | None:
    """Return the status code of an HTTP response, None if it is no HTTP."""
    found = _STATUS_LINE.match(bytes.fromhex(answer.response))
    return int(found[1]) if found else None


def said(answer: Exchanged) -> str:
    """Return an answer in words that end a sentence."""
    if code := status_code(answer):
        return f"HTTP {code}"
    return "an answer that is no HTTP" if answer.response else "no answer in time"


def server_of(answer: Exchanged) -> str:
    """Return what the Server header of an HTTP response says, empty without one."""
    found = _SERVER_HEADER.search(bytes.fromhex(answer.response).partition(b"\r\n\r\n")[0])
    return found[1].decode("ascii", "replace").strip() if found else ""


def same(page: Exchanged, origin: Exchanged) -> bool:
    """Return whether `page` holds most words of `origin`, so that one is likely to be made of the other."""
    if status_code(origin) is None:
        return False
    wanted, found = _words(origin), _words(page)
    return len(wanted & found) >= _ENOUGH * len(wanted) if wanted else not found


def _words(answer: Exchanged) -> set[str]:
    _, _, body = bytes.fromhex(answer.response).partition(b"\r\n\r\n")
    return set(_WORD.findall(_TAG.sub(" ", body.decode("utf-8", "ignore")).lower()))
