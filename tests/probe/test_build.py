"""How the probe gets into an installation, and what is said when it cannot."""

import importlib.util
import os
import platform
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from grader.errors import ProbeUnavailable
from grader.probe import build
from grader.probe.binary import probe_binary

ROOT = Path(__file__).parents[2]
OURS = build.docker_architecture(platform.machine())
OTHER = next(name for name in build.ARCHITECTURES if name != OURS)


def test_it_is_a_static_program_of_the_present_source(compiled: Path) -> None:
    program = compiled.read_bytes()
    assert program.startswith(b"\x7fELF")
    assert b"/ld-" not in program  # no loader is asked for: a scratch image has none
    assert build.fingerprint().encode() in program
    assert os.access(compiled, os.X_OK)


def test_the_system_compiler_alone_will_do(tmp_path: Path) -> None:
    (program,) = build.build({"CC": "cc"}, tmp_path)
    assert b"end 0" in subprocess.run([program], capture_output=True, check=True).stdout


@pytest.mark.parametrize("name", ["x86_64", "X86_64", "amd64"])
def test_architectures_go_by_two_names(name: str) -> None:
    assert build.docker_architecture(name) == "amd64"


@pytest.mark.parametrize(
    ("asked", "expected"), [("", [OURS]), ("arm64", ["arm64"]), ("amd64, aarch64", ["amd64", "arm64"]), (",", [OURS])]
)
def test_targets_are_the_machine_or_what_was_asked_for(asked: str, expected: list[str]) -> None:
    assert build.targets({build.TARGETS_VARIABLE: asked}) == expected


@pytest.mark.parametrize(("asked", "needed"), [("", False), (OURS, False), (OTHER, True), (f"{OURS},{OTHER}", True)])
def test_zig_is_fetched_for_other_architectures_alone(asked: str, needed: bool) -> None:
    assert build.needs_zig({build.TARGETS_VARIABLE: asked}) is needed


def test_elsewhere_than_on_linux_zig_makes_both(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    assert build.targets({}) == ["amd64", "arm64"]
    assert build.needs_zig({})


def test_without_a_compiler_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(build.BuildError, match="apt-get install gcc libc6-dev"):
        build.build({}, tmp_path / "bin")


def test_without_zig_it_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    with pytest.raises(build.BuildError, match="pip install 'ziglang"):
        build.build({build.TARGETS_VARIABLE: OTHER}, tmp_path)


def test_an_architecture_that_nobody_knows_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(build.BuildError, match="no probe for riscv64, only for amd64 and arm64"):
        build.build({build.TARGETS_VARIABLE: "riscv64"}, tmp_path)


def test_a_compiler_that_fails_leaves_what_was_there(compiled: Path, tmp_path: Path) -> None:
    good = tmp_path / f"probe-{OURS}"
    good.write_bytes(compiled.read_bytes())
    with pytest.raises(build.BuildError, match="false could not compile"):
        build.build({"CC": "false"}, tmp_path)
    assert list(tmp_path.iterdir()) == [good]


def test_what_another_source_left_is_removed(tmp_path: Path) -> None:
    stale = tmp_path / f"probe-{OTHER}"
    stale.write_bytes(b"of long ago")
    build.build({"CC": "cc"}, tmp_path)
    assert not stale.exists()


def test_the_binary_is_found_by_the_name_that_the_engine_uses(compiled: Path) -> None:
    assert probe_binary(build.ARCHITECTURES[OURS], compiled.parent) == compiled.read_bytes()


def test_an_engine_of_another_kind_has_no_probe(compiled: Path) -> None:
    with pytest.raises(ProbeUnavailable, match="the engine runs on s390x") as caught:
        probe_binary("s390x", compiled.parent)
    assert caught.value.remedy


def test_a_probe_for_the_other_architecture_takes_zig(compiled: Path) -> None:
    with pytest.raises(ProbeUnavailable, match=f"no probe for {OTHER} engines") as caught:
        probe_binary(OTHER, compiled.parent)
    assert caught.value.remedy == f"Compile it in a checkout: {build.TARGETS_VARIABLE}=amd64,arm64 pip install -e ."


def test_an_installation_without_any_probe_wants_to_be_built(tmp_path: Path) -> None:
    with pytest.raises(ProbeUnavailable) as caught:
        probe_binary(OURS, tmp_path)
    assert caught.value.remedy == "Compile it in a checkout: pip install -e ."


def test_a_probe_that_is_older_than_its_source_is_refused(compiled: Path, tmp_path: Path) -> None:
    (tmp_path / "probe.c").write_text("int main(void) { return 0; }")
    with pytest.raises(ProbeUnavailable, match="older than its source"):
        probe_binary(OURS, compiled.parent, sources=tmp_path)


def test_the_wheel_carries_the_probe(tmp_path: Path) -> None:
    tracked = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout.split(b"\0")
    copy = tmp_path / "copy"
    for path in filter(None, map(bytes.decode, tracked)):
        if not path.startswith("tests/") and (ROOT / path).is_file():
            (copy / path).parent.mkdir(parents=True, exist_ok=True)
            (copy / path).write_bytes((ROOT / path).read_bytes())
    script = f"import hatchling.build as b; print(b.build_wheel({str(tmp_path)!r}))"
    done = subprocess.run([sys.executable, "-c", script], cwd=copy, capture_output=True, text=True, check=True)
    wheel = tmp_path / done.stdout.split()[-1]
    assert wheel.name.endswith("-py3-none-any.whl")
    assert f"grader/probe/bin/probe-{OURS}" in zipfile.ZipFile(wheel).namelist()
    assert f"no probe for {OTHER} engines" in done.stderr
