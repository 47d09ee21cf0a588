"""Exercises on several engines: which --host means which, and evidence of two engines in one file."""

import json
from pathlib import Path

import pytest

from grader import store
from grader.cli.hosts import named_hosts
from grader.errors import UsageError
from tests.impostors import impostor, says
from tests.test_cli import assert_ends, grade
from tests.verdicts.table import EVIDENCE

OVERLAY = "overlay"
TWO = ("manager", "worker")
BUILT = EVIDENCE / "overlay-other-names-and-another-server.json"
VERSION = says({"ApiVersion": "1.44", "MinAPIVersion": "1.24"})


@pytest.mark.parametrize(
    ("words", "hosts"),
    [
        ([], {"manager": None}),
        (["unix:///a"], {"manager": "unix:///a"}),
        (["worker=b", "manager=a"], {"manager": "a", "worker": "b"}),
        (["a", "worker=b"], {"manager": "a", "worker": "b"}),
        (["worker=tcp://h:1?x=y"], {"worker": "tcp://h:1?x=y"}),
        (["a-context", "worker=a=b"], {"manager": "a-context", "worker": "a=b"}),
    ],
    ids=str,
)
def test_each_word_names_an_engine(words: list[str], hosts: dict[str, str | None]) -> None:
    found = named_hosts(TWO, words)
    assert (found, list(found)) == (hosts, list(hosts))


@pytest.mark.parametrize(
    ("known", "words", "told", "remedy"),
    [
        (TWO, ["manager=a", "manager=b"], "--host is given twice for manager", "each engine once"),
        (TWO, ["a", "b"], "--host is given twice for manager", "each engine once"),
        (TWO, ["a", "manager=b"], "--host is given twice for manager", "each engine once"),
        (TWO, ["wroker=a"], "this exercise knows no engine wroker", "did you mean worker?"),
        (TWO, ["x=a"], "this exercise knows no engine x", "it knows manager, worker: --host manager=HOST"),
        (("default",), ["worker=a"], "this exercise knows no engine worker", "--host HOST, without a name"),
        (("default",), ["a", "b"], "given twice, and this exercise takes one", "once"),
    ],
    ids=str,
)
def test_a_wrong_name_is_told(known: tuple[str, ...], words: list[str], told: str, remedy: str) -> None:
    with pytest.raises(UsageError) as caught:
        named_hosts(known, words)
    assert told in caught.value.message
    assert remedy in caught.value.remedy


def test_wrong_names_end_the_command_before_any_work() -> None:
    assert_ends(grade(OVERLAY, "--host", "wroker=unix:///gone"), 2, "no engine wroker", "did you mean worker?")
    assert_ends(grade(OVERLAY, "--host", "a", "--host", "manager=b"), 2, "twice for manager")


def test_one_address_under_two_names_is_told(tmp_path: Path) -> None:
    with impostor(tmp_path, VERSION) as host:
        done = grade(OVERLAY, "--host", f"manager={host}", "--host", f"worker={host}")
    assert_ends(done, 2, f"manager and worker are one engine, {host}", "an engine of its own")


def test_which_engine_does_not_answer_is_told(tmp_path: Path) -> None:
    with impostor(tmp_path, VERSION) as host:
        done = grade(OVERLAY, "--host", f"manager={host}", "--host", "worker=unix:///gone.sock")
    assert_ends(done, 3, "worker: no Docker Engine answers at unix:///gone.sock")


def test_evidence_of_two_engines_is_judged_again() -> None:
    done = grade("regrade", OVERLAY, BUILT, "--format", "json")
    report = json.loads(done.stdout)
    assert (done.returncode, done.stderr, report["percent"]) == (0, "", 100.0)
    assert {name: role["host"] for name, role in report["roles"].items()} == {"alpha": "manager", "beta": "worker"}
    assert list(report["hosts"]) == ["manager", "worker"]


def test_engines_that_share_an_id_are_told_apart(tmp_path: Path) -> None:
    evidence = store.load(BUILT)
    twins = {
        name: host.model_copy(
            update={
                "snapshot": host.snapshot.model_copy(
                    update={"engine": host.snapshot.engine.model_copy(update={"id": "the same", "name": "vm"})}
                )
            }
        )
        for name, host in evidence.hosts.items()
    }
    file = tmp_path / "twins.json"
    store.save(evidence.model_copy(update={"hosts": twins}), file)
    assert grade("regrade", OVERLAY, file, "--quiet").returncode == 0


def test_the_report_names_both_engines_and_who_is_on_which() -> None:
    shown = grade("regrade", OVERLAY, BUILT).stdout
    assert "overlay on manager, which is" in shown
    assert "and worker," in shown
    picture = shown[shown.index("Networks") :].splitlines()
    for role, host in (("alpha", "manager"), ("beta", "worker")):
        row = next(number for number, line in enumerate(picture) if line.strip().startswith(role))
        assert f"on {host}" in picture[row + 1]
    assert max(map(len, shown.splitlines())) <= 80
