"""What is said while one waits: to somebody at a terminal, to nobody in a pipe, and to nobody who wants it quiet."""

import subprocess

import pytest

from tests.lab import Engine
from tests.live.terminal import Terminal, grade
from tests.live.test_faults import EXERCISE, ROOT

pytestmark = pytest.mark.live
WAITING = "waiting for flask, nginx, which started a moment ago"


@pytest.fixture
def young(engine: Engine) -> Engine:
    """Return an engine with an nginx that has just started and does not listen yet, before an app that does."""
    engine.docker("network", "create", "public-net-1")
    command = ("nginx:stable", "sh", "-c", "sleep 600")
    app = ("busybox", "httpd", "-f", "-p", "9090")
    engine.docker("run", "--detach", "--name", "flask-app", "--network", "public-net-1", *app)
    engine.docker("run", "--detach", "--name", "nginx", "--network", "public-net-1", *command)
    return engine


def test_at_a_terminal_one_is_told_what_takes_so_long(young: Engine) -> None:
    with Terminal(grade(EXERCISE), young.env(), rows=200) as terminal:
        assert terminal.ended() == 1
        assert WAITING in terminal.text


def test_who_wants_it_quiet_is_told_nothing(young: Engine) -> None:
    with Terminal(grade(EXERCISE, "--quiet"), young.env()) as terminal:
        assert terminal.ended() == 1
        assert terminal.raw == ""


def test_in_a_pipe_there_is_the_report_alone(young: Engine) -> None:
    env = {**young.env(), "PYTHONPATH": str(ROOT)}
    done = subprocess.run(grade(EXERCISE), env=env, capture_output=True, text=True, check=False, cwd=ROOT)
    assert (done.returncode, done.stderr) == (1, "")
    assert "waiting for" not in done.stdout
    assert "\x1b" not in done.stdout
