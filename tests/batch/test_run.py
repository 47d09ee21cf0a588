"""A class is graded: whatever hosts do, whenever the run is stopped, nothing is lost and nobody is in two minds."""

import json
import random
import signal
import sqlite3
import subprocess
import time
from pathlib import Path

from tests.batch.hosts import EXERCISE, PATIENCE, ROOT, WORDS, Class, batch, command, grade, simulated, table, troubles

QUICK = ("--timeout", "1", "--deadline", "6")


def kept(of: Class) -> list[tuple[str, str, int, bool]]:
    """Return learner, fault, whether graded, and whether there is evidence, of every attempt."""
    with sqlite3.connect(of.out / "gradebook.sqlite") as book:
        rows = book.execute("SELECT learner, fault, graded, evidence IS NOT NULL FROM attempts ORDER BY id").fetchall()
    book.close()
    return rows


def test_every_healthy_host_is_graded_and_every_faulty_one_has_its_reason(tmp_path: Path) -> None:
    with simulated(tmp_path, 45, 20) as hosts:
        done = batch(hosts, *QUICK)
    assert done.returncode == 3, done.stderr
    assert set(hosts.faults.values()) == {"", *WORDS}
    assert {learner: fault for learner, fault, _, _ in kept(hosts)} == {
        learner: WORDS.get(fault, "") for learner, fault in hosts.faults.items()
    }
    rows = table(hosts.out)
    assert {learner for learner, row in rows.items() if row["status"] == "graded"} == hosts.healthy
    assert {row["score"] for learner, row in rows.items() if learner not in hosts.healthy} == {""}
    assert all(row["reason"] for learner, row in rows.items() if learner not in hosts.healthy)
    assert {path.stem for path in (hosts.out / "evidence").iterdir()} == {
        f"{learner}-{EXERCISE}" for learner in hosts.healthy
    }
    assert f"{len(hosts.healthy)} graded" in done.stdout
    assert "Traceback" not in done.stderr


def test_a_class_without_faults_ends_with_nothing_to_say(tmp_path: Path) -> None:
    with simulated(tmp_path, 6) as hosts:
        done = batch(hosts)
    assert (done.returncode, troubles(done.stderr)) == (0, [])
    assert {row["score"] for row in table(hosts.out).values()} == {"84", "100"}
    assert {row["passed"] for row in table(hosts.out).values()} == {"true"}


def test_the_evidence_of_a_batch_is_evidence(tmp_path: Path) -> None:
    with simulated(tmp_path, 1) as hosts:
        batch(hosts)
    done = grade("regrade", EXERCISE, hosts.out / "evidence" / f"s0000-{EXERCISE}.json", "--format", "json")
    assert json.loads(done.stdout)["score"] == 84


def test_check_grades_nothing_and_names_each_trouble_once(tmp_path: Path) -> None:
    with simulated(tmp_path, 45, 20) as hosts:
        done = batch(hosts, "--check", *QUICK)
    told = done.stderr
    greeted = {
        learner for learner, fault in hosts.faults.items() if fault in ("", "truncated", "drip", "closed", "late")
    }
    counts, _, why = done.stdout.strip().partition("; ")
    assert (done.returncode, counts) == (3, f"{len(greeted)} of 45 hosts can be graded")
    assert sum(int(each.split()[0]) for each in why.split(", ")) == 45 - len(greeted)
    assert {learner for learner in hosts.faults if f"{learner}  " in told} == set(hosts.faults) - greeted
    assert told.count("try: ") == 45 - len(greeted)
    assert not (hosts.out / "gradebook.sqlite").exists()


