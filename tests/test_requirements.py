"""An engine that lacks what an exercise requires is told so, live and later, and costs no marks."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from grader import store
from grader.course import builtin
from grader.errors import EngineUnsupported
from grader.models.evidence import Evidence
from grader.models.probe import HOST, Interface, Observation, Sandbox
from grader.pipeline import judge, regrade
from grader.plan import plan
from grader.rubric.load import load, loads
from grader.rubric.model import Loaded

ROOT = Path(__file__).parents[1]
ON_A_BRIDGE = ROOT / "tests/verdicts/evidence/host-network-published-from-the-default-bridge.json"
ON_THE_HOST = ON_A_BRIDGE.with_name("host-network-another-tag-created-then-started.json")
V4 = Sandbox(interfaces=(Interface(name="lo", address="127.0.0.1", prefix=8),))
BOTH = Sandbox(interfaces=(*V4.interfaces, Interface(name="lo", address="::1", prefix=128)))


def requiring(*words: str) -> Loaded:
    check = {"id": "runs", "kind": "container", "role": "nginx", "points": 1}
    roles = {"nginx": {"image": "nginx"}}
    text = {"version": 1, "title": "T", "roles": roles, "requires": words, "checks": [check]}
    return loads(json.dumps(text), "r.yaml")


def seen(file: Path = ON_A_BRIDGE, **engine: object) -> Evidence:
    """Return saved evidence, of an engine that differs in some points."""
    found = store.load(file)
    host = found.hosts["default"]
    changed = host.snapshot.model_copy(update={"engine": host.snapshot.engine.model_copy(update=engine)})
    return found.model_copy(update={"hosts": {"default": host.model_copy(update={"snapshot": changed})}})


def looked_into(sandbox: Sandbox | None) -> Evidence:
    """Return evidence of an engine whose own stack looks like this; None means that it was not seen."""
    found = seen()
    host = found.hosts["default"]
    look = Observation(source=HOST, sandbox=sandbox, fault=None if sandbox else "no sidecar")
    looks = (*(each for each in host.observations if each.source != HOST), look)
    return found.model_copy(update={"hosts": {"default": host.model_copy(update={"observations": looks})}})


LACKING = {
    "users are remapped": ("host-network", seen(remaps_users=True), "userns-remap"),
    "live-restore": ("swarm", seen(live_restore=True), "live-restore"),
    "no IPv6": ("ipv6", looked_into(V4), "disable_ipv6"),
}
OFFERED = {
    "users are remapped, but one got on the host's network": ("host-network", seen(ON_THE_HOST, remaps_users=True)),
    "users are not remapped": ("host-network", seen()),
    "a swarm is no matter of remapped users": ("swarm", seen(remaps_users=True)),
    "host networking is no matter of live-restore": ("host-network", seen(live_restore=True)),
    "IPv6": ("ipv6", looked_into(BOTH)),
    "nobody looked whether there is IPv6": ("ipv6", looked_into(None)),
}


@pytest.mark.parametrize("case", LACKING)
def test_what_is_lacking_is_said_with_the_setting_to_change(case: str) -> None:
    word, evidence, setting = LACKING[case]
    with pytest.raises(EngineUnsupported) as caught:
        judge(requiring(word), evidence)
    assert caught.value.exit_code == 3
    assert caught.value.message.startswith("this exercise needs ")
    assert evidence.hosts["default"].snapshot.engine.name in caught.value.message
    assert setting in caught.value.remedy


@pytest.mark.parametrize("case", LACKING)
def test_saved_evidence_says_the_same(case: str) -> None:
    word, evidence, _ = LACKING[case]
    with pytest.raises(EngineUnsupported):
        regrade(requiring(word), "any", evidence, {})


@pytest.mark.parametrize("case", LACKING)
def test_who_does_not_require_it_is_not_told(case: str) -> None:
    assert judge(requiring(), LACKING[case][1]).complete


@pytest.mark.parametrize("case", OFFERED)
def test_what_is_offered_is_graded(case: str) -> None:
    word, evidence = OFFERED[case]
    assert judge(requiring(word), evidence).complete


def test_every_engine_of_several_has_to_offer_it() -> None:
    one, other = seen().hosts["default"], seen(live_restore=True).hosts["default"]
    evidence = seen().model_copy(update={"hosts": {"manager": one, "worker": other}})
    with pytest.raises(EngineUnsupported):
        judge(requiring("swarm"), evidence)


def test_for_ipv6_the_engines_own_stack_is_looked_into() -> None:
    snapshots = {"default": seen().hosts["default"].snapshot}
    assert HOST in plan(requiring("ipv6").rubric, snapshots)["default"]
    assert HOST not in plan(requiring().rubric, snapshots)["default"]


def test_the_command_ends_with_3_and_two_lines(tmp_path: Path) -> None:
    store.save(seen(remaps_users=True), tmp_path / "e.json")
    done = _graded("regrade", "host-network", str(tmp_path / "e.json"))
    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr.splitlines() == [
        "grade: this exercise needs the host's network, but the engine vm remaps users (userns-remap), "
        "so it refuses --network host without --userns host",
        '  try: add --userns host to docker run, or take "userns-remap" out of /etc/docker/daemon.json '
        "and restart Docker",
    ]


@pytest.mark.parametrize(
    ("engine", "words"),
    [({"desktop": True}, "Enable host networking"), ({"rootless": True}, "rootless"), ({}, "")],
    ids=["Docker Desktop", "rootless", "plain"],
)
def test_an_engine_with_a_host_of_its_own_is_graded_and_remarked_on(engine: dict[str, bool], words: str) -> None:
    loaded = load(builtin().rubric("host-network"))
    report = judge(loaded, seen(ON_THE_HOST, **engine))
    assert (report.percent, report.complete) == (100.0, True)
    assert len(report.notes) == bool(words)
    assert words in "".join(report.notes)


def _graded(*words: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "grader", *words]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
