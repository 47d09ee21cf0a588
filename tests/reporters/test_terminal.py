"""The report in a terminal: as files to look at, and what holds for every report."""

import re
import unicodedata
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from grader.models.report import CheckResult, Report, RoleResult, Status
from grader.models.topology import Box, Flow, Lane, Link, Mark, Topology
from grader.reporters import written

from . import samples
from .consoles import printed
from .flagship import changed, judged, report
from .golden import GOLDEN, assert_golden
from .picture import drawn

_COLOUR = re.compile(r"\x1b\[[0-9;]*m")


@pytest.mark.parametrize("width", [80, 120])
@pytest.mark.parametrize("case", samples.SAMPLES)
def test_a_report_looks_as_reviewed(case: str, width: int) -> None:
    assert_golden(GOLDEN / f"{case}.{width}.txt", printed(samples.SAMPLES[case](), width))


@pytest.mark.parametrize("case", ["one-fault", "incomplete", "hostile"])
def test_a_report_in_ascii_looks_as_reviewed(case: str) -> None:
    text = printed(samples.SAMPLES[case](), 80, "ascii")
    assert_golden(GOLDEN / f"{case}.ascii.80.txt", text)


def test_a_narrow_window_looks_as_reviewed() -> None:
    assert_golden(GOLDEN / "one-fault.50.txt", printed(samples.one_fault(), 50))


def test_a_dumb_terminal_gets_plain_signs_and_no_escapes() -> None:
    text = printed(samples.one_fault(), 80, terminal=True, term="dumb")
    assert text.isascii()
    assert "\x1b" not in text


def test_colour_changes_nothing_but_colour() -> None:
    for case in samples.SAMPLES.values():
        coloured = printed(case(), 80, terminal=True)
        assert "\x1b[" in coloured
        assert _COLOUR.sub("", coloured) == printed(case(), 80)


def test_a_pipe_in_another_encoding_gets_what_it_can_carry() -> None:
    assert "é" in printed(samples.hostile(), 80, "latin-1")
    assert r"\u65e5" in printed(samples.hostile(), 80, "latin-1")


def test_a_file_holds_the_plain_text_whatever_the_environment_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "40")
    assert written(samples.one_fault(), "terminal") == printed(samples.one_fault(), 80)


def test_one_fault_is_named_once_and_pointed_at() -> None:
    text = printed(samples.one_fault(), 80)
    assert text.count("mongo is on public-net-1, where it does not belong") == 1
    assert text.count("see 1") == 2
    assert text.index("What to mend") < text.index("Checks") < text.index("Networks")


def test_no_pass_mark_is_spoken_of_where_there_is_none() -> None:
    text = printed(samples.full_marks().model_copy(update={"pass_mark": Decimal(0)}), 80)
    assert "enough" not in text


def test_a_fault_has_one_hint() -> None:
    text = printed(samples.one_fault(), 80)
    assert text.count("On which networks does the database have to be at all?") == 1
    assert "Who shares a network with the database?" not in text


def test_a_failure_without_a_cause_keeps_its_hint() -> None:
    lone = judged("page-works", "failed", "HTTP 500", hint="Read the page.")
    text = printed(report(changed(lone)), 80)
    assert "hint      Read the page." in text
    assert "What to mend" not in text
    assert "Mend what is marked above" in text


def test_what_waits_behind_something_that_waits_is_told_at_the_fault() -> None:
    assert "waiting for it: nginx-finds-flask, nginx-to-flask, page-works" in printed(samples.nothing_built(), 80)


def test_an_incomplete_report_promises_no_verdict() -> None:
    text = printed(samples.incomplete(), 80)
    assert "not graded completely" in text
    assert "costs you nothing" in text
    assert "passed" not in text


def test_the_picture_for_the_readme_is_the_same_each_time_and_fetches_nothing() -> None:
    assert drawn(samples.hostile()) == drawn(samples.hostile())
    assert "url(http" not in drawn(samples.one_fault()).replace(" ", "")


_ODD = [samples.HOSTILE, "x" * 4096, "日本" * 40, "", " ", "[/]", "e\u0301" * 30]
_WORDS = st.text(max_size=60) | st.sampled_from(_ODD)
_POINTS = st.decimals(min_value=0, max_value=40, places=2)
_STATUS = st.sampled_from(list[Status](["passed", "failed", "skipped", "error"]))
_MARK = st.sampled_from(list[Mark](["right", "wrong", "missing", "extra"]))


