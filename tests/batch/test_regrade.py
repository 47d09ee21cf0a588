"""A corrected rubric, an appeal, an override: what changes is shown first, and kept with its reason."""

import re
import shutil
import sqlite3
from decimal import Decimal
from pathlib import Path

import pytest

from grader import pipeline, store
from grader.batch.deciding import decide
from grader.batch.gradebook import Gradebook
from grader.batch.judge import html_of
from grader.batch.output import save_outcome
from grader.batch.records import judged
from grader.batch.standing import standing
from grader.cli.gradebooks import regrade_class
from grader.errors import GradebookError, UsageError
from grader.rubric.load import load
from tests.batch.books import RUBRIC, filled, task
from tests.batch.hosts import EXERCISE, RIGHT, WRONG, grade, table

TEXT = RUBRIC.read_text(encoding="utf-8")


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """Return the folder of a batch in which one learner has 84 and another one 100 points."""
    filled(tmp_path / "out", {"s1": WRONG, "s2": RIGHT, "s3": None}).__exit__(None, None, None)
    return tmp_path / "out"


def course(folder: Path, text: str) -> Path:
    """Return a course that has the flagship with this rubric."""
    made = folder / "course"
    shutil.rmtree(made, ignore_errors=True)
    (made / "rubrics").mkdir(parents=True)
    (made / "rubrics" / f"{EXERCISE}.yaml").write_text(text, encoding="utf-8")
    return made


def void(check: str, how: str = "full") -> str:
    return TEXT.replace(f"- id: {check}\n", f"- id: {check}\n    void: {how}\n    reason: it was unfair\n")


def regrade(out: Path, text: str, *args: str) -> str:
    """Judge the class by a rubric and return what is said."""
    done = grade("regrade", "--gradebook", out, "--course", course(out.parent, text), *args)
    assert done.returncode == 0, done.stderr
    return done.stdout


def scores(out: Path) -> dict[str, str]:
    return {learner: row["score"] for learner, row in table(out).items()}


def test_an_unchanged_rubric_changes_nothing(out: Path) -> None:
    assert regrade(out, TEXT, "--accept") == "0 grades changed\n"
    assert scores(out) == {"s1": "84", "s2": "100", "s3": ""}


def test_who_gains_what_is_shown_before_it_holds(out: Path) -> None:
    told = regrade(out, void("mongo-is-private"))
    assert f"s1  {EXERCISE}: 84 of 100 -> 96 of 100 (+12)" in told
    assert "    mongo-is-private: 0 -> 12" in told
    assert "1 grade would change; --accept lets them" in told
    assert scores(out)["s1"] == "84"
    regrade(out, void("mongo-is-private"), "--accept")
    assert scores(out) == {"s1": "96", "s2": "100", "s3": ""}
    assert "it was unfair" in (out / "reports" / f"s1-{EXERCISE}.html").read_text(encoding="utf-8")


def test_nobody_loses_when_nobody_is_to_lose(out: Path) -> None:
    harder = TEXT.replace("network: public-net-1", "network: another-net-9")
    told = regrade(out, harder, "--never-lower", "--accept")
    assert "would lose marks, and keeps 100 of 100" in told
    assert scores(out) == {"s1": "84", "s2": "100", "s3": ""}
    regrade(out, harder, "--accept")
    assert Decimal(scores(out)["s2"]) < 100


def test_an_override_survives_a_regrade_and_is_undone_by_nothing(out: Path) -> None:
    done = grade("override", "s1", "mongo-is-private", "6.5", "--note", "shown in person", "--gradebook", out)
    assert (done.returncode, done.stdout) == (0, f"s1  {EXERCISE}  mongo-is-private: 0 -> 6.5 of 12\n")
    assert scores(out)["s1"] == "90.5"
    regrade(out, TEXT.replace("title: ", "title: New "), "--accept")
    assert scores(out)["s1"] == "90.5"


