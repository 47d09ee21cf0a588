"""`grade reset` on real engines: what the exercise built is gone, and nothing of anybody else's is touched."""

import subprocess
from pathlib import Path

import pytest

from tests.lab import Engine
from tests.live.stage import here
from tests.live.terminal import converse
from tests.live.test_faults import grade

ROOT = Path(__file__).parents[2]
EXERCISE = "flask-nginx-mongo"
SOLUTIONS = ROOT / "reference_solution"

pytestmark = pytest.mark.live


def build(engine: Engine, exercise: str = EXERCISE, variant: str = "run-names") -> None:
    folder = SOLUTIONS / exercise / variant
    engine.sh(folder / "build.sh", cwd=folder)


def reset(engine: Engine, *args: str, exercise: str = EXERCISE) -> subprocess.CompletedProcess[str]:
    return grade("reset", exercise, "--host", engine.host, *args)


BLOG = """
services:
  web: {image: "nginx:alpine"}
  cache: {image: busybox, command: sleep 600, volumes: ["kept:/data", "/anonymous"]}
volumes: {kept: {}}
"""


@pytest.fixture
def crowded(starter: Engine, tmp_path: Path) -> Engine:
    """Return an engine on which others work: a Compose project, host mode, a shared sandbox, one that has stopped."""
    folder = tmp_path / "blog"
    folder.mkdir()
    (folder / "compose.yaml").write_text(BLOG)
    starter.compose("up", "--detach", cwd=folder)
    run_ = ("run", "--detach")
    starter.docker(*run_, "--name", "on-the-host", "--network", "host", "busybox", "sleep", "600")
    starter.docker(*run_, "--name", "owner", "busybox", "sleep", "600")
    starter.docker(*run_, "--name", "guest", "--network", "container:owner", "busybox", "sleep", "600")
    starter.docker("network", "create", "shop_net")
    starter.docker(*run_, "--name", "stopped", "--network", "shop_net", "mongo:7", "true")
    starter.docker("create", "--name", "never-started", "--network", "shop_net", "busybox")
    return starter


@pytest.mark.parametrize("variant", ["run-names", "compose", "connect-later"])
def test_nobody_else_is_touched(crowded: Engine, variant: str) -> None:
    before = here(crowded)
    build(crowded, variant=variant)
    done = reset(crowded, "--yes")
    assert (done.returncode, here(crowded)) == (0, before), done.stdout
    again = reset(crowded, "--yes")
    assert (again.returncode, here(crowded)) == (0, before)
    assert "Nothing to remove" in again.stdout


@pytest.mark.parametrize("exercise", ["isolation", "default-bridge", "expose-and-publish", "sandbox", "none-network"])
def test_where_nothing_was_built_others_of_the_same_looks_stay(starter: Engine, tmp_path: Path, exercise: str) -> None:
    """A stack that a rubric would take for its own: nobody was asked, so it stays."""
    folder = tmp_path / "press"
    folder.mkdir()
    (folder / "compose.yaml").write_text(
        "services:\n"
        '  front: {image: "nginx:alpine"}\n'
        "  php: {image: busybox, command: httpd -f -p 9000}\n"
        "  sql: {image: busybox, command: httpd -f -p 3306}\n"
        "  gate: {image: busybox, command: httpd -f -p 22}\n"
        "  one: {image: alpine, command: sleep 600}\n"
    )
    starter.compose("up", "--detach", cwd=folder)
    before = here(starter)
    done = reset(starter, "--yes", exercise=exercise)
    assert (done.returncode, here(starter)) == (0, before), done.stdout


def test_without_anybody_to_ask_nothing_goes(starter: Engine) -> None:
    build(starter)
    before = here(starter)
    done = reset(starter)
    assert (done.returncode, here(starter)) == (2, before)
    assert "there is nobody to ask" in done.stderr
    assert "--yes" in done.stderr
    assert "public-net-1" in done.stdout


@pytest.mark.parametrize("answer", ["n\n", "\n"])
def test_no_means_no(starter: Engine, answer: str) -> None:
    build(starter)
    before = here(starter)
    code, shown = converse("reset", EXERCISE, "--host", starter.host, answers=answer)
    assert (code, here(starter)) == (0, before)
    assert "Remove 3 containers, 2 networks?" in shown
    assert "Nothing was removed." in shown


def test_ctrl_c_at_the_question_removes_nothing(starter: Engine) -> None:
    build(starter)
    before = here(starter)
    code, _ = converse("reset", EXERCISE, "--host", starter.host, answers="\x03", at="[y/N]")
    assert (code, here(starter)) == (130, before)


def test_stopped_paused_and_restarting_ones_go_as_well(starter: Engine) -> None:
    before = here(starter)
    build(starter)
    starter.docker("stop", "--time", "0", "nginx")
    starter.docker("pause", "mongo")
    starter.docker("run", "--detach", "--restart", "always", "--network", "public-net-1", "busybox", "false")
    starter.docker("create", "--network", "private-net-1", "busybox")
    done = reset(starter, "--yes")
    assert (done.returncode, here(starter)) == (0, before), done.stdout


def test_a_stranger_holds_its_network_and_is_named(starter: Engine) -> None:
    build(starter)
    starter.docker("network", "create", "elsewhere")
    starter.docker("run", "--detach", "--name", "proxy", "--network", "elsewhere", "busybox", "sleep", "600")
    starter.docker("network", "connect", "public-net-1", "proxy")
    starter.docker("stop", "--time", "0", "proxy")
    done = reset(starter, "--yes")
    assert done.returncode == 0
    assert "docker network disconnect public-net-1 proxy" in done.stdout
    assert starter.docker("ps", "--all", "--format", "{{.Names}}").split() == ["proxy"]
    networks = starter.docker("network", "ls", "--format", "{{.Name}}").split()
    assert ("public-net-1" in networks, "private-net-1" in networks) == (True, False)


def test_a_near_miss_goes_with_its_containers_and_one_of_others_stays(starter: Engine) -> None:
    starter.docker("network", "create", "blog_public-net-1")
    starter.docker("run", "--detach", "--name", "theirs", "--network", "blog_public-net-1", "busybox", "sleep", "600")
    before = here(starter)
    starter.docker("network", "create", "private_net_1")
    starter.docker("run", "--detach", "--name", "db", "--network", "private_net_1", "mongo:7")
    done = reset(starter, "--yes")
    assert (done.returncode, here(starter)) == (0, before), done.stdout
    assert "blog_public-net-1 resembles public-net-1" in done.stdout


def test_images_go_only_when_that_is_asked_for(starter: Engine, tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_text("FROM busybox\nCMD sleep 600\n")
    starter.docker("build", "--quiet", "--tag", "mine/tool", tmp_path)
    start = ("run", "--detach", "--network", "public-net-1")
    tags = ("images", "--format", "{{.Repository}}:{{.Tag}}")
    before = set(starter.docker(*tags).split())
    for options, left in (((), before), (("--images",), before - {"mine/tool:latest"})):
        starter.docker("network", "create", "public-net-1")
        starter.docker(*start, "mine/tool")
        starter.docker(*start, "nginx:alpine")
        assert reset(starter, "--yes", *options).returncode == 0
        assert set(starter.docker(*tags).split()) - {t for t in starter.docker(*tags).split() if "probe" in t} == {
            each for each in left if "probe" not in each
        }
