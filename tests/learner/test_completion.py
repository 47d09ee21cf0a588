"""The tab key in real shells: what it offers, quickly, and silence where nothing answers."""

import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.lab import Engine
from tests.test_cli import EXERCISE, ROOT, assert_ends, grade, with_context

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the shells are those of Unix")
_NOBODY = "unix:///gone/docker.sock"


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return a PATH on which `grade` is the one under test."""
    folder = tmp_path_factory.mktemp("bin")
    (folder / "grade").write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m grader "$@"\n')
    (folder / "grade").chmod(0o755)
    return f"{folder}{os.pathsep}{os.environ['PATH']}"


def shell(command: list[str], path: str, env: Mapping[str, str]) -> str:
    """Return what a shell prints; it has to print no complaint."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith(("DOCKER_", "GRADE_"))}
    environment = {**plain, "DOCKER_CONFIG": os.devnull, "PYTHONPATH": str(ROOT), "PATH": path, **env}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment, cwd=ROOT, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


BASH = r"""
eval "$(grade completion bash)"
compopt() { printf 'compopt %s %s\n' "$@"; }
# As readline splits a line: at blanks, and around = and :
read -ra COMP_WORDS <<< "$(sed -E 's/([=:]+)/ \1 /g' <<< "$LINE_SO_FAR")"
[[ $LINE_SO_FAR == *' ' ]] && COMP_WORDS+=("")
COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
_grade_completion grade
printf '%s\n' "${COMPREPLY[@]}"
"""


def offered(line: str, path: str, **env: str) -> list[str]:
    """Return what bash offers for a line, its cursor at the end."""
    said = {"DOCKER_HOST": _NOBODY, **env, "LINE_SO_FAR": line}
    return shell(["bash", "--norc", "-c", BASH], path, said).split("\n")[:-1]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("grade flask", [EXERCISE]),
        ("grade sh", ["show"]),
        ("grade run dn", ["dns"]),
        ("grade show dn", ["dns"]),
        ("grade verify dns def", ["default-bridge"]),
        (f"grade explain {EXERCISE} mongo-is", ["mongo-is-private"]),
        ("grade checks rea", ["reaches"]),
        ("grade completion f", ["fish"]),
        ("grade dns --outp", ["--output"]),
        ("grade dns --format js", ["json"]),
        ("grade verify dns --format h", ["html"]),
        (f"grade {EXERCISE} --role f", ["compopt -o nospace", "flask="]),
        ("grade overlay --host w", ["compopt -o nospace", "worker="]),
        ("grade overlay --host worker=def", ["default"]),
        (f"grade {EXERCISE} --host def", ["default"]),
        ("grade dns --course ", ["compopt -o dirnames", ""]),
        ("grade regrade dns ", ["compopt -o default", ""]),
        ("grade snapshot dns -o ", ["compopt -o default", ""]),
    ],
)
def test_bash_offers_what_may_come_next(line: str, words: list[str], path: str) -> None:
    assert offered(line, path) == words


def test_a_word_of_nothing_known_offers_exercises_and_commands(path: str) -> None:
    found = offered("grade ", path)
    assert {EXERCISE, "dns", "show", "reset"} <= {*found}


@pytest.mark.parametrize(
    "line", ["grade explain no-such-exercise x", f"grade {EXERCISE} --role flask=w", "grade dns --course /gone --role "]
)
def test_where_nothing_can_be_known_nothing_is_offered_or_said(line: str, path: str) -> None:
    assert offered(line, path) == [""]


def test_contexts_are_offered(path: str, tmp_path: Path) -> None:
    with_context(tmp_path, "lab-room", "unix:///gone/lab.sock")
    assert offered("grade dns --host lab", path, DOCKER_CONFIG=str(tmp_path)) == ["lab-room"]


def test_a_name_that_a_shell_would_obey_is_not_offered(path: str, tmp_path: Path) -> None:
    (tmp_path / "rubrics").mkdir()
    for name in ("good", "$(reboot)", "go od", "go;od"):
        shutil.copy(ROOT / "rubrics/dns.yaml", tmp_path / "rubrics" / f"{name}.yaml")
    assert offered("grade show go", path, GRADE_COURSE=str(tmp_path)) == ["good"]
    assert offered("grade show ", path, GRADE_COURSE=str(tmp_path)) == ["good"]


@pytest.mark.live
def test_containers_of_the_engine_are_offered(engine: Engine, path: str) -> None:
    for name in ("web-1", "web-2", "other"):
        engine.docker("create", "--name", name, "busybox")
    assert offered(f"grade {EXERCISE} --role nginx=web", path, DOCKER_HOST=engine.host) == ["web-1", "web-2"]
    assert offered(f"grade {EXERCISE} --role=nginx=oth", path, DOCKER_HOST=engine.host) == ["other"]
    line = f"grade {EXERCISE} --host {engine.host} --role nginx=o"
    assert offered(line, path) == ["other"]
    engine.pause_daemon()
    try:
        assert offered(f"grade {EXERCISE} --role nginx=web", path, DOCKER_HOST=engine.host) == [""]
    finally:
        engine.resume_daemon()


@pytest.mark.skipif(not shutil.which("fish"), reason="needs fish")
def test_fish_offers_the_same(path: str) -> None:
    script = f"grade completion fish | source; complete -C 'grade explain {EXERCISE} mongo-is'"
    assert shell(["fish", "--no-config", "-c", script], path, {}) == "mongo-is-private\n"


@pytest.mark.skipif(not shutil.which("zsh"), reason="needs zsh")
def test_zsh_takes_the_script(path: str) -> None:
    script = (
        'autoload -Uz compinit; compinit -D -u; eval "$(grade completion zsh)"; '
        "print ${_comps[grade]}; (( $+functions[_grade_completion] )) && print there"
    )
    assert shell(["zsh", "-fc", script], path, {}).split() == ["_grade_completion", "there"]


def test_the_script_says_how_to_install_itself() -> None:
    for name, place in (("bash", "~/.bashrc"), ("zsh", "~/.zshrc"), ("fish", "~/.config/fish/completions/grade.fish")):
        done = grade("completion", name)
        assert (done.returncode, done.stderr) == (0, "")
        assert place in done.stdout


def test_the_shell_is_known_from_the_environment_or_asked_for() -> None:
    assert "compopt" in grade("completion", env={"SHELL": "/usr/bin/bash"}).stdout
    assert_ends(grade("completion", env={"SHELL": "/bin/tcsh"}), 2, "which shell?", "bash, zsh, fish")
    assert_ends(grade("completion", "zhs"), 2, "Did you mean zsh?")
