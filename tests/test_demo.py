"""The demonstration: it refuses where something is in the way, tells its story, and leaves nothing behind."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.demo import command, footprint, story
from tests.demo.__main__ import on_engine, on_evidence, unusable
from tests.demo.command import follow
from tests.lab import Engine

Inventory = dict[str, set[str]]


def inventory(engine: Engine) -> Inventory:
    listings = {
        "containers": ("ps", "--all", "--quiet", "--no-trunc"),
        "networks": ("network", "ls", "--quiet", "--no-trunc"),
        "volumes": ("volume", "ls", "--quiet"),
        "images": ("images", "--format", "{{.Repository}}:{{.Tag}} {{.ID}}"),
    }
    return {kind: set(engine.docker(*listing).splitlines()) for kind, listing in listings.items()}


@pytest.fixture
def patient() -> Iterator[None]:
    """Let SIGINT raise KeyboardInterrupt, which a worker of pytest-xdist may not."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.live
def test_lists_what_is_in_the_way_and_touches_nothing(engine: Engine, capfd: pytest.CaptureFixture[str]) -> None:
    engine.docker("network", "create", "public-net-1")
    engine.docker("create", "--name", "mongo", "busybox")
    engine.docker("run", "--detach", "--name", "site", "--publish", "8080:80", "busybox", "sleep", "60")
    engine.docker("tag", "busybox", "lab/nginx")
    before = inventory(engine)
    assert on_engine(engine.env()) == 2
    assert inventory(engine) == before
    shown = capfd.readouterr().out
    for each in (
        "network public-net-1",
        "container mongo",
        "image lab/nginx",
        "port 8080, which the container site",
    ):
        assert each in shown
    assert "Nothing was touched" in shown


@pytest.mark.live
def test_tells_its_story_and_leaves_nothing_behind(engine: Engine, capfd: pytest.CaptureFixture[str]) -> None:
    engine.docker("run", "--detach", "--name", "bystander", "busybox", "sleep", "600")
    before = inventory(engine)
    code = on_engine(engine.env())
    shown = capfd.readouterr().out
    assert code == 0, shown
    assert "mongo is on public-net-1, where it does not belong" in shown
    assert "Expected: 100 % and then 84 %. Got: 100 % and then 84 %." in shown
    assert inventory(engine) == before


@pytest.mark.live
def test_cleans_up_after_an_interruption(engine: Engine) -> None:
    engine.docker("network", "create", "elsewhere")
    before = inventory(engine)
    with pytest.raises(KeyboardInterrupt):
        begin_and_be_interrupted(engine)
    after = inventory(engine)
    bystander = engine.docker("ps", "--all", "--quiet", "--no-trunc", "--filter", "name=bystander").split()
    assert after.pop("containers") == before.pop("containers") | set(bystander)
    assert after == before


def begin_and_be_interrupted(engine: Engine) -> None:
    with footprint.cleaned_up(engine.env()):
        engine.docker("network", "create", "public-net-1")
        engine.docker("run", "--detach", "--name", "mongo", "--network", "public-net-1", "mongo:7")
        engine.docker("create", "--name", "bystander", "busybox")
        raise KeyboardInterrupt


@pytest.mark.live
def test_says_what_it_could_not_remove(engine: Engine, capfd: pytest.CaptureFixture[str]) -> None:
    with footprint.cleaned_up(engine.env()):
        engine.docker("network", "create", "private-net-1")
        engine.docker("run", "--detach", "--network", "private-net-1", "busybox", "sleep", "60")
    assert "Still there: the network private-net-1." in capfd.readouterr().out


@pytest.mark.usefixtures("patient")
def test_an_interruption_gives_the_program_time_to_tidy_up(tmp_path: Path) -> None:
    tidied = tmp_path / "tidied"
    program = (
        "import os, pathlib, signal, time\n"
        "try: os.kill(os.getppid(), signal.SIGINT); time.sleep(60)\n"
        f"finally: time.sleep(0.5); pathlib.Path({str(tidied)!r}).touch()\n"
    )
    with pytest.raises(KeyboardInterrupt):
        follow([sys.executable, "-c", program], os.environ, quiet=True)
    assert tidied.exists()


@pytest.mark.usefixtures("patient")
def test_an_interruption_while_a_program_starts_leaves_none_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[subprocess.Popen[str]] = []

    def interrupted(*args: Any, **kwargs: Any) -> subprocess.Popen[str]:
        started.append(subprocess.Popen(*args, **kwargs))
        signal.raise_signal(signal.SIGINT)
        return started[0]

    monkeypatch.setattr(command, "subprocess", SimpleNamespace(**vars(subprocess) | {"Popen": interrupted}))
    with pytest.raises(KeyboardInterrupt):
        follow(["sleep", "60"], os.environ, quiet=True)
    assert started[0].poll() is not None


def test_without_an_engine_it_judges_saved_evidence_and_says_so(capfd: pytest.CaptureFixture[str]) -> None:
    assert on_evidence("the lab needs Linux", "docker is not installed") == 0
    shown = capfd.readouterr().out
    assert "No Docker engine is at hand (docker is not installed)" in shown
    assert "So nothing is built now" in shown
    assert shown.count("Flask, Nginx, MongoDB") >= 2
    assert "Got: 100 % and then 84 %." in shown


def test_a_reader_that_has_enough_is_no_obstacle_to_cleaning_up() -> None:
    program = "from tests.demo.command import say\nsay('one')\nsay('two')\nopen(2, 'w').write('cleaned up')"
    ended = follow(["sh", "-c", f'"{sys.executable}" -c "{program}" | head -c 0'], os.environ, quiet=True)
    assert ended.said == "cleaned up"


def test_an_engine_that_does_not_answer_is_not_used() -> None:
    reason = unusable({**os.environ, "DOCKER_HOST": "unix:///nowhere/docker.sock"})
    assert reason
    assert "template" not in reason
    assert unusable({"PATH": "/nowhere"}) == "docker is not installed"


def test_knows_what_the_reference_solution_makes() -> None:
    script = (story.VARIANT / "build.sh").read_text()
    assert set(re.findall(r"--name (\S+)", script)) == set(footprint.CONTAINERS)
    assert set(re.findall(r"network create .*?(\S+)$", script, re.MULTILINE)) == set(footprint.NETWORKS)
    assert set(re.findall(r"build .*-t (\S+)", script)) == set(footprint.IMAGES)
    assert re.findall(r"-p (\d+):", script) == [str(footprint.PORT)]
