"""What broke on the way is tried again, what an answer says is believed; and a process that dies takes only its own."""

import os
import signal
import sqlite3
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from grader.batch.processes import Processes, worth
from grader.batch.records import Limits, Task
from grader.batch.roster import engines_of
from grader.batch.rosterfile import load_roster
from grader.batch.worker import work
from tests.batch.books import RUBRIC
from tests.batch.hosts import EXERCISE, PATIENCE, WORDS, Class, batch, simulated, table, troubles
from tests.batch.test_run import kept


def tasks(hosts: Class) -> list[Task]:
    text = RUBRIC.read_text(encoding="utf-8")
    return [
        Task(each.learner.id, EXERCISE, engines_of(each.learner, Path()), {}, text, str(RUBRIC), Limits(deadline=30))
        for each in load_roster(hosts.roster).places
    ]


def test_a_host_that_breaks_off_is_tried_again(tmp_path: Path) -> None:
    with simulated(tmp_path, 3, 100, only="flaky") as hosts:
        assert batch(hosts).returncode == 0
    assert {row["status"] for row in table(hosts.out).values()} == {"graded"}
    assert len(kept(hosts)) == 3


def test_it_is_not_tried_more_often_than_was_said(tmp_path: Path) -> None:
    with simulated(tmp_path, 1, 100, only="flaky") as hosts:
        assert batch(hosts, "--tries", "2").returncode == 3
        assert [fault for _, fault, *_ in kept(hosts)] == ["lost"]
        assert batch(hosts, "--resume").returncode == 0


class Pauses(threading.Event):
    """Does not wait, and tells how long it should have."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[float | None] = []

    def wait(self, timeout: float | None = None) -> bool:
        """Note what it was asked for."""
        self.asked.append(timeout)
        return False


@pytest.mark.parametrize(
    ("fault", "pauses"),
    [
        ("refused", [0.5, 1.0, 2.0]),
        ("closed", [0.5, 1.0, 2.0]),
        ("hang", [0.5, 1.0, 2.0]),
        ("tls", []),
        ("errors", []),
        ("old-api", []),
    ],
)
def test_only_what_broke_on_the_way_is_tried_again_each_time_after_a_longer_pause(
    fault: str, pauses: list[float], tmp_path: Path
) -> None:
    with simulated(tmp_path, 1, 100, only=fault) as hosts:
        (task,) = tasks(hosts)
        asked = Pauses()
        outcome = work(replace(task, limits=Limits(deadline=60, timeout=0.5, tries=4)), asked)
    assert outcome.fault == WORDS[fault]
    assert asked.asked == pauses


def test_a_process_that_dies_takes_only_its_own_tasks(tmp_path: Path) -> None:
    with simulated(tmp_path, 8) as hosts:
        crew = Processes(2)
        try:
            jobs = {task.learner: crew.start(task) for task in tasks(hosts)}
            first = crew._helpers[0]
            os.kill(first._process.pid, signal.SIGKILL)
            lost = {learner for learner, job in jobs.items() if job.exception(timeout=PATIENCE)}
            assert 0 < len(lost) <= 4
            assert all(job.result().graded for learner, job in jobs.items() if learner not in lost)
            again = [crew.start(task) for task in tasks(hosts) if task.learner in lost]
            assert all(job.result(timeout=PATIENCE).graded for job in again)
        finally:
            crew.close()


def test_when_all_processes_have_died_others_go_on(tmp_path: Path) -> None:
    with simulated(tmp_path, 2) as hosts:
        crew = Processes(2)
        try:
            for each in crew._helpers:
                each._process.kill()
                each._process.wait(PATIENCE)
            jobs = [crew.start(task) for task in tasks(hosts)]
            assert all(job.result(timeout=PATIENCE).graded for job in jobs)
        finally:
            crew.close()


def test_a_large_class_is_done_by_several_processes(tmp_path: Path) -> None:
    if worth(100) == 1:
        pytest.skip("this machine has one processor")
    with simulated(tmp_path, 100) as hosts:
        done = batch(hosts)
    assert (done.returncode, troubles(done.stderr)) == (0, [])
    assert sorted(learner for learner, *_ in kept(hosts)) == sorted(hosts.faults)


def test_the_gradebook_holds_what_it_takes_to_judge_again(tmp_path: Path) -> None:
    with simulated(tmp_path, 1) as hosts:
        batch(hosts)
    with sqlite3.connect(hosts.out / "gradebook.sqlite") as book:
        ((text,),) = book.execute("SELECT text FROM rubrics").fetchall()
        ((mode,),) = book.execute("PRAGMA journal_mode").fetchall()
    book.close()
    assert (text, mode) == (RUBRIC.read_text(encoding="utf-8"), "wal")
