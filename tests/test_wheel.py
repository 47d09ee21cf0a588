"""What a wheel carries, and that the command works from it alone."""

import importlib.util
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from grader.probe import build

MACHINES = {"amd64": 62, "arm64": 183}
"""What a program says of the machine that it is for, in the nineteenth byte of its header."""
ROOT = Path(__file__).parents[1]


def wheel_of(source: Path, folder: Path, targets: str = "") -> Path:
    """Return the wheel that pip makes of a checkout, with probes for these architectures."""
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation"]
    environment = {**os.environ, build.TARGETS_VARIABLE: targets}
    subprocess.run([*command, "--wheel-dir", folder, source], check=True, timeout=300, env=environment)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the wheel as it is released, made of the files that git knows: it is for engines of both architectures."""
    if importlib.util.find_spec("ziglang") is None:
        pytest.skip(f"the probe for the other architecture needs zig: pip install '{build.ZIG_REQUIREMENT}'")
    source = tmp_path_factory.mktemp("source")
    listed = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    known = subprocess.run(listed, cwd=ROOT, check=True, capture_output=True, text=True).stdout.split("\0")
    for name in filter(None, known):
        if (ROOT / name).is_file():
            (source / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, source / name)
    return wheel_of(source, tmp_path_factory.mktemp("released"), "amd64,arm64")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return wheel_of(ROOT, tmp_path_factory.mktemp("wheel"))


def test_the_wheel_carries_the_course_and_the_probe_and_no_solutions(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert "grader/builtin/rubrics/flask-nginx-mongo.yaml" in names
    assert "grader/builtin/exercises/flask-nginx-mongo/brief.md" in names
    assert "grader/scaffold/templates/rubric.yaml.jinja" in names
    assert {"grader/reporters/templates/house.css", "grader/reporters/html/templates/report.html.jinja"} <= set(names)
    assert any(name.startswith("grader/probe/bin/probe-") for name in names)
    assert not [name for name in names if "solution" in name or name.startswith("tests")]


def test_the_command_works_from_the_wheel_alone(wheel: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "site")
    script = "import sys; sys.path.insert(0, sys.argv.pop(1)); from grader.cli import main; main()"
    evidence = ROOT / "tests/verdicts/evidence/flask-nginx-mongo-mongo-also-on-public.json"
    command = [
        sys.executable,
        "-P",
        "-c",
        script,
        str(tmp_path / "site"),
        "regrade",
        "flask-nginx-mongo",
        str(evidence),
    ]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
    assert "84 / 100" in done.stdout


def test_one_wheel_has_the_probe_for_both_architectures(released: Path) -> None:
    assert released.name.endswith("-py3-none-any.whl")
    with zipfile.ZipFile(released) as archive:
        places = [name for name in archive.namelist() if name.startswith("grader/probe/bin/probe-")]
        programs = {name.rpartition("-")[2]: archive.read(name) for name in places}
    assert programs.keys() == MACHINES.keys() == build.ARCHITECTURES.keys()
    for architecture, program in programs.items():
        assert program.startswith(b"\x7fELF\x02\x01")
        assert program[18] == MACHINES[architecture]
        assert build.fingerprint().encode() in program
        assert b"/ld-" not in program


def test_the_probe_for_arm64_runs(released: Path, tmp_path: Path) -> None:
    emulator = shutil.which("qemu-aarch64") or shutil.which("qemu-aarch64-static")
    if emulator is None:
        pytest.skip("the probe for arm64 is run by qemu: apt-get install qemu-user")
    with zipfile.ZipFile(released) as archive:
        program = Path(archive.extract("grader/probe/bin/probe-arm64", tmp_path))
    program.chmod(0o755)
    said = subprocess.run(
        [emulator, program], capture_output=True, text=True, check=True, timeout=60
    ).stdout.splitlines()
    assert said[0] == f"grade-probe 1 {build.fingerprint()}"
    assert "interface lo 127.0.0.1 8" in said
    assert said[-1] == "end 0"
