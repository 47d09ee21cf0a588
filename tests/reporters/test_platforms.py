"""The formats that platforms read, read by programs that are not ours: one report, the same marks everywhere."""

import json
from decimal import Decimal
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from junitparser import JUnitXml
from markdown_it import MarkdownIt

from grader.errors import UsageError
from grader.models.report import CheckResult, Report
from grader.reporters import written
from grader.reporters.words import clean

from . import samples
from .flagship import CHECKS, report
from .readers import READERS

RUNNER = {
    "CLASSROOM": "networks",
    "ASSIGNMENT": "flask-nginx-mongo",
    "OWNER": "learner",
    "SUBMISSION_TAG": "submit/2026-03-02T23-41-07Z-a1b2c3d",
    "COMMIT_URL": "https://example.org/commit/a1b2c3d",
    "RELEASE_URL": "https://example.org/releases/tag/submit",
}
HOSTILE = (
    "<script>alert(1)</script>",
    "a|b|c `d` **e** [f](http://example.org) ![g](h)",
    "=cmd|' /C calc'!A0",
    "]]> --> &amp; &lt;",
    "\x1b[31mred\x07\u202egnp.exe\ufffe\ud800",
    "-1+1\r\n::error::x",
    "@everyone http://example.org www.example.org",
    "| --- | --- |\n\n# heading",
)