@pytest.mark.parametrize(("how", "score"), [("drop", "84"), ("full", "96")])
def test_what_is_taken_back_counts_alike_for_all_whatever_a_person_gave(how: str, score: str, out: Path) -> None:
    grade("override", "s1", "mongo-is-private", "6.5", "--note", "shown in person", "--gradebook", out)
    told = regrade(out, void("mongo-is-private", how), "--accept")
    assert f"mongo-is-private: 6.5 -> {12 if how == 'full' else 0} (decided by hand before; taken back for all)" in told
    assert scores(out) == {"s1": score, "s2": "88" if how == "drop" else "100", "s3": ""}


def test_no_override_is_more_than_the_check_is_worth_by_now(out: Path) -> None:
    grade("override", "s1", "mongo-is-private", "12", "--note", "shown in person", "--gradebook", out)
    head, found, tail = TEXT.partition("- id: mongo-is-private\n")
    told = regrade(out, head + found + tail.replace("points: 12", "points: 2", 1), "--accept")
    assert "mongo-is-private: 12 -> 2 (decided by hand before; no more than it is worth now)" in told
    assert table(out)["s1"]["score"] == "86"
    assert table(out)["s1"]["max_score"] == "90"


def test_a_new_check_that_nobody_was_asked_leaves_a_reason_and_is_done_by_a_resume(out: Path) -> None:
    asks = "  - {id: extra, kind: reaches, from: nginx, to: flask, port: 4711, points: 1, brief: it asks}\n"
    regrade(out, TEXT.rstrip("\n") + "\n" + asks, "--accept")
    row = table(out)["s2"]
    assert row["status"] == "ungraded"
    assert "extra" in row["reason"]
    with Gradebook(out) as book:
        assert ("s2", EXERCISE) in book.open_ones()


def test_nobody_who_has_passed_fails_when_nobody_is_to_lose(out: Path) -> None:
    harder = TEXT.replace("pass_mark: 80", "pass_mark: 90")
    regrade(out, harder, "--never-lower", "--accept")
    assert table(out)["s1"]["passed"] == "true"
    regrade(out, harder, "--accept")
    assert table(out)["s1"]["passed"] == "false"


def test_nobody_loses_by_what_a_person_has_decided_when_nobody_is_to_lose(out: Path) -> None:
    grade("override", "s2", "mongo-is-private", "0", "--note", "not shown", "--gradebook", out)
    head, found, tail = TEXT.partition("- id: mongo-is-private\n")
    heavier = head + found + tail.replace("points: 12", "points: 40", 1)
    regrade(out, heavier, "--never-lower", "--accept")
    assert table(out)["s2"]["percent"] == "88"
    regrade(out, heavier, "--accept")
    assert Decimal(table(out)["s2"]["percent"]) < 88


def test_nobody_loses_by_an_attempt_that_counts_only_now_when_nobody_is_to_lose(out: Path) -> None:
    """The last attempt counts, and could not be judged until its checks were taken back."""
    worse = store.load(WRONG)
    ((name, host),) = worse.hosts.items()
    torn = host.model_copy(update={"observations": host.observations[:2] + host.observations[3:]})
    unseen = worse.model_copy(update={"hosts": {name: torn}})
    with Gradebook(out) as book:
        book.begin([("s2", EXERCISE)])
        report = pipeline.regrade(load(RUBRIC), EXERCISE, unseen, {})
        open_ones = [check.id for check in report.checks if check.status == "error"]
        assert open_ones == ["flask-finds-mongo", "flask-to-mongo", "page-works"]
        book.record(2, judged(task("s2"), unseen, report, None))
    grade("grades", "--gradebook", out, "--attempts", "last")
    kinder = TEXT
    for check in open_ones:
        kinder = kinder.replace(f"- id: {check}\n", f"- id: {check}\n    void: full\n    reason: it was unfair\n")
    told = regrade(out, kinder, "--never-lower", "--accept")
    assert f"s2  {EXERCISE}: would lose marks, and keeps 100 of 100" in told
    assert scores(out)["s2"] == "100"
    regrade(out, kinder, "--accept")
    assert scores(out)["s2"] == "84"


