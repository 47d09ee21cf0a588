"""Hints on request: the next rung for the state that the build is in, and what the report tells of it."""

import json
from pathlib import Path

import pytest

from grader import store
from grader.evaluate import evaluate
from grader.models.report import Report
from grader.pipeline import regrade
from grader.rubric.load import load, loads
from tests.test_cli import ROOT, Done, assert_ends, grade
from tests.verdicts.table import EVIDENCE

E = "flask-nginx-mongo"
STRAY = EVIDENCE / f"{E}-mongo-also-on-public.json"
RIGHT = EVIDENCE / f"{E}-mongo-by-its-long-name.json"
LOADED = load(ROOT / "rubrics" / f"{E}.yaml")
LADDER = """
version: 1
title: T
roles: {web: {image: nginx}}
checks:
  - id: net
    kind: network
    network: lab
    driver: bridge
    points: 1
    hints:
      - {driver: [d1, d2], missing-network: m1}
      - for all
      - {driver: d3, otherwise: [o1, o2]}
"""


@pytest.fixture
def memory(tmp_path: Path) -> Path:
    """Return the file of what is remembered, in a folder of its own."""
    return tmp_path / "state" / "grade" / "hints.json"


def hint(memory: Path, *args: str | Path) -> Done:
    return grade("hint", *args, env={"XDG_STATE_HOME": str(memory.parents[1])})


def rungs(*, network: str = "lab", driver: str = "bridge") -> tuple[str, ...]:
    loaded = loads(LADDER, "t.yaml")
    seen = store.load(RIGHT)
    (host,) = seen.hosts.values()
    (net, *others) = host.snapshot.networks
    mine = net.model_copy(update={"name": network, "driver": driver, "id": "x" * 64})
    snapshot = host.snapshot.model_copy(update={"networks": (*others, mine)})
    evidence = seen.model_copy(update={"hosts": {"default": host.model_copy(update={"snapshot": snapshot})}})
    return evaluate(loaded, evidence).checks[0].hints


def test_the_ladder_is_that_of_the_state_in_the_order_of_its_entries() -> None:
    assert rungs(driver="macvlan") == ("d1", "d2", "for all", "d3")
    assert rungs(network="other") == ("m1", "for all", "o1", "o2")


def test_a_cause_that_says_what_to_do_leaves_only_what_was_written_for_its_state() -> None:
    assert rungs(network="lba") == ()
    assert rungs() == ()


def test_the_wrong_driver_gets_another_hint_than_the_missing_network() -> None:
    (check,) = [check for check in LOADED.rubric.checks if check.id == "public-net"]
    one, other = (check.hints[0][word] for word in ("driver", "otherwise"))
    assert set(one).isdisjoint(other)


def test_hints_come_one_after_the_other_and_end_in_an_explanation(memory: Path) -> None:
    said = [hint(memory, E, "--evidence", STRAY) for _ in range(4)]
    assert [done.returncode for done in said] == [0] * 4
    for done, place in zip(said, (1, 2, 3, 3), strict=True):
        assert f"Hint {place} of 3" in done.stdout
        assert "mongo is on public-net-1, where it does not belong" in done.stdout
    assert "The next hint:      grade hint flask-nginx-mongo mongo-attached" in said[1].stdout
    assert "grade hint" not in said[2].stdout
    assert "What is behind it:  grade explain flask-nginx-mongo mongo-attached" in said[2].stdout
    assert json.loads(memory.read_text(encoding="utf-8")) == {E: {"mongo-attached": {"forbidden": 3}}}


def test_each_state_has_a_ladder_of_its_own_to_climb(memory: Path) -> None:
    hint(memory, E, "mongo-attached", "--evidence", STRAY)
    other = EVIDENCE / f"{E}-everything-on-the-default-bridge.json"
    done = hint(memory, E, "mongo-attached", "--evidence", other)
    assert "Hint 1 of 3" in done.stdout
    assert list(json.loads(memory.read_text(encoding="utf-8"))[E]["mongo-attached"].values()) == [1, 1]


def test_a_chosen_rung_is_shown_and_remembered_as_the_highest(memory: Path) -> None:
    assert "Hint 2 of 3" in hint(memory, E, "mongo-attached", "--rung", "2", "--evidence", STRAY).stdout
    assert "Hint 1 of 3" in hint(memory, E, "mongo-attached", "--rung", "1", "--evidence", STRAY).stdout
    assert "Hint 3 of 3" in hint(memory, E, "mongo-attached", "--evidence", STRAY).stdout
    wrong = hint(memory, E, "mongo-attached", "--rung", "4", "--evidence", STRAY)
    assert_ends(wrong, 2, "--rung 4: there are 3 for mongo-attached as it is now")


