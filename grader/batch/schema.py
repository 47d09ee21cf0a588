"""The tables of a gradebook."""

VERSION = 1

TABLES = """
CREATE TABLE settings (key TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE learners (
    id TEXT PRIMARY KEY, name TEXT NOT NULL, section TEXT NOT NULL, email TEXT NOT NULL, place INTEGER NOT NULL
);
CREATE TABLE rubrics (sha256 TEXT PRIMARY KEY, exercise TEXT NOT NULL, path TEXT NOT NULL, text TEXT NOT NULL);
CREATE TABLE runs (number INTEGER PRIMARY KEY, started_at TEXT NOT NULL);
CREATE TABLE wanted (
    run INTEGER NOT NULL REFERENCES runs, learner TEXT NOT NULL REFERENCES learners, exercise TEXT NOT NULL,
    PRIMARY KEY (run, learner, exercise)
);
CREATE TABLE attempts (
    id INTEGER PRIMARY KEY, run INTEGER NOT NULL REFERENCES runs, learner TEXT NOT NULL REFERENCES learners,
    exercise TEXT NOT NULL, finished_at TEXT NOT NULL, graded INTEGER NOT NULL,
    fault TEXT NOT NULL, reason TEXT NOT NULL, remedy TEXT NOT NULL,
    evidence BLOB, digest TEXT NOT NULL, containers TEXT NOT NULL
);
CREATE UNIQUE INDEX one_grade_a_run ON attempts (run, learner, exercise) WHERE graded;
CREATE INDEX attempts_of ON attempts (learner, exercise);
CREATE TABLE verdicts (
    id INTEGER PRIMARY KEY, attempt INTEGER NOT NULL REFERENCES attempts, rubric TEXT NOT NULL REFERENCES rubrics,
    made_at TEXT NOT NULL, complete INTEGER NOT NULL, score TEXT NOT NULL, max_score TEXT NOT NULL,
    pass_mark TEXT NOT NULL, report BLOB NOT NULL
);
CREATE INDEX verdicts_of ON verdicts (attempt);
CREATE TABLE overrides (
    learner TEXT NOT NULL REFERENCES learners, exercise TEXT NOT NULL, check_id TEXT NOT NULL, points TEXT NOT NULL,
    note TEXT NOT NULL, made_at TEXT NOT NULL, PRIMARY KEY (learner, exercise, check_id)
);
CREATE TABLE changes (
    id INTEGER PRIMARY KEY, made_at TEXT NOT NULL, learner TEXT NOT NULL, exercise TEXT NOT NULL, what TEXT NOT NULL,
    old TEXT NOT NULL, new TEXT NOT NULL, old_rubric TEXT NOT NULL, new_rubric TEXT NOT NULL, note TEXT NOT NULL
);
"""
