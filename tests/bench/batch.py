"""`python -m tests.bench.batch [NAME…]`: a class of a thousand, of broken hosts, of real engines; killed, and regraded.

Without a name everything is measured. What has to be right is asserted; figures are printed with their targets, and
one that misses its target makes the exit code 1.
"""

import os
import random
import resource
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from grader.batch.crew import Threads
from grader.batch.records import Limits, Outcome, Task
from grader.batch.roster import engines_of
from grader.batch.rosterfile import load_roster
from grader.batch.runner import run
from grader.batch.worker import work
from tests import lab
from tests.batch.hosts import EXERCISE, ROOT, WORDS, Class, command, simulated, table
from tests.lab import Engine

RUBRIC = ROOT / "rubrics" / f"{EXERCISE}.yaml"
SOLUTION = ROOT / "reference_solution" / EXERCISE / "run-names"
_KILLS = 20
_ENGINES = 8
_CLASS = 1000
_FILES = 300
_RATE, _MEMORY_MB, _MORE_PERCENT = 30, 300, 30
"""The targets: hosts a second, memory of all processes, and how much longer engines may take together than alone."""


@dataclass(frozen=True)
class Measured:
    """What was measured, in words, and whether all of it meets its target."""

    told: str
    met: bool = True


def thousand(folder: Path) -> Measured:
    """Grade a thousand hosts without a fault: how many a second, in how much memory and processor time."""
    with simulated(folder, _CLASS) as hosts:
        before, began = _processor(), time.monotonic()
        with subprocess.Popen(
            command("batch", hosts.roster, EXERCISE, "--out", hosts.out), stdout=subprocess.DEVNULL, cwd=ROOT
        ) as process:
            memory = 0
            while process.poll() is None:
                memory = max(memory, _memory(process.pid))
                time.sleep(0.25)
        took, cpu = time.monotonic() - began, _processor() - before
    assert process.returncode == 0
    _all_graded(hosts, set(hosts.faults))
    rate, held = _CLASS / took, memory // 1024
    told = f"{rate:.1f} a second (at least {_RATE}), {1000 * cpu / _CLASS:.0f} ms of processor time each"
    return Measured(
        f"{_CLASS} hosts: {told}, {held} MB (at most {_MEMORY_MB})", met=rate >= _RATE and held <= _MEMORY_MB
    )


def faulty(folder: Path) -> Measured:
    """Grade a thousand hosts, a tenth of them broken in every way: by the command, and each within its deadline."""
    limits = Limits(timeout=2, deadline=10)
    with simulated(folder, _CLASS, 10) as hosts:
        _batch(hosts, 3, "--timeout", f"{limits.timeout:g}", "--deadline", f"{limits.deadline:g}")
        by_command = {learner: fault for learner, _, fault in _ends(hosts)}
        clock = _Clock()  # the command does not tell how long each one took
        tasks = _tasks(hosts, limits)
        here = {outcome.learner: outcome.fault for outcome in run(tasks, Threads(work), 24, clock)}
    meant = {learner: WORDS.get(fault, "") for learner, fault in hosts.faults.items()}
    for found in (by_command, here):
        wrong = {learner: (word, found.get(learner)) for learner, word in meant.items() if found.get(learner) != word}
        assert not wrong, wrong
    longest = max(clock.took.values())
    most = limits.deadline * 1.1
    told = f"{len(hosts.healthy)} graded, longest {longest:.1f} s (at most {most:g})"
    return Measured(f"{_CLASS} hosts, 10 % broken: {told}", met=longest <= most)


def killed(folder: Path) -> Measured:
    """Kill a run at random moments, go on each time, and count what is in the gradebook."""
    dice = random.Random(_KILLS)  # noqa: S311 - it chooses moments, and keeps no secret
    with simulated(folder, 300) as hosts:
        before: list[tuple[object, ...]] = []
        for _ in range(_KILLS):
            words = command("batch", hosts.roster, EXERCISE, "--out", hosts.out, "--resume", "--at-once", "6")
            with subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=ROOT) as process:
                time.sleep(dice.uniform(1, 8))
                process.kill()
            after = _attempts(hosts) if (hosts.out / "gradebook.sqlite").exists() else []
            assert after[: len(before)] == before, "a result was lost"
            before = after
        _batch(hosts, 0, "--resume")
    attempts = _attempts(hosts)
    assert before, "every kill came before the first result"
    assert len(attempts) == len({learner for learner, *_ in attempts}) == 300, "a result was lost or doubled"
    return Measured(f"killed {_KILLS} times, {len(before)} of 300 results before the last run: none lost, none doubled")


