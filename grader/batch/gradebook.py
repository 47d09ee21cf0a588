"""The truth about a class: every attempt, verdict, override and change, in one file that survives any end.

Each result is one transaction, written the moment it exists and by nobody but the process that runs the batch.
"""

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from types import TracebackType
from typing import Any

from grader.batch.records import NOT_OBSERVED, Outcome, Policy, Verdict, now, plain, unclear_in, unpacked, unseen_in
from grader.batch.roster import Learner
from grader.batch.schema import TABLES, VERSION
from grader.errors import GradebookError
from grader.rubric.model import Loaded

FILE = "gradebook.sqlite"


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt as it is kept, with the verdict that holds now."""

    id: int
    run: int
    learner: str
    exercise: str
    finished_at: str
    fault: str
    reason: str
    remedy: str
    verdict: Verdict | None


@dataclass(frozen=True, slots=True)
class Override:
    """The points that a person gave for a check."""

    learner: str
    exercise: str
    check: str
    points: Decimal
    note: str


@dataclass(frozen=True, slots=True)
class Change:
    """One entry of the history."""

    made_at: str
    learner: str
    exercise: str
    what: str
    old: str
    new: str
    old_rubric: str = ""
    new_rubric: str = ""
    note: str = ""


class Gradebook:
    """An open gradebook."""

    def __init__(self, folder: Path, *, create: bool = False) -> None:
        self.path = folder / FILE
        if not create and not self.path.exists():
            raise GradebookError(f"{folder} holds no gradebook", "name the folder that grade batch --out wrote")
        try:
            self._db = sqlite3.connect(self.path, isolation_level=None, timeout=30)
            self._open()
        except sqlite3.DatabaseError as fault:
            raise GradebookError(f"{self.path} cannot be used: {fault}", "take it from a backup") from fault

    def __enter__(self) -> "Gradebook":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._db.close()

    def _open(self) -> None:
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=FULL")
        self._db.execute("PRAGMA foreign_keys=ON")
        with self._transaction():
            version = self._db.execute("PRAGMA user_version").fetchone()[0]
            if version == 0:
                for statement in TABLES.split(";"):
                    self._db.execute(statement)
                self._db.execute(f"PRAGMA user_version={VERSION}")
            elif version != VERSION:
                raise GradebookError(
                    f"{self.path} is of version {version}, not {VERSION}", "use the grade that wrote it"
                )

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        """Write all or nothing; GradebookError where the disk is full, or another holds the gradebook."""
        try:
            self._db.execute("BEGIN IMMEDIATE")
            yield
            self._db.execute("COMMIT")
        except sqlite3.OperationalError as fault:
            raise GradebookError(
                f"{self.path} cannot be written: {fault}", "mend that, and go on with --resume: what is in it is kept"
            ) from fault
        finally:
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")

    def enrol(self, learners: Iterable[Learner]) -> None:
        """Write down who is in the class; who was there before stays."""
        with self._transaction():
            for place, each in enumerate(learners):
                self._db.execute(
                    "INSERT INTO learners VALUES (?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET "
                    "name = excluded.name, section = excluded.section, email = excluded.email, place = excluded.place",
                    (each.id, each.name, each.section, each.email, place),
                )

    def keep_rubric(self, exercise: str, loaded: Loaded, text: str) -> None:
        """Keep a rubric's text, so that every verdict can be made again."""
        with self._transaction():
            row = (loaded.sha256, exercise, loaded.path, text)
            self._db.execute("INSERT OR IGNORE INTO rubrics VALUES (?, ?, ?, ?)", row)

    def begin(self, wanted: Iterable[tuple[str, str]]) -> None:
        """Begin a run that wants these learners and exercises graded."""
        with self._transaction():
            self._db.execute("INSERT INTO runs (started_at) VALUES (?)", (now().isoformat(),))
            run = int(self._db.execute("SELECT max(number) FROM runs").fetchone()[0])
            rows = [(run, *key) for key in wanted]
            self._db.executemany("INSERT OR IGNORE INTO wanted VALUES (?, ?, ?)", rows)

    def open_ones(self) -> dict[tuple[str, str], int]:
        """Return who waits for a grade, each with the last run that wanted one and has none."""
        rows = self._db.execute(
            "SELECT learner, exercise, run FROM "
            "(SELECT learner, exercise, max(run) AS run FROM wanted GROUP BY learner, exercise) AS w "
            "WHERE NOT EXISTS (SELECT 1 FROM attempts a WHERE a.graded "
            "AND a.run = w.run AND a.learner = w.learner AND a.exercise = w.exercise)"
        )
        found = {(learner, exercise): run for learner, exercise, run in rows}
        decided = self._decided()
        return {key: run for key, run in found.items() if (*key, run) not in decided}

    def _decided(self) -> set[tuple[str, str, int]]:
        """Return learner, exercise and run of attempts in which persons decided all that could not be seen."""
        given: dict[tuple[str, str], set[str]] = defaultdict(set)
        for each in self.overrides():
            given[each.learner, each.exercise].add(each.check)
        attempts = [each for each in self.attempts() if (each.learner, each.exercise) in given] if given else []
        return {
            (each.learner, each.exercise, each.run)
            for each in attempts
            if each.verdict
            and {check["id"] for check in unclear_in(each.verdict)} <= given[each.learner, each.exercise]
        }

    @property
    def policy(self) -> Policy:
        """Which attempt counts."""
        row = self._db.execute("SELECT value FROM settings WHERE key = 'policy'").fetchone()
        found: Policy = row[0] if row else "best"
        return found

    def set_policy(self, policy: Policy) -> None:
        """Decide which attempt counts from now on."""
        with self._transaction():
            self._db.execute("INSERT OR REPLACE INTO settings VALUES ('policy', ?)", (policy,))

    def note(self, changes: Iterable[Change]) -> None:
        """Write down what changed for learners, all or none."""
        with self._transaction():
            for change in changes:
                self._log(change)

    def record(self, run: int, outcome: Outcome) -> bool:
        """Keep a result; False when this run had graded it before, and nothing was written."""
        with self._transaction():
            added = self._db.execute(
                "INSERT OR IGNORE INTO attempts (run, learner, exercise, finished_at, graded, fault, reason, remedy, "
                "evidence, digest, containers) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    run,
                    outcome.learner,
                    outcome.exercise,
                    outcome.finished_at.isoformat(),
                    outcome.graded,
                    outcome.fault,
                    outcome.reason,
                    outcome.remedy,
                    outcome.evidence,
                    outcome.digest,
                    " ".join(outcome.containers),
                ),
            )
            if added.rowcount != 1 or added.lastrowid is None:
                return False
            if outcome.verdict:
                self._add_verdict(added.lastrowid, outcome.verdict)
            told = _points(outcome.verdict) if outcome.graded else f"ungraded: {outcome.fault}"
            rubric = outcome.verdict.rubric if outcome.verdict else ""
            self._log(Change(now().isoformat(), *_key(outcome), "attempt", "", told, "", rubric, outcome.reason))
        return True

    def replace_verdicts(self, verdicts: Mapping[int, Verdict], changes: Iterable[Change]) -> None:
        """Let new verdicts on attempts hold, all or none, and write down what changed."""
        with self._transaction():
            for attempt, verdict in verdicts.items():
                self._add_verdict(attempt, verdict)
                reason = unseen_in(verdict)
                fault = (NOT_OBSERVED if reason else "", reason, attempt)
                self._db.execute("UPDATE attempts SET fault = ?, reason = ?, remedy = '' WHERE id = ?", fault)
                # Where the run has graded another attempt of theirs, that one stays the run's grade.
                graded = (verdict.complete, attempt)
                self._db.execute("UPDATE OR IGNORE attempts SET graded = ? WHERE id = ?", graded)
            for change in changes:
                self._log(change)

    def _add_verdict(self, attempt: int, verdict: Verdict) -> None:
        figures = (str(verdict.score), str(verdict.max_score), str(verdict.pass_mark))
        row = (attempt, verdict.rubric, now().isoformat(), verdict.complete, *figures, verdict.report)
        self._db.execute(
            "INSERT INTO verdicts (attempt, rubric, made_at, complete, score, max_score, pass_mark, report) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            row,
        )

    def override(self, override: Override, old: str, rubric: str) -> None:
        """Let a person's points for a check hold from now on, whatever is regraded; `rubric` is the digest it met."""
        row = (override.learner, override.exercise, override.check, str(override.points), override.note)
        made_at = now().isoformat()
        with self._transaction():
            self._db.execute("INSERT OR REPLACE INTO overrides VALUES (?, ?, ?, ?, ?, ?)", (*row, made_at))
            what = f"override {override.check}"
            self._log(Change(made_at, *row[:2], what, old, str(override.points), "", rubric, override.note))

    def _log(self, change: Change) -> None:
        self._db.execute(
            "INSERT INTO changes (made_at, learner, exercise, what, old, new, old_rubric, new_rubric, note) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                change.made_at,
                change.learner,
                change.exercise,
                change.what,
                change.old,
                change.new,
                change.old_rubric,
                change.new_rubric,
                change.note,
            ),
        )

    def learners(self) -> list[Learner]:
        """Return the class in the roster's order."""
        rows = self._db.execute("SELECT id, name, section, email FROM learners ORDER BY place, id")
        return [Learner(id=key, name=name, section=section, email=email) for key, name, section, email in rows]

    def exercises(self) -> list[str]:
        """Return the exercises that were ever wanted."""
        return [name for (name,) in self._db.execute("SELECT DISTINCT exercise FROM wanted ORDER BY exercise")]

    def titles(self) -> dict[str, str]:
        """Return the title of each exercise, as the last verdict on it has it."""
        rows = self._db.execute(
            "SELECT a.exercise, v.report FROM verdicts v JOIN attempts a ON a.id = v.attempt "
            "WHERE v.id IN (SELECT max(v.id) FROM verdicts v JOIN attempts a ON a.id = v.attempt GROUP BY a.exercise)"
        )
        return {exercise: str(json.loads(unpacked(report))["title"]) for exercise, report in rows}

    def wanted(self) -> set[tuple[str, str]]:
        """Return every learner and exercise that a run wanted."""
        return {(learner, exercise) for learner, exercise in self._db.execute("SELECT learner, exercise FROM wanted")}

    def attempts(self) -> list[Attempt]:
        """Return all attempts in the order in which they were made."""
        rows = self._db.execute(
            "SELECT a.id, a.run, a.learner, a.exercise, a.finished_at, a.fault, a.reason, a.remedy, "
            "v.rubric, v.report, v.complete, v.score, v.max_score, v.pass_mark FROM attempts a LEFT JOIN verdicts v "
            "ON v.id = (SELECT max(id) FROM verdicts WHERE attempt = a.id) ORDER BY a.id"
        )
        return [_attempt(row) for row in rows]

    def evidence(self, attempt: int) -> str | None:
        """Return the evidence of an attempt as JSON, None where there is none."""
        row = self._db.execute("SELECT evidence FROM attempts WHERE id = ?", (attempt,)).fetchone()
        return unpacked(row[0]) if row and row[0] is not None else None

    def rubric(self, digest: str) -> tuple[str, str]:
        """Return the text of a rubric and the path that it was read from."""
        row = self._db.execute("SELECT text, path FROM rubrics WHERE sha256 = ?", (digest,)).fetchone()
        text, path = row
        return str(text), str(path)

    def fingerprints(self) -> list[tuple[int, str, str, str, frozenset[str]]]:
        """Return attempt, learner, exercise, digest and container ids of all evidence."""
        rows = self._db.execute(
            "SELECT id, learner, exercise, digest, containers FROM attempts WHERE evidence IS NOT NULL ORDER BY id"
        )
        return [(*row[:4], frozenset(row[4].split())) for row in rows]

    def overrides(self) -> list[Override]:
        """Return what persons decided."""
        rows = self._db.execute("SELECT learner, exercise, check_id, points, note FROM overrides")
        return [Override(who, exercise, check, Decimal(points), note) for who, exercise, check, points, note in rows]

    def history(self, learner: str) -> list[Change]:
        """Return all that happened to a learner's grades, the oldest first."""
        rows = self._db.execute(
            "SELECT made_at, learner, exercise, what, old, new, old_rubric, new_rubric, note FROM changes "
            "WHERE learner = ? ORDER BY id",
            (learner,),
        )
        return [Change(*row) for row in rows]


def _attempt(row: tuple[Any, ...]) -> Attempt:
    number, run, learner, exercise, finished_at, fault, reason, remedy, *verdict = row
    return Attempt(number, run, learner, exercise, finished_at, fault, reason, remedy, _verdict(tuple(verdict)))


def _verdict(row: tuple[Any, ...]) -> Verdict | None:
    rubric, report, complete, *figures = row
    if report is None:
        return None
    return Verdict(rubric, report, bool(complete), *map(Decimal, figures))


def _points(verdict: Verdict | None) -> str:
    return f"{plain(verdict.score)} of {plain(verdict.max_score)}" if verdict else ""


def _key(outcome: Outcome) -> tuple[str, str]:
    return outcome.learner, outcome.exercise