def test_a_cause_that_is_its_own_hint_is_told_instead(memory: Path) -> None:
    done = hint(memory, E, "--evidence", EVIDENCE / f"{E}-mongo-stopped.json")
    assert done.returncode == 0
    assert "docker start" in done.stdout
    assert "What to do stands in the cause." in done.stdout
    assert "grade explain" in done.stdout
    assert not memory.exists()


@pytest.mark.parametrize("args", [[], ["public-net"]])
def test_a_right_build_has_nothing_to_mend(memory: Path, args: list[str]) -> None:
    done = hint(memory, E, *args, "--evidence", RIGHT)
    assert (done.returncode, done.stderr) == (0, "")
    assert "othing to mend" in done.stdout


def test_what_waits_for_another_check_is_mended_there(memory: Path) -> None:
    file = EVIDENCE / "default-bridge-both-on-a-network-of-their-own.json"
    skipped = [c.id for c in _report("default-bridge", file).checks if c.status == "skipped"]
    assert skipped
    done = hint(memory, "default-bridge", skipped[0], "--evidence", file)
    assert "Hint 1 of" in done.stdout
    assert skipped[0] not in done.stdout


def test_a_folder_that_cannot_be_written_is_no_obstacle(memory: Path) -> None:
    memory.parents[1].write_text("in the way")
    done = hint(memory, E, "--evidence", STRAY)
    assert done.returncode == 0
    assert "Hint 1 of 3" in done.stdout
    assert "cannot be written, so --rung 2 gives the next one" in done.stderr


@pytest.mark.parametrize(
    "held",
    [
        "",
        "[]",
        '{"flask-nginx-mongo": 5}',
        '{"flask-nginx-mongo": {"mongo-attached": []}}',
        '{"flask-nginx-mongo": {"mongo-attached": {"forbidden": "x"}}}',
    ],
)
def test_a_damaged_memory_begins_anew(memory: Path, held: str) -> None:
    memory.parent.mkdir(parents=True)
    memory.write_text(held, encoding="utf-8")
    assert "Hint 1 of 3" in hint(memory, E, "--evidence", STRAY).stdout
    assert "Hint 2 of 3" in hint(memory, E, "--evidence", STRAY).stdout


def test_a_wrong_check_is_told_with_the_right_one(memory: Path) -> None:
    assert_ends(hint(memory, E, "mongo-atached", "--evidence", STRAY), 2, "did you mean mongo-attached")


def test_evidence_carries_the_hints_and_the_report_tells_of_them() -> None:
    seen = store.load(STRAY).model_copy(update={"hints": {"mongo-attached": 2, "public-net": 9, "no-such": 1}})
    report = evaluate(LOADED, seen)
    told = {check.id: check.evidence[-1] for check in report.checks if check.evidence}
    assert told["mongo-attached"] == "hints asked for: 2 of 3"
    assert told["public-net"] == "hints asked for: 3 of 3"
    assert report.score == evaluate(LOADED, store.load(STRAY)).score


def test_a_file_from_before_there_were_hints_still_loads(tmp_path: Path) -> None:
    old = json.loads(STRAY.read_text(encoding="utf-8"))
    old.pop("hints", None)
    file = tmp_path / "old.json"
    file.write_text(json.dumps(old), encoding="utf-8")
    assert store.load(file).hints == {}


def test_saved_evidence_gives_the_same_report_whatever_is_asked_for_later(memory: Path, tmp_path: Path) -> None:
    file = tmp_path / "me.json"
    store.save(store.load(STRAY).model_copy(update={"hints": {"mongo-attached": 1}}), file)
    before = _report(E, file)
    hint(memory, E, "mongo-attached", "--evidence", file)
    done = grade("regrade", E, file, "--format", "json", env={"XDG_STATE_HOME": str(memory.parents[1])})
    assert json.loads(done.stdout)["checks"] == json.loads(before.model_dump_json(by_alias=True))["checks"]


def test_the_terminal_tells_of_hints_under_their_check_alone(tmp_path: Path) -> None:
    file = tmp_path / "me.json"
    store.save(store.load(STRAY).model_copy(update={"hints": {"mongo-attached": 1, "public-net": 1}}), file)
    assert grade("regrade", E, file).stdout.count("hints asked for: 1 of 3\n") == 2
    assert "hints asked for" not in grade("regrade", E, STRAY).stdout


def _report(exercise: str, file: Path) -> Report:
    loaded = load(ROOT / "rubrics" / f"{exercise}.yaml")
    return regrade(loaded, exercise, store.load(file), {})
