"""The screen of a watch at every size, and the lines that stand in for it."""

from datetime import UTC, datetime
from decimal import Decimal
from io import BytesIO, TextIOWrapper

import pytest
from rich.cells import cell_len
from rich.console import Console

from grader.models.report import Report
from grader.models.watching import Change, News, Seen, Trouble, View
from grader.reporters.terminal.pen import Pen
from grader.reporters.terminal.watching.frame import frame
from grader.reporters.terminal.watching.lines import Lines

from .samples import HOSTILE, SAMPLES, full_marks, hostile, nothing_built, one_fault

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
LOST = Change(
    check="mongo-is-private",
    title="nginx cannot reach MongoDB",
    was="passed",
    status="failed",
    points=Decimal(-12),
)
WON = Change(check="public-net", title="The network is there", was="failed", status="passed", points=Decimal(7))
GONE = Trouble(what="nothing answers at unix:///run/docker.sock", remedy="sudo systemctl start docker", gone=True)


def view(
    report: Report | None, *changes: Change, trouble: Trouble | None = None, starting: tuple[str, ...] = ()
) -> View:
    """Return a view that has seen this report."""
    news = (News(at=NOW, changes=changes),) if changes else ()
    seen = Seen(report=report, at=NOW, starting=starting) if report else None
    return View(exercise="flask-nginx-mongo", seen=seen, news=news, trouble=trouble)


def drawn(shown: View, rows: int = 24, columns: int = 80, encoding: str = "utf-8") -> list[str]:
    """Return the rows of a screen as the terminal would hold them."""
    file = TextIOWrapper(BytesIO(), encoding=encoding)
    console = Console(file=file, width=columns, height=rows, legacy_windows=False, _environ={"TERM": "xterm"})
    return [line.plain for line in frame(shown, Pen.of(console), rows)]


@pytest.mark.parametrize("name", SAMPLES)
@pytest.mark.parametrize("columns", [30, 60, 80, 120, 200])
def test_it_fills_every_window_and_no_more(name: str, columns: int) -> None:
    shown = view(SAMPLES[name](), WON, LOST, trouble=GONE, starting=("mongo",))
    for rows in (1, 2, 3, 5, 8, 11, 12, 16, 24, 40, 100):
        lines = drawn(shown, rows, columns)
        assert len(lines) <= rows
        assert max(map(cell_len, lines)) <= columns
        assert rows < 12 or len(lines) == rows


def test_with_few_rows_what_matters_most_is_kept() -> None:
    report = one_fault()
    text = "\n".join(drawn(view(report, LOST), rows=24))
    cause = report.causes[0].cause
    for words in (cause, "-12", "Hint:", "mongo-is-private    0/12", "84 / 100", "ctrl-C", "03:04:05"):
        assert words in text, words
    fewer = "\n".join(drawn(view(report, LOST), rows=11))
    assert cause in fewer
    assert "mongo-is-private" not in fewer
    fewest = "\n".join(drawn(view(report, LOST), rows=6))
    assert "84 / 100" in fewest
    assert cause not in fewest


def test_with_many_rows_there_is_a_picture() -> None:
    assert not any("172.18.0.0/16" in line for line in drawn(view(one_fault(), LOST), rows=24))
    assert any("172.18.0.0/16" in line for line in drawn(view(one_fault(), LOST), rows=40))


def test_what_is_new_comes_with_what_it_won_or_lost() -> None:
    lines = drawn(view(one_fault(), LOST, WON))
    assert "03:04:05  ✗ nginx cannot reach MongoDB  -12" in lines
    assert "          ✓ The network is there  +7" in lines


def test_an_engine_that_is_gone_is_told_above_all_with_its_remedy_and_how_old_the_rest_is() -> None:
    lines = drawn(view(full_marks(), trouble=GONE))
    assert "The engine is gone" in lines[1]
    assert "  sudo systemctl start docker" in lines
    assert any("what was seen at 03:04:05" in line for line in lines)
    assert not any("Nothing to mend" in line for line in lines)
    assert "The engine is gone" in "\n".join(drawn(view(None, trouble=GONE)))


def test_what_has_started_a_moment_ago_is_waited_for() -> None:
    assert any("Waiting for mongo" in line for line in drawn(view(one_fault(), starting=("mongo",))))


def test_where_only_ascii_can_be_shown_it_is_all_there_is() -> None:
    text = "\n".join(drawn(view(one_fault(), LOST, trouble=GONE), 40, encoding="ascii"))
    assert text.isascii()
    assert "x nginx cannot reach MongoDB  -12" in text


def test_strangers_text_stays_text() -> None:
    change = LOST.model_copy(update={"title": HOSTILE})
    trouble = Trouble(what=HOSTILE, remedy=HOSTILE)
    for line in drawn(view(hostile(), change, trouble=trouble), 100):
        assert not any(character in line for character in "\x1b\x07\u202e\r\n")


def test_without_a_terminal_there_is_a_line_for_each_change(capsys: pytest.CaptureFixture[str]) -> None:
    lines = Lines()
    for shown in (
        view(None),
        view(nothing_built()),
        view(nothing_built()).model_copy(update={"looking": True}),
        view(one_fault(), LOST),
        view(one_fault(), LOST, trouble=GONE),
        view(one_fault(), LOST),
    ):
        lines.show(shown)
    out, err = capsys.readouterr()
    told = [line.removeprefix("03:04:05  ") for line in out.splitlines()]
    causes = len(nothing_built().causes)
    assert told[0] == "0 / 100 points, 0 %"
    assert [line.startswith("mend ") for line in told[1 : causes + 1]] == [True] * causes
    assert told[causes + 1 :] == [
        "✗ mongo-is-private: nginx cannot reach MongoDB -12",
        "84 / 100 points, 84 %, passed",
        f"mend 1: {one_fault().causes[0].cause}",
    ]
    assert err.splitlines() == [f"{GONE.what}; {GONE.remedy}; waiting for it", "the engine can be looked at again"]


def test_in_lines_strangers_text_stays_text(capsys: pytest.CaptureFixture[str]) -> None:
    lines = Lines()
    lines.show(view(hostile()))
    lines.show(view(hostile(), LOST.model_copy(update={"title": HOSTILE}), trouble=Trouble(what=HOSTILE)))
    out, err = capsys.readouterr()
    assert not any(character in out + err for character in "\x1b\x07\u202e\r")