def test_the_history_tells_all_of_it(out: Path) -> None:
    regrade(out, void("mongo-is-private"), "--accept")
    grade("override", "s1", "page-works", "1", "--note", "seen by hand", "--gradebook", out)
    lines = grade("history", "s1", "--gradebook", out).stdout.splitlines()
    assert len(lines) == 3
    assert "attempt: 84 of 100" in lines[0]
    assert "regrade: 84 of 100 -> 96 of 100" in lines[1]
    assert "mongo-is-private 0 -> 12" in lines[1]
    assert "override page-works: 5 -> 1  (seen by hand  rubric " in lines[2]
    with sqlite3.connect(out / "gradebook.sqlite") as book:
        old, new = book.execute("SELECT old_rubric, new_rubric FROM changes WHERE what = 'regrade'").fetchone()
        assert {old, new} == {digest for (digest,) in book.execute("SELECT sha256 FROM rubrics")}
    book.close()


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (("s9", "page-works", "1"), "knows no learner s9"),
        (("s1", "page-work", "1"), "did you mean `page-works`?"),
        (("s1", "page-works", "5.5"), "between 0 and 5"),
        (("s1", "page-works", "-1"), "No such option"),
        (("s1", "page-works", "x"), "no number of points"),
        (("s1", "page-works", "1.005"), "two decimals"),
        (("s3", "page-works", "1"), "no verdict"),
    ],
)
def test_an_override_that_makes_no_sense_is_told(args: tuple[str, ...], words: str, out: Path) -> None:
    done = grade("override", *args, "--note", "why", "--gradebook", out)
    assert (done.returncode, words in done.stderr) == (2, True), done.stderr
    assert scores(out) == {"s1": "84", "s2": "100", "s3": ""}


def test_a_note_has_to_say_something(out: Path) -> None:
    with Gradebook(out) as book, pytest.raises(UsageError, match="--note is empty"):
        decide(book, "s1", "page-works", "1", "  ", None)


def test_a_folder_without_gradebook_is_told(tmp_path: Path) -> None:
    for args in (("regrade",), ("history", "s1"), ("grades",)):
        done = grade(*args, "--gradebook", tmp_path)
        assert (done.returncode, "holds no gradebook" in done.stderr) == (2, True)


def test_a_gradebook_that_is_damaged_is_told(tmp_path: Path) -> None:
    (tmp_path / "gradebook.sqlite").write_bytes(b"this is no database" * 100)
    done = grade("history", "s1", "--gradebook", tmp_path)
    assert (done.returncode, "cannot be used" in done.stderr) == (2, True)


def test_an_override_of_what_could_not_be_seen_completes_the_grade(tmp_path: Path) -> None:
    evidence = store.load(RIGHT)
    (host,) = evidence.hosts.values()
    torn = host.model_copy(update={"observations": ()})
    blind = evidence.model_copy(update={"hosts": {"default": torn}})
    with filled(tmp_path, {"s1": blind}) as book:
        (grade_before,) = standing(book)
        assert (grade_before.score, grade_before.fault) == (None, "not-observed")
        for check in grade_before.checks:
            if check["status"] == "error":
                decide(book, "s1", check["id"], "0", "not shown either", None)
        (after,) = standing(book)
        assert not book.open_ones(), "a resume would ask the host for what a person has decided"
    assert after.score is not None


def files(out: Path, learner: str) -> tuple[str, str]:
    """Return a learner's evidence and report as they lie in the folder."""
    name = f"{learner}-{EXERCISE}"
    report = (out / "reports" / f"{name}.html").read_text(encoding="utf-8")
    return (out / "evidence" / f"{name}.json").read_text(encoding="utf-8"), report


def test_the_files_of_a_learner_are_those_of_the_attempt_that_counts(out: Path) -> None:
    best = files(out, "s2")
    with Gradebook(out) as book:
        book.begin([("s2", EXERCISE)])
        worse = store.load(WRONG)
        report = pipeline.regrade(load(RUBRIC), EXERCISE, worse, {})
        outcome = judged(task("s2"), worse, report, html_of(report))
        assert book.record(2, outcome)
    save_outcome(out, outcome)
    assert files(out, "s2") != best
    assert grade("grades", "--gradebook", out).returncode == 3  # s3 was not reached
    assert files(out, "s2")[0] == best[0]
    assert "100 / 100 points" in files(out, "s2")[1]
    grade("grades", "--gradebook", out, "--attempts", "last")
    assert "84 / 100 points" in files(out, "s2")[1]
    assert files(out, "s2")[0] != best[0]
    last = grade("history", "s2", "--gradebook", out).stdout.splitlines()[-1]
    assert "the last attempt counts: 100 of 100 -> 84 of 100  (rubric " in last


