"""A Dask cluster does the work, one of its workers is killed in the middle, and nothing is lost or doubled."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from grader.batch.crew import Cluster
from grader.batch.runner import served
from grader.errors import UsageError
from tests.batch.hosts import EXERCISE, PATIENCE, ROOT, batch, command, grade, simulated, table
from tests.batch.test_run import kept

HERE = ["--host", "127.0.0.1", "--no-dashboard"]


@contextmanager
def started(folder: Path, *words: str) -> Iterator[subprocess.Popen[bytes]]:
    """Run one part of a cluster, on loopback."""
    with (folder / f"{words[0]}.log").open("ab") as log:
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        process = subprocess.Popen(
            [sys.executable, "-m", "distributed.cli.dask_" + words[0], *words[1:]],
            stderr=log,
            stdout=log,
            cwd=folder,
            env=environment,
            start_new_session=True,
        )
        try:
            yield process
        finally:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def address(folder: Path) -> str:
    """Return where the scheduler listens, once it says so."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        found = re.search(r"tcp://127\.0\.0\.1:\d+", (folder / "scheduler.log").read_text())
        if found:
            return found[0]
        time.sleep(0.1)
    raise AssertionError("no scheduler")


def test_a_cluster_loses_a_worker_and_no_result(tmp_path: Path) -> None:
    with simulated(tmp_path, 24) as hosts, started(tmp_path, "scheduler", "--port", "0", *HERE):
        there = address(tmp_path)
        worker = ["worker", there, *HERE[:2], "--no-dashboard", "--nworkers", "1", "--nthreads", "3", "--no-nanny"]
        with started(tmp_path, *worker) as first, started(tmp_path, *worker):
            words = command("batch", hosts.roster, EXERCISE, "--out", hosts.out, "--scheduler", there, "--at-once", "6")
            with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT) as run:
                deadline = time.monotonic() + PATIENCE
                while not list(hosts.out.glob("evidence/*")) and time.monotonic() < deadline:
                    time.sleep(0.05)
                first.kill()
                _, err = run.communicate(timeout=PATIENCE)
    assert run.returncode == 0, err
    assert sorted(learner for learner, *_ in kept(hosts)) == sorted(hosts.faults)
    assert {row["status"] for row in table(hosts.out).values()} == {"graded"}


def test_who_hangs_on_a_worker_is_too_late_and_makes_way_for_the_others(tmp_path: Path) -> None:
    with simulated(tmp_path, 4, 50, only="drip") as hosts, started(tmp_path, "scheduler", "--port", "0", *HERE):
        head, *lines = hosts.roster.read_text(encoding="utf-8").splitlines(keepends=True)
        lines.sort(key=lambda line: line.partition(",")[0] in hosts.healthy)  # they take all threads first
        hosts.roster.write_text(head + "".join(lines), encoding="utf-8")
        there = address(tmp_path)
        with started(tmp_path, "worker", there, *HERE, "--nworkers", "1", "--nthreads", "2", "--no-nanny"):
            done = batch(hosts, "--scheduler", there, "--deadline", "8")
    assert done.returncode == 3, done.stderr
    found = {learner: row["reason"] for learner, row in table(hosts.out).items()}
    assert found == {learner: "not done within 8 s" if fault else "" for learner, fault in hosts.faults.items()}


def test_a_scheduler_without_workers_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("grader.batch.crew._FOR_WORKERS_S", 0.5)
    with started(tmp_path, "scheduler", "--port", "0", *HERE):
        there = address(tmp_path)
        with pytest.raises(UsageError, match="it has no workers"):
            Cluster(there, served)


def test_a_scheduler_that_is_not_there_is_told(tmp_path: Path) -> None:
    roster = tmp_path / "class.yaml"
    roster.write_text("learners: [{id: s1, host: 'tcp://127.0.0.1:1'}]\n")
    done = grade("batch", roster, EXERCISE, "--out", tmp_path / "out", "--scheduler", "tcp://127.0.0.1:1")
    assert done.returncode == 2, done.stderr
    assert "--scheduler tcp://127.0.0.1:1: nobody answers there" in done.stderr
    assert "Traceback" not in done.stderr
