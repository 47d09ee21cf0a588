"""What programs that are not ours read in our files: the statuses and marks of each check, and the totals."""

import csv
import io
import json
import re
from contextlib import redirect_stdout
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from gslocal.results import format_results
from junitparser import Error, Failure, JUnitXml, Skipped
from markdown_it import MarkdownIt

OUTCOMES = {Failure: "failed", Error: "error", Skipped: "skipped"}
_COLOUR = re.compile(r"\x1b\[\d+m")


@dataclass(frozen=True)
class Read:
    """A report as its reader has it; a mark is None where there is none."""

    total: Decimal | None
    most: Decimal | None
    marks: tuple[Decimal | None, ...]
    statuses: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()


def junit(text: str, folder: Path) -> Read:
    """Return what junitparser reads."""
    file = folder / "junit.xml"
    file.write_text(text, encoding="utf-8")
    (suite,) = JUnitXml.fromfile(str(file))
    said = {each.name: each.value for each in suite.properties()}  # type: ignore[no-untyped-call]
    cases = list(suite)
    marks = tuple(
        Decimal(value.partition("/")[0]) for name, value in said.items() if name.startswith("score.") and "/" in value
    )
    found = [{type(each) for each in case.result} & OUTCOMES.keys() for case in cases]
    statuses = tuple(OUTCOMES[next(iter(each))] if each else "passed" for each in found)
    counted = [statuses.count(each) for each in ("failed", "error", "skipped")]
    assert [suite.tests, suite.failures, suite.errors, suite.skipped] == [len(cases), *counted]
    total = Decimal(said["score"]) if said["complete"] == "true" else None
    return Read(total, Decimal(said["max_score"]), marks, statuses, tuple(case.name for case in cases))


def gradescope(text: str, folder: Path) -> Read:
    """Return what a local runner of Gradescope autograders shows; it is given no results without marks."""
    content = json.loads(text)
    tests = content["tests"]
    if "score" not in content:
        assert not any("score" in each or "max_score" in each for each in tests)
        return Read(None, None, (None,) * len(tests), titles=tuple(each["name"] for each in tests))
    file = folder / "results.json"
    file.write_text(text, encoding="utf-8")
    screen = io.StringIO()
    with redirect_stdout(screen):
        format_results(file)
    lines = _COLOUR.sub("", screen.getvalue()).splitlines()
    found = [each for line in lines if (each := re.fullmatch(r"  (PASS|FAIL)  ([\d.]+)/([\d.]+) +(.*)", line))]
    sums = next(each for line in lines if (each := re.match(r"  Score: ([\d.]+) / ([\d.]+)", line)))
    assert Decimal(sums[1]) == Decimal(str(content["score"]))
    return Read(
        Decimal(sums[1]),
        Decimal(sums[2]),
        tuple(Decimal(each[2]) for each in found),
        titles=tuple(each[4] for each in found),
    )


def classroom50(text: str, folder: Path) -> Read:
    """Return what the numbers of the file say, divided by the hundred that they are multiplied with."""
    del folder
    content = json.loads(text)
    if not content["tests"]:
        assert (content["score"], content["max-score"]) == (0, 0)
        return Read(None, None, ())
    marks = tuple(Decimal(each["score"]) / 100 for each in content["tests"])
    names = tuple(each["test-name"] for each in content["tests"])
    return Read(Decimal(content["score"]) / 100, Decimal(content["max-score"]) / 100, marks, titles=names)


def table(text: str, folder: Path) -> Read:
    """Return what Python's csv module reads."""
    del folder
    *rows, whole = csv.DictReader(io.StringIO(text, newline=""))
    assert whole["check"] == ""
    return Read(
        _number(whole["score"]),
        _number(whole["max_score"]),
        tuple(_number(row["score"]) for row in rows),
        tuple(row["status"] for row in rows),
        tuple(row["title"] for row in rows),
    )


def markdown(text: str, folder: Path) -> Read:
    """Return what a Markdown parser makes of the headline and the table."""
    del folder
    tokens = MarkdownIt("gfm-like", {"linkify": False}).parse(text)
    lines = ["".join(child.content for child in each.children or ()) for each in tokens if each.type == "inline"]
    after = lines[lines.index("seen") + 1 :]
    rows = [after[at : at + 4] for at in range(0, len(after), 4)]
    sums = re.search(r": ([\d.]+) / ([\d.]+)$", lines[0])
    return Read(
        Decimal(sums[1]) if sums else None,
        Decimal(sums[2]) if sums else None,
        tuple(None if "?" in row[2] or row[2] == "advice" else Decimal(row[2].partition("/")[0]) for row in rows),
        tuple({"not judged": "error"}.get(word := row[0].partition(" ")[2], word) for row in rows),
        tuple(row[1] for row in rows),
    )


READERS = {
    "junit": junit,
    "gradescope": gradescope,
    "classroom50": classroom50,
    "csv": table,
    "markdown": markdown,
}


def _number(text: str) -> Decimal | None:
    return Decimal(text) if text else None