def test_a_report_shows_what_a_person_decided(out: Path) -> None:
    grade("override", "s1", "mongo-is-private", "6.5", "--note", "shown in person", "--gradebook", out)
    report = files(out, "s1")[1]
    assert "90.5 / 100 points" in report
    assert "decided by hand: shown in person" in report


def test_files_that_a_kill_has_taken_are_written_again(out: Path) -> None:
    evidence, _ = files(out, "s1")
    for folder in ("evidence", "reports"):
        for file in (out / folder).iterdir():
            file.unlink()
    grade("grades", "--gradebook", out)
    assert files(out, "s1")[0] == evidence
    assert "84 / 100 points" in files(out, "s1")[1]


def test_files_of_an_earlier_attempt_make_way_when_a_kill_came_before_those_of_the_better_one(out: Path) -> None:
    with Gradebook(out) as book:
        book.begin([("s1", EXERCISE)])
        better = store.load(RIGHT)
        report = pipeline.regrade(load(RUBRIC), EXERCISE, better, {})
        assert book.record(2, judged(task("s1"), better, report, None))
    assert "84 / 100 points" in files(out, "s1")[1]
    grade("grades", "--gradebook", out)
    assert "100 / 100 points" in files(out, "s1")[1]
    assert files(out, "s1")[0] == files(out, "s2")[0]


def test_evidence_that_is_damaged_in_the_gradebook_costs_nobody_else_the_regrade(out: Path) -> None:
    with sqlite3.connect(out / "gradebook.sqlite") as book:
        book.execute("UPDATE attempts SET evidence = x'0011' WHERE learner = 's2'")
    book.close()
    done = grade("regrade", "--gradebook", out, "--course", course(out.parent, void("mongo-is-private")), "--accept")
    assert done.returncode == 0, done.stderr
    assert f"note: s2, {EXERCISE}: what the gradebook holds of it is damaged" in done.stderr
    assert scores(out) == {"s1": "96", "s2": "100", "s3": ""}


def test_a_disk_that_is_full_is_told_and_loses_nothing(out: Path) -> None:
    right = store.load(RIGHT)
    report = pipeline.regrade(load(RUBRIC), EXERCISE, right, {})
    with Gradebook(out) as book:
        book.begin([("s1", EXERCISE)])
        before = len(book.attempts())
        book._db.execute("PRAGMA max_page_count=1")  # as many as it has: the next one finds no room
        with pytest.raises(GradebookError, match="cannot be written: database or disk is full"):
            book.record(2, judged(task("s1"), right, report, None))
        book._db.execute("PRAGMA max_page_count=100000")
        assert len(book.attempts()) == before
        assert book.record(2, judged(task("s1"), right, report, None))


def test_no_report_is_overtaken_by_a_regrade_that_dies_before_its_files(
    out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def dies(*_: object) -> None:
        raise KeyboardInterrupt

    there = course(out.parent, void("mongo-is-private"))
    with monkeypatch.context() as patched:
        patched.setattr("grader.batch.output.save_class", dies)
        with pytest.raises(KeyboardInterrupt):
            regrade_class(out, (), str(there), accept=True, never_lower=False)
    assert not (out / "reports" / f"s1-{EXERCISE}.html").exists()
    grade("grades", "--gradebook", out)
    assert "it was unfair" in files(out, "s1")[1]
    assert scores(out)["s1"] == "96"


def test_a_regrade_that_moves_nobody_still_renews_what_the_reports_say(out: Path) -> None:
    regrade(out, TEXT.replace("title: ", "title: New ", 1), "--accept")
    assert "<h1>New " in files(out, "s1")[1]


def test_the_page_of_the_class_leads_to_the_report_of_each_who_has_one(out: Path) -> None:
    links = re.findall(r'href="(reports/[^"]+)"', (out / "cohort.html").read_text(encoding="utf-8"))
    assert sorted(links) == [f"reports/s1-{EXERCISE}.html", f"reports/s2-{EXERCISE}.html"]
    assert all((out / link).is_file() for link in links)