@pytest.fixture(autouse=True)
def _classroom50(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in RUNNER.items():
        monkeypatch.setenv(name, value)


@st.composite
def any_check(draw: st.DrawFn, place: int) -> CheckResult:
    status = draw(st.sampled_from(["passed", "failed", "skipped", "error"]))
    most = draw(st.decimals(0, 30, places=2))
    part = draw(st.decimals(0, most, places=2)) if most else Decimal(0)
    score = {"passed": most, "failed": part if part < most else Decimal(0)}.get(status, Decimal(0))
    words = st.one_of(st.sampled_from(HOSTILE), st.text(max_size=30))
    return CHECKS[place].model_copy(
        update={
            "id": f"check-{place}",
            "status": status,
            "score": score,
            "max_score": most,
            "title": draw(words) or "x",
            "actual": draw(words),
            "cause": draw(words) or None,
            "hint": draw(words) or None,
        }
    )


@st.composite
def any_report(draw: st.DrawFn) -> Report:
    checks = [draw(any_check(place)) for place in range(draw(st.integers(1, 8)))]
    return report(checks)


@pytest.mark.parametrize("name", READERS)
@given(given_report=any_report())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_reader_finds_the_same_marks(name: str, given_report: Report, tmp_path: Path) -> None:
    read = READERS[name](written(given_report, name), tmp_path)
    if not given_report.complete:
        assert read.total is None
    else:
        assert (read.total, read.most) == (given_report.score, given_report.max_score)
        known = [mark for mark in read.marks if mark is not None]
        assert sum(known, Decimal(0)) == given_report.score
    if name in ("csv", "markdown"):
        assert all(
            mark is None for mark, check in zip(read.marks, given_report.checks, strict=True) if check.status == "error"
        )


@pytest.mark.parametrize("name", ["junit", "csv", "markdown"])
@given(given_report=any_report())
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_skipped_and_error_keep_their_meaning(name: str, given_report: Report, tmp_path: Path) -> None:
    read = READERS[name](written(given_report, name), tmp_path)
    advice = "skipped" if name == "junit" else "failed"
    wanted = [
        advice if check.status == "failed" and not check.max_score else check.status for check in given_report.checks
    ]
    assert list(read.statuses) == wanted


@pytest.mark.parametrize("name", READERS)
@pytest.mark.parametrize("text", HOSTILE)
def test_what_strangers_call_things_stays_text(name: str, text: str, tmp_path: Path) -> None:
    hostile = report([CHECKS[0].model_copy(update={"title": text})])
    read = READERS[name](written(hostile, name), tmp_path)
    shown = clean(text)
    assert read.titles == ((f"'{shown}" if name == "csv" and shown[0] in "=-@+" else shown),)


@pytest.mark.parametrize("case", samples.SAMPLES)
def test_markdown_makes_nothing_of_strangers_text(case: str) -> None:
    made = MarkdownIt("gfm-like", {"linkify": False}).parse(written(samples.SAMPLES[case](), "markdown"))
    kinds = {child.type for each in made for child in each.children or ()} | {each.type for each in made}
    assert not {"html_inline", "html_block", "link_open", "image", "em_open"} & kinds


@pytest.mark.parametrize("case", samples.SAMPLES)
def test_markdown_has_the_picture_in_a_fence_of_its_own(case: str) -> None:
    made = MarkdownIt("gfm-like", {"linkify": False}).parse(written(samples.SAMPLES[case](), "markdown"))
    (picture,) = [each for each in made if each.type == "fence"]
    assert (picture.info, picture.content) == ("mermaid", written(samples.SAMPLES[case](), "mermaid"))


@pytest.mark.parametrize("name", ["gradescope", "classroom50"])
def test_an_incomplete_report_has_no_marks_to_be_taken_for_a_zero(name: str) -> None:
    content = json.loads(written(samples.incomplete(), name))
    if name == "gradescope":
        assert "score" not in content
        assert not [each for each in content["tests"] if "score" in each or "max_score" in each]
        assert content["output"].startswith("Not graded: ")
    else:
        assert (content["score"], content["max-score"], content["tests"]) == (0, 0, [])


def test_classroom50_says_which_variables_it_lacks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OWNER")
    with pytest.raises(UsageError, match="OWNER"):
        written(samples.one_fault(), "classroom50")


def test_classroom50_keeps_to_the_published_contract() -> None:
    """The keys and forms of the platform's result-v1 schema, which allows no others at the top."""
    content = json.loads(written(samples.one_fault(), "classroom50"))
    assert set(content) == {
        "schema", "classroom", "assignment", "assignment_type", "owner", "submission", "commit", "release", "review",
        "datetime", "score", "max-score", "tests",
    }  # fmt: skip
    assert content["schema"] == "classroom50/result/v1"
    assert content["datetime"] == "2026-03-02T23:41:07Z"
    assert (content["score"], content["max-score"]) == (8400, 10000)
    assert all(type(each[key]) is int for each in content["tests"] for key in ("score", "max-score"))
    assert all(type(each["passed"]) is bool for each in content["tests"])


GRADESCOPE = {
    "score", "execution_time", "output", "output_format", "visibility", "stdout_visibility", "extra_data", "tests",
    "leaderboard",
}  # fmt: skip
GRADESCOPE_TEST = {
    "score", "max_score", "status", "name", "name_format", "number", "output", "output_format", "tags", "visibility",
    "extra_data",
}  # fmt: skip


@pytest.mark.parametrize("case", samples.SAMPLES)
def test_gradescope_gets_the_documented_fields_only(case: str) -> None:
    content = json.loads(written(samples.SAMPLES[case](), "gradescope"))
    assert set(content) <= GRADESCOPE
    assert all(set(each) <= GRADESCOPE_TEST for each in content["tests"])
    assert {each.get("status", "passed") for each in content["tests"]} <= {"passed", "failed"}
    assert {each["output_format"] for each in content["tests"]} == {"text"}


def _enormous(letter: str) -> Report:
    """Return a report of more words than any platform takes, as no rubric could ask for them."""
    checks = [
        CHECKS[0].model_copy(update={"id": f"c{n}", "title": letter * 390, "actual": "|" * 390}) for n in range(4000)
    ]
    lost = {"status": "failed", "score": Decimal(0)}
    return report([each.model_copy(update=lost) if n in (7, 3333) else each for n, each in enumerate(checks)])


@pytest.mark.parametrize("letter", ["x", "*", "🐳"])
@pytest.mark.parametrize(("name", "note"), [("markdown", "Cut"), ("gradescope", "too long")])
def test_a_report_that_is_too_large_is_cut_with_a_note_and_whole_totals(
    name: str, note: str, letter: str, tmp_path: Path
) -> None:
    given_report = _enormous(letter)
    text = written(given_report, name)
    assert note in text
    assert len(text.encode()) <= 1_000_000
    if name == "markdown":
        assert text.startswith("## Flask, Nginx, MongoDB: 27986 / 28000\n")
        return
    read = READERS[name](text, tmp_path)
    assert (read.total, read.most) == (given_report.score, given_report.max_score)
    assert sum(mark for mark in read.marks if mark is not None) == given_report.score


def test_gradescope_tells_one_by_one_what_is_lost_where_there_is_too_much() -> None:
    tests = json.loads(written(_enormous("x"), "gradescope"))["tests"]
    assert [each["number"] for each in tests if each["status"] == "failed"] == ["8", "3334"]
    assert [each.get("number") for each in tests[-2:]] == ["3334", None]
    rest = tests[-1]
    assert (rest["name"], rest["output"], rest["status"]) == ("3900 more checks", "3900 passed", "passed")
    assert set().union(*tests) <= GRADESCOPE_TEST


def test_gradescope_gives_no_marks_to_checks_told_together_while_one_is_not_judged() -> None:
    checks = [check.model_copy(update={"status": "error"}) for check in _enormous("x").checks]
    content = json.loads(written(report(checks), "gradescope"))
    assert len(content["tests"]) == 101
    assert "score" not in content
    assert not {"score", "max_score", "status"} & set().union(*content["tests"])


def test_few_checks_with_long_names_are_all_told(tmp_path: Path) -> None:
    checks = [check.model_copy(update={"id": check.id * 9000}) for check in _enormous("x").checks[:60]]
    read = READERS["gradescope"](written(report(checks), "gradescope"), tmp_path)
    assert len(read.marks) == 60


def test_junit_says_which_fault_it_was() -> None:
    root = ET.fromstring(written(samples.one_fault(), "junit"))  # noqa: S314 - our own text
    (failure, *_) = root.iter("failure")
    assert failure.attrib["message"] == "mongo is on public-net-1, where it does not belong"
    assert "hint: On which networks" in (failure.text or "")


def test_junit_tells_checks_with_one_title_apart() -> None:
    """GitLab shows one test of a name."""
    whole = samples.one_fault()
    same = tuple(check.model_copy(update={"title": "It is there"}) for check in whole.checks[:3])
    (suite,) = JUnitXml.fromstring(written(whole.model_copy(update={"checks": same}), "junit").encode())
    assert [case.name for case in suite] == [f"It is there ({check.id})" for check in same]