def engines(folder: Path) -> Measured:
    """Grade real engines one after the other, then all at once: alike, and with one on which something still starts.

    All of them share the processors of this machine, as a class does not.
    """
    with ExitStack() as held:
        running = [held.enter_context(lab.start(f"bench-class-{number}")) for number in range(_ENGINES)]
        for engine in running:
            engine.sh(SOLUTION / "build.sh", cwd=SOLUTION)
        alike = _compared(folder / "alike", running, lambda: None)
        slow = running[-1]
        slow.docker("rm", "--force", "flask-app")
        slow.docker("run", "--detach", "--name", "flask-app", "--network", "public-net-1", "busybox", "sleep", "600")
        uneven = _compared(folder / "uneven", running, lambda: slow.docker("restart", "--time", "0", "flask-app"))
    told = f"alike, {alike.told}; one still starting, {uneven.told} (at most +{_MORE_PERCENT} %)"
    return Measured(f"{_ENGINES} engines: {told}", met=alike.met and uneven.met)


def _compared(folder: Path, running: Sequence[Engine], ready: Callable[[], object]) -> Measured:
    folder.mkdir()
    alone = []
    for number, engine in enumerate(running):
        ready()
        alone.append(_timed(folder / str(number), [engine]))
    ready()
    idle, before = _idle(), os.times().elapsed
    together = _timed(folder / "all", running)
    rested = (_idle() - idle) / (os.times().elapsed - before) / (os.cpu_count() or 1)
    more = 100 * together / max(alone) - 100
    busy = f"with the processors {100 - 100 * rested:.0f} % busy"
    told = f"{together:.2f} s together {busy}, the slowest alone {max(alone):.2f} s, {more:+.0f} %"
    return Measured(told, met=more <= _MORE_PERCENT)