@st.composite
def _checks(draw: st.DrawFn) -> CheckResult:
    return CheckResult(
        id=draw(_WORDS),
        kind="network",
        title=draw(_WORDS),
        status=draw(_STATUS),
        score=draw(_POINTS),
        max_score=draw(_POINTS),
        expected=draw(_WORDS),
        actual=draw(_WORDS),
        cause=draw(st.none() | _WORDS),
        hint=draw(st.none() | _WORDS),
        waits_for=tuple(draw(st.lists(_WORDS, max_size=2))),
        evidence=tuple(draw(st.lists(_WORDS, max_size=3))),
    )


@st.composite
def _topologies(draw: st.DrawFn) -> Topology:
    keys, names = draw(st.lists(_WORDS, max_size=5)), draw(st.lists(_WORDS, max_size=5))
    words = st.lists(_WORDS, max_size=3).map(tuple)
    lanes = [
        Lane(
            name=name,
            called=draw(st.none() | _WORDS),
            driver=draw(st.none() | _WORDS),
            subnets=draw(words),
            mark=draw(_MARK),
            note=draw(st.none() | _WORDS),
        )
        for name in names
    ]
    boxes = [
        Box(
            key=key,
            role=draw(st.none() | _WORDS),
            container=draw(st.none() | _WORDS),
            mark=draw(_MARK),
            note=draw(st.none() | _WORDS),
            published=draw(words),
        )
        for key in keys
    ]
    ends = st.tuples(st.sampled_from([*keys, "gone"]), st.sampled_from([*names, "gone"]))
    links = [
        Link(box=box, lane=lane, mark=draw(_MARK), addresses=draw(words), names=draw(words))
        for box, lane in draw(st.lists(ends, max_size=8))
    ]
    sides = st.sampled_from(["outside", *(box.role or "x" for box in boxes), "gone"])
    flows = [
        Flow(
            source=draw(sides),
            target=draw(sides),
            kind=draw(st.sampled_from(["name", "port", "ping", "page", "chain"])),
            what=draw(_WORDS),
            shut=draw(st.booleans()),
            mark=draw(st.sampled_from(["right", "wrong", "missing", "unknown"])),
        )
        for _ in range(draw(st.integers(0, 6)))
    ]
    return Topology(lanes=tuple(lanes), boxes=tuple(boxes), links=tuple(links), flows=tuple(flows))


@st.composite
def _reports(draw: st.DrawFn) -> Report:
    role = st.none() | st.builds(
        RoleResult, host=_WORDS, container=_WORDS, id=_WORDS, because=st.lists(_WORDS, max_size=2).map(tuple)
    )
    made = report(
        draw(st.lists(_checks(), max_size=5)),
        draw(st.dictionaries(_WORDS, role, max_size=3)),
        draw(_topologies()),
        tuple(draw(st.lists(_WORDS, max_size=2))),
    )
    return made.model_copy(update={"title": draw(_WORDS), "exercise": draw(_WORDS), "pass_mark": draw(_POINTS)})


@settings(deadline=None, max_examples=150)
@given(_reports(), st.integers(20, 160), st.sampled_from(["utf-8", "ascii", "cp437"]))
def test_every_report_fits_its_window_and_harms_no_terminal(report: Report, width: int, encoding: str) -> None:
    text = printed(report, width, encoding)
    assert all(cell_len(line) <= width for line in text.split("\n"))
    assert not {unicodedata.category(each) for each in text if each != "\n"} & {"Cc", "Cf", "Cs", "Zl", "Zp"}


_NAMES = st.from_regex(r"[a-z]([a-z0-9-]{0,20}[a-z0-9])?", fullmatch=True)


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(_NAMES, _NAMES, _STATUS), min_size=1, max_size=8), st.integers(40, 160))
def test_every_check_is_on_the_page(rows: list[tuple[str, str, Status]], width: int) -> None:
    checks = [
        CheckResult(
            id=id_,
            kind="network",
            title=title,
            status=status,
            score=Decimal(0),
            max_score=Decimal(5),
            expected="this",
            actual="that",
            cause="a fault" if status == "failed" else None,
        )
        for id_, title, status in rows
    ]
    lines = printed(report(checks), width).split("\n")
    table = lines[lines.index("Checks") :]
    for check in checks:
        assert any(check.title in line for line in table)
        assert any(check.id in line for line in table)


def test_what_is_asked_for_stands_beside_what_was_built_where_they_differ_and_fit() -> None:
    assert "To build" in printed(samples.one_fault(), 120)
    assert "To build" not in printed(samples.one_fault(), 80)
    assert "To build" not in printed(samples.full_marks(), 120)
