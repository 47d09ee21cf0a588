"""`grade watch` on a real engine in a real terminal: what turns green and red, and that nothing is left behind."""

import signal
import subprocess
import threading
import time
from pathlib import Path

import pytest

from tests.lab import Engine
from tests.lab.fixtures import Pair
from tests.live.terminal import Terminal, grade
from tests.live.test_faults import EXERCISE, ROOT, SIDECARS, SOLUTION

pytestmark = pytest.mark.live

CREATED = ("events", "--since", "0s", "--filter", "label=grade.run", "--filter", "event=create", "--format", "{{.ID}}")


def watching(engine: Engine, *words: str, rows: int = 24, columns: int = 80) -> Terminal:
    return Terminal(grade("watch", EXERCISE, *words), engine.env(), rows, columns)


def build(engine: Engine) -> None:
    engine.sh(SOLUTION / "build.sh", cwd=SOLUTION)


def assert_left_clean(terminal: Terminal, engine: Engine) -> None:
    assert not terminal.is_taken
    assert "Traceback" not in terminal.raw
    assert engine.docker(*SIDECARS) == ""


def test_step_by_step_it_turns_green_with_its_points_and_red_when_it_breaks(starter: Engine) -> None:
    docker = starter.docker
    with watching(starter) as terminal:
        terminal.waits_for("0 / 100 points", "there is no nginx container", "✗ public-net ")
        docker("network", "create", "public-net-1")
        terminal.waits_for("7 / 100 points", "✓ The network public-net-1 is there  +7", "✓ public-net ")
        docker("network", "create", "private-net-1")
        terminal.waits_for("14 / 100 points", "✓ The network private-net-1 is there  +7")
        docker("run", "-d", "--name", "mongo", "--network", "private-net-1", "mongo:7")
        terminal.waits_for("✓ MongoDB on private-net-1, not public-net-1  +8", "✓ mongo-attached")
        docker("create", "--name", "flask-app", "--network", "public-net-1", "lab/flask-app")
        docker("network", "connect", "private-net-1", "flask-app")
        docker("start", "flask-app")
        terminal.waits_for("53 / 100 points", "not passed yet")
        docker("run", "-d", "--name", "nginx", "--network", "public-net-1", "-p", "8080:80", "lab/nginx")
        terminal.waits_for("100 / 100 points", "✓ nginx cannot reach MongoDB  +12", "Nothing to mend.")
        docker("network", "connect", "public-net-1", "mongo")
        terminal.waits_for(
            "84 / 100", "✗ nginx cannot reach MongoDB  -12", "mongo is on public-net-1", "✗ mongo-attached"
        )
        docker("rename", "mongo", "db")
        docker("network", "disconnect", "public-net-1", "db")
        terminal.waits_for("✓ nginx cannot reach MongoDB  +12", "✗ The app finds MongoDB by its name  -10")
        terminal.types("\x03")
        assert terminal.ended() == 0, "85 of 100 is passed"
        assert "run grade flask-nginx-mongo again" in terminal.text
        assert_left_clean(terminal, starter)