def test_killed_at_any_moment_and_resumed_nothing_is_lost_or_doubled(tmp_path: Path) -> None:
    dice = random.Random(7)  # noqa: S311 - it chooses moments, and keeps no secret
    with simulated(tmp_path, 60) as hosts:
        before: list[tuple[str, str, int, bool]] = []
        for _ in range(6):
            words = command("batch", hosts.roster, EXERCISE, "--out", hosts.out, "--resume", "--at-once", "6")
            with subprocess.Popen(words, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL, cwd=ROOT) as process:
                time.sleep(dice.uniform(0.6, 2.0))
                process.kill()
            after = kept(hosts) if (hosts.out / "gradebook.sqlite").exists() else []
            assert after[: len(before)] == before
            before = after
        done = batch(hosts, "--resume")
    assert done.returncode == 0, done.stderr
    assert sorted(learner for learner, *_ in kept(hosts)) == sorted(hosts.faults)
    assert {(fault, graded, seen) for _, fault, graded, seen in kept(hosts)} == {("", 1, 1)}
    assert len(table(hosts.out)) == 60


def test_two_runs_at_once_double_nothing(tmp_path: Path) -> None:
    with simulated(tmp_path, 20) as hosts:
        assert batch(hosts, "--only", "s0000").returncode == 0  # so that there is a gradebook to share
        words = command("batch", hosts.roster, EXERCISE, "--out", hosts.out, "--resume", "--at-once", "4")
        pipe = subprocess.PIPE
        both = [subprocess.Popen(words, stderr=pipe, stdout=pipe, text=True, cwd=ROOT) for _ in range(2)]
        ends = [troubles(process.communicate(timeout=PATIENCE)[1]) for process in both]
    assert ([process.returncode for process in both], ends) == ([0, 0], [[], []])
    assert sorted(learner for learner, *_ in kept(hosts)) == sorted(hosts.faults)