def corrected(folder: Path) -> Measured:
    """Take evidence under a rubric with a wrong port, name and role, correct it, and compare with fresh grades."""
    text = RUBRIC.read_text(encoding="utf-8")
    wrong = text.replace("    port: 9090\n", "    port: 9099\n").replace("name: mongo\n", "name: mongod\n")
    wrong = wrong.replace("{image: mongo,", "{image: redis,")
    for name, rubric in (("wrong", wrong), ("right", text)):
        (folder / name / "rubrics").mkdir(parents=True)
        (folder / name / "rubrics" / f"{EXERCISE}.yaml").write_text(rubric, encoding="utf-8")
    faults = {
        "right": (),
        "shared": ("connect", "public-net-1", "mongo"),
        "cut": ("disconnect", "private-net-1", "flask-app"),
    }
    fresh: dict[str, str] = {}
    with lab.start("bench-class") as engine:
        engine.sh(SOLUTION / "build.sh", cwd=SOLUTION)
        for name, change in faults.items():
            if change:
                engine.docker("network", *change)
            ids = [f"{name}-{number}" for number in range(_FILES // len(faults))]
            roster = _roster(folder / f"{name}.yaml", dict.fromkeys(ids, engine.host))
            for out, course, chosen in (("out", "wrong", ids), ("fresh", "right", ids[:1])):
                words: list[str | Path] = [
                    "batch",
                    roster,
                    EXERCISE,
                    "--out",
                    folder / out,
                    "--at-once",
                    "4",
                    "--settle",
                    "0",
                ]
                only = [word for each in chosen if len(chosen) == 1 for word in ("--only", each)]
                _run(*words, *only, "--course", folder / course)
            fresh[name] = table(folder / "fresh")[ids[0]]["score"]
    _run("regrade", "--gradebook", folder / "out", "--course", folder / "right", "--accept")
    again = {learner: row["score"] for learner, row in table(folder / "out").items()}
    unlike = {learner: score for learner, score in again.items() if score != fresh[learner.partition("-")[0]]}
    assert len(again) == _FILES
    assert not unlike, (unlike, fresh)
    return Measured(f"{len(again)} files of a wrong rubric, corrected: all equal to fresh live grades {fresh}")


def _idle() -> float:
    """Return how long the processors of this machine had nothing to do, in seconds, all of them together."""
    idle, waiting = Path("/proc/stat").read_text().split("\n", 1)[0].split()[4:6]
    return (int(idle) + int(waiting)) / os.sysconf("SC_CLK_TCK")


def _processor() -> float:
    """Return the processor time of our children that have ended, in seconds."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _memory(pid: int) -> int:
    """Return what a process and its children hold in memory, in kB; what they share is counted once."""
    total = 0
    try:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                total += int(line.split()[1])
        for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
            total += _memory(int(child))
    except OSError:
        return total  # it has just ended
    return total


@dataclass
class _Clock:
    """How long each host took."""

    begun: dict[str, float] = field(default_factory=dict)
    took: dict[str, float] = field(default_factory=dict)

    def started(self, task: Task) -> None:
        self.begun[task.learner] = time.monotonic()

    def ended(self, outcome: Outcome, done: int, total: int) -> None:  # noqa: ARG002 - what a run tells
        self.took[outcome.learner] = time.monotonic() - self.begun[outcome.learner]


def _tasks(hosts: Class, limits: Limits) -> list[Task]:
    text = RUBRIC.read_text(encoding="utf-8")
    places = load_roster(hosts.roster).places
    return [
        Task(place.learner.id, EXERCISE, engines_of(place.learner, Path()), {}, text, str(RUBRIC), limits)
        for place in places
    ]


def _batch(hosts: Class, code: int, *args: str) -> None:
    _run("batch", hosts.roster, EXERCISE, "--out", hosts.out, *args, code=code)


def _run(*args: str | Path, code: int | None = None) -> None:
    done = subprocess.run(command(*args), capture_output=True, text=True, check=False, cwd=ROOT)
    assert code is None or done.returncode == code, done.stderr[-2000:]
    assert "Traceback" not in done.stderr, done.stderr[-2000:]


def _all_graded(hosts: Class, learners: set[str]) -> None:
    graded = {learner for learner, row in table(hosts.out).items() if row["status"] == "graded"}
    assert graded == learners, sorted(learners - graded)[:10]


def _attempts(hosts: Class) -> list[tuple[object, ...]]:
    book = sqlite3.connect(hosts.out / "gradebook.sqlite")
    rows = book.execute("SELECT learner, graded, finished_at, digest FROM attempts ORDER BY id").fetchall()
    book.close()
    return rows


def _ends(hosts: Class) -> list[tuple[str, bool, str]]:
    """Return learner, whether there is a grade, and the kind of fault, of each attempt."""
    book = sqlite3.connect(hosts.out / "gradebook.sqlite")
    rows = book.execute("SELECT learner, graded, fault FROM attempts ORDER BY id").fetchall()
    book.close()
    return rows


def _roster(path: Path, hosts: dict[str, str]) -> Path:
    path.write_text("learners:\n" + "".join(f'  - {{id: {id_}, host: "{host}"}}\n' for id_, host in hosts.items()))
    return path


def _timed(folder: Path, running: Sequence[Engine]) -> float:
    """Return how long the hosts of a batch took, from the first one's start to the last one's end."""
    folder.mkdir()
    roster = _roster(folder / "class.yaml", {engine.name: engine.host for engine in running})
    text = RUBRIC.read_text(encoding="utf-8")
    tasks = [
        Task(place.learner.id, EXERCISE, engines_of(place.learner, folder), {}, text, str(RUBRIC))
        for place in load_roster(roster).places
    ]
    began = time.monotonic()
    found = list(run(tasks, Threads(work), len(tasks), _Clock()))
    took = time.monotonic() - began
    assert all(outcome.graded for outcome in found), [outcome.reason for outcome in found]
    return took


_ALL: dict[str, Callable[[Path], Measured]] = {
    each.__name__: each for each in (thousand, faulty, killed, engines, corrected)
}


def main() -> int:
    """Measure what was named."""
    names = sys.argv[1:] or list(_ALL)
    if unknown := [name for name in names if name not in _ALL]:
        print(f"bench: there is no {unknown[0]}, but {', '.join(_ALL)}", file=sys.stderr)
        return 2
    print(f"{os.cpu_count()} CPUs, load {os.getloadavg()[0]:.1f} at the start", flush=True)
    missed: list[str] = []
    for name in names:
        folder = Path(tempfile.mkdtemp(prefix="grade-bench-"))
        try:
            found = _ALL[name](folder)
            missed += [] if found.met else [name]
            print(f"{name}: {found.told}" + ("" if found.met else ": MISSED"), flush=True)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.stdout.flush()
    code = main()
    sys.stdout.flush()
    os._exit(code)  # threads that hang at a broken host must not keep us