@pytest.mark.parametrize("wish", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_whoever_ends_it_finds_terminal_and_engine_clean(wish: str, starter: Engine) -> None:
    starter.docker("network", "create", "public-net-1")
    with watching(starter) as terminal:
        terminal.waits_for("7 / 100 points")
        assert terminal.is_taken
        terminal.signal(signal.Signals[wish])
        assert terminal.ended() == 1, "below the pass mark"
        assert_left_clean(terminal, starter)


def test_it_is_ended_in_the_middle_of_a_look(starter: Engine) -> None:
    build(starter)
    with watching(starter) as terminal:
        terminal.waits_for("looking")
        terminal.until(lambda _: starter.docker(*SIDECARS) != "", "a sidecar")
        terminal.types("\x03")
        assert terminal.ended() == 130, "nothing has been seen yet"
        assert_left_clean(terminal, starter)


def test_a_terminal_that_goes_away_ends_it(starter: Engine) -> None:
    build(starter)
    with watching(starter) as terminal:
        terminal.waits_for("100 / 100 points")
        assert terminal.hang_up() == 0
    assert starter.docker(*SIDECARS) == ""


def test_a_bug_gives_the_terminal_back_too(starter: Engine) -> None:
    bug = "import grader.watch.loop as loop\nloop.judge = lambda *_: 1 / 0\nfrom grader.cli import main; main()"
    command = [grade()[2], "-c", bug, "watch", EXERCISE]
    with Terminal(command, starter.env()) as terminal:
        assert terminal.ended() == 70
        assert "this is a bug of grade" in terminal.text
        assert_left_clean(terminal, starter)


def test_until_passed_ends_with_the_whole_report(starter: Engine) -> None:
    build(starter)
    starter.docker("stop", "--time", "0", "mongo")
    with watching(starter, "--until-passed", rows=60) as terminal:
        terminal.waits_for("not passed yet", "mongo is stopped")
        starter.docker("start", "mongo")
        assert terminal.ended() == 0
        assert "Who plays what" in terminal.text
        assert "100 / 100  Nothing to mend." in terminal.text
        assert_left_clean(terminal, starter)


def test_it_outlives_the_engine(starter: Engine) -> None:
    build(starter)
    with watching(starter) as terminal:
        terminal.waits_for("100 / 100 points")
        starter.halt_daemon()
        terminal.waits_for("The engine is gone", "tried again and again", "100 / 100 points")
        starter.restart_daemon()
        terminal.waits_for("nginx is stopped", gone="The engine is gone")
        starter.docker("start", "mongo", "flask-app")
        starter.docker("start", "nginx")
        terminal.waits_for("100 / 100 points", "Nothing to mend.")
        terminal.types("\x03")
        assert terminal.ended() == 0
        assert_left_clean(terminal, starter)


def test_an_engine_that_is_gone_at_the_end_is_told_by_the_exit_code(starter: Engine) -> None:
    build(starter)
    with watching(starter) as terminal:
        terminal.waits_for("100 / 100 points")
        starter.halt_daemon()
        try:
            terminal.waits_for("The engine is gone")
            terminal.types("\x03")
            assert terminal.ended() == 3
            assert not terminal.is_taken
        finally:
            starter.restart_daemon()


def test_a_frozen_engine_is_noticed_and_forgiven(starter: Engine) -> None:
    starter.docker("network", "create", "public-net-1")
    with watching(starter, "--timeout", "1") as terminal:
        terminal.waits_for("7 / 100 points")
        starter.pause_daemon()
        try:
            terminal.waits_for("does not answer")
        finally:
            starter.resume_daemon()
        terminal.waits_for("7 / 100 points", gone="does not answer")
        starter.docker("network", "create", "private-net-1")
        terminal.waits_for("14 / 100 points")


def test_a_role_whose_container_is_gone_for_a_while_does_not_end_it(starter: Engine) -> None:
    build(starter)
    with watching(starter, "--role", "mongo=mongo") as terminal:
        terminal.waits_for("100 / 100 points")
        starter.docker("rm", "--force", "mongo")
        terminal.waits_for("there is no container called mongo")
        starter.docker("run", "-d", "--name", "mongo", "--network", "private-net-1", "mongo:7")
        terminal.waits_for("100 / 100 points", gone="there is no container")


def test_it_follows_the_window(starter: Engine) -> None:
    build(starter)
    with watching(starter) as terminal:
        small = terminal.waits_for("100 / 100 points", "public-net ")
        assert "bridge" not in small, "no room for a picture"
        terminal.resize(45, 120)
        terminal.waits_for("public-net-1 ", "private-net-1 ", "flask-app ", "bridge")
        terminal.resize(12, 60)
        terminal.until(lambda text: text.startswith(EXERCISE) and "Nothing to mend" in text, "a smaller frame")
        assert "bridge" not in terminal.text


def test_somebody_else_costs_no_look_into_sandboxes(starter: Engine) -> None:
    build(starter)
    for place in range(6):
        starter.docker("run", "-d", "--name", f"other-{place}", "busybox", "sleep", "600")
    with watching(starter) as terminal:
        terminal.waits_for("100 / 100 points")
        looks = _sidecars_made_while(starter, _somebody_else_works)
        assert looks == ""
        looks = _sidecars_made_while(starter, lambda engine: engine.docker("restart", "--time", "0", "mongo"))
        assert looks != "", "this does look for sidecars"
        terminal.waits_for("100 / 100 points")


def _somebody_else_works(engine: Engine) -> None:
    engine.docker("network", "create", "elsewhere")
    engine.docker("run", "-d", "--name", "stranger", "--network", "elsewhere", "busybox", "sleep", "600")
    engine.docker("rm", "--force", "stranger")
    engine.docker("network", "rm", "elsewhere")


def _sidecars_made_while(engine: Engine, work: object) -> str:
    assert callable(work)
    start = time.time()
    work(engine)
    time.sleep(2)
    window = ("--since", f"{start:.3f}", "--until", f"{time.time():.3f}")
    return engine.docker("events", *window, "--filter", "label=grade.run", "--filter", "event=create")


def test_in_a_pipe_it_prints_a_line_for_each_change(starter: Engine) -> None:
    command = grade("watch", EXERCISE, "--until-passed")
    pipe = subprocess.PIPE
    running = subprocess.Popen(
        command, stdout=pipe, stderr=pipe, text=True, cwd=ROOT, env={**starter.env(), "PYTHONPATH": str(ROOT)}
    )
    out, err = "", ""
    assert running.stdout
    out += running.stdout.readline()
    threading.Thread(target=build, args=(starter,), daemon=True).start()
    more, err = running.communicate(timeout=60)
    lines = [line.partition("  ")[2] for line in (out + more).splitlines()]
    assert (running.returncode, err) == (0, "")
    assert lines[0] == "0 / 100 points, 0 %"
    assert "✓ public-net: The network public-net-1 is there +7" in lines
    # The pass mark may be reached while the app is still starting, and then a line to mend comes last.
    assert [line for line in lines if " points, " in line][-1].endswith(", passed")
    assert "\x1b" not in out + more
    assert starter.docker(*SIDECARS) == ""


def test_without_an_engine_it_ends_at_once_with_what_mends_it(tmp_path: Path) -> None:
    done = subprocess.run(
        grade("watch", EXERCISE, "--host", f"unix://{tmp_path}/none.sock"),
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )
    assert (done.returncode, done.stdout) == (3, "")
    assert "no Docker Engine answers" in done.stderr
    assert "start" in done.stderr


def test_several_engines_are_watched_together(pair: Pair) -> None:
    solution = ROOT / "reference_solution" / "overlay" / "run-names"
    manager, worker = pair
    hosts = ("--host", f"manager={manager.host}", "--host", f"worker={worker.host}")
    with Terminal(grade("watch", "overlay", *hosts), manager.env(), rows=40, columns=100) as terminal:
        terminal.waits_for("overlay on ", "0 / ")
        subprocess.run(["bash", "-e", "build.sh"], cwd=solution, env=pair.variables(), check=True, capture_output=True)
        terminal.waits_for("Nothing to mend.")
        terminal.types("\x03")
        assert terminal.ended() == 0
        assert not terminal.is_taken
    assert manager.docker(*SIDECARS) + worker.docker(*SIDECARS) == ""