def test_ctrl_c_keeps_what_there_is_and_says_so(tmp_path: Path) -> None:
    with simulated(tmp_path, 60) as hosts:
        words = command("batch", hosts.roster, EXERCISE, "--out", hosts.out, "--at-once", "4")
        with subprocess.Popen(words, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
            deadline = time.monotonic() + PATIENCE
            while time.monotonic() < deadline and not list(tmp_path.glob("out/evidence/*")):
                time.sleep(0.05)
            process.send_signal(signal.SIGINT)
            _, err = process.communicate(timeout=PATIENCE)
        some = kept(hosts)
        assert 0 < len(some) < 60
        told = [f"{len(some)} of 60 are kept; --resume does the other {60 - len(some)}", "grade: interrupted"]
        assert (process.returncode, [line for line in troubles(err) if line]) == (130, told)
        assert len(table(hosts.out)) == 60
        assert (hosts.out / "cohort.html").exists()
        done = batch(hosts, "--resume")
    assert done.returncode == 0
    assert kept(hosts)[: len(some)] == some
    assert sorted(learner for learner, *_ in kept(hosts)) == sorted(hosts.faults)


def test_what_is_there_is_not_graded_over(tmp_path: Path) -> None:
    with simulated(tmp_path, 2) as hosts:
        assert batch(hosts).returncode == 0
        done = batch(hosts)
        assert done.returncode == 2
        assert "--resume does what is missing; --again grades everybody once more" in done.stderr
        assert batch(hosts, "--resume").returncode == 0
        assert len(kept(hosts)) == 2
        assert batch(hosts, "--again").returncode == 0
        assert len(kept(hosts)) == 4
        assert batch(hosts, "--only", "s0001").returncode == 0
        assert list(table(hosts.out)) == ["s0000", "s0001"]
        assert sorted(learner for learner, *_ in kept(hosts)) == ["s0000", "s0000", "s0001", "s0001", "s0001"]
        assert batch(hosts, "--resume").returncode == 0
        assert len(kept(hosts)) == 5


def test_the_policy_decides_which_attempt_counts(tmp_path: Path) -> None:
    from tests.batch.hosts import RIGHT, WRONG

    scores = []
    for file in (WRONG, RIGHT, WRONG):
        with simulated(tmp_path, 1, files=[file]) as hosts:
            assert batch(hosts, "--again").returncode == 0
        scores.append(table(hosts.out)["s0000"]["score"])
    assert scores == ["84", "100", "100"]
    for policy, score in (("first", "84"), ("last", "84"), ("best", "100")):
        grade("grades", "--gradebook", hosts.out, "--attempts", policy)
        assert table(hosts.out)["s0000"]["score"] == score


def test_a_run_with_a_deadline_for_all_tells_whose_turn_did_not_come(tmp_path: Path) -> None:
    with simulated(tmp_path, 12) as hosts:
        done = batch(hosts, "--at-once", "1", "--deadline-of-all", "2")
        assert done.returncode == 3
        rows = table(hosts.out)
        late = {learner for learner, row in rows.items() if "its turn did not come" in row["reason"]}
        assert late
        assert {row["status"] for learner, row in rows.items() if learner in late} == {"ungraded"}
        assert batch(hosts, "--resume").returncode == 0
    assert {row["status"] for row in table(hosts.out).values()} == {"graded"}


def test_hosts_that_are_named_in_unlike_ways_do_not_trip_over_one_library(tmp_path: Path) -> None:
    """Each way in imports other parts of it, in threads of their own; so the roster mixes them, in several runs."""
    hosts = ["default", "tcp://127.0.0.1:1"] * 6
    roster = tmp_path / "class.yaml"
    roster.write_text("learners:\n" + "".join(f'  - {{id: s{n}, host: "{host}"}}\n' for n, host in enumerate(hosts)))
    for attempt in range(4):
        out = tmp_path / str(attempt)
        grade("batch", roster, EXERCISE, "--out", out, "--tries", "1", DOCKER_HOST="", DOCKER_CONFIG=str(tmp_path))
        faults = {row["reason"] for row in table(out).values()}
        assert not [reason for reason in faults if "import" in reason.lower() or "KeyError" in reason], faults


def test_what_is_cut_by_the_deadline_of_all_says_so(tmp_path: Path) -> None:
    with simulated(tmp_path, 3, 100, only="hang") as hosts:
        assert batch(hosts, "--deadline-of-all", "2", "--timeout", "60").returncode == 3
    reasons = {row["reason"] for row in table(hosts.out).values()}
    assert reasons == {"not done within the 2 s that the whole run may take"}


def test_exports_are_looked_at_before_anybody_is_graded(tmp_path: Path) -> None:
    with simulated(tmp_path, 2) as hosts:
        export = tmp_path / "export.csv"
        export.write_text("Student,ID,dns\nAda,1,\n")
        for words, told in (
            (("--canvas", export), f"{export} has no column for {EXERCISE}"),
            (("--canvas", tmp_path / "gone.csv"), "gone.csv cannot be read"),
            (("--canvas", export, "--column", "junk"), "--column junk=: write it as EXERCISE=NAME"),
        ):
            done = batch(hosts, *words)
            assert (done.returncode, told in done.stderr) == (2, True), done.stderr
        assert not (hosts.out / "gradebook.sqlite").exists()


def test_an_export_is_asked_for_the_exercises_of_this_run_alone(tmp_path: Path) -> None:
    export = tmp_path / "export.csv"
    export.write_text(f"Student,ID,{EXERCISE}\ns0000,1,\n")
    with simulated(tmp_path, 1) as hosts:
        assert grade("batch", hosts.roster, "dns", "--out", hosts.out).returncode in (0, 3)
        done = batch(hosts, "--canvas", export)
        assert done.returncode in (0, 3), done.stderr
    assert "84" in (hosts.out / "canvas.csv").read_text()


def test_a_check_counts_the_reasons_and_needs_hosts(tmp_path: Path) -> None:
    with simulated(tmp_path, 3, 100, only="refused") as hosts:
        done = batch(hosts, "--check")
        assert (done.returncode, done.stdout) == (3, "0 of 3 hosts can be graded; 3 unreachable\n")
        assert batch(hosts, "--check", "--from", tmp_path).returncode == 2
