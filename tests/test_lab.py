"""The lab itself: what it starts works, what it wipes is empty, what it stops leaves nothing behind."""

import os
import signal
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from tests import lab
from tests.lab.fixtures import Pair
from tests.lab.images import TAGS
from tests.lab.process import Process, wait_for
from tests.lab.run import run
from tests.lab.wheels import FLASK, PYMONGO

pytestmark = pytest.mark.live

SERVER = """\
from flask import Flask
from pymongo import MongoClient

app = Flask(__name__)
things = MongoClient("mongodb://mongo:27017", serverSelectionTimeoutMS=5000).lab.things

@app.route("/")
def count():
    things.insert_one({"kind": "visit"})
    return f"{things.count_documents({'kind': 'visit'})} visits"

app.run(host="0.0.0.0", port=9090)
"""
DOCKERFILE = """\
FROM python:3.13-slim
WORKDIR /app
COPY requirements.txt .
RUN pip install --no-cache-dir -r requirements.txt
COPY server.py .
CMD ["python", "server.py"]
"""
COMPOSE = """\
services:
  nginx:
    image: nginx:stable
    volumes: ["./default.conf:/etc/nginx/conf.d/default.conf:ro"]
    networks: [public]
    depends_on: [flask-app]
  flask-app:
    build: .
    networks: [public, private]
    depends_on: {mongo: {condition: service_healthy}}
  mongo:
    image: mongo:7
    networks: [private]
    healthcheck: {test: [CMD, mongosh, --eval, "db.adminCommand('ping')"], interval: 1s}
networks: {public: {}, private: {}}
"""
PROXY = "server { listen 80; location / { proxy_pass http://flask-app:9090; } }\n"


@pytest.fixture
def spare(worker_name: str, lab_release: str) -> Iterator[lab.Engine]:
    """Start an engine that the test may break or stop."""
    with lab.start(f"spare-{worker_name}", release=lab_release) as engine:
        yield engine


def names(engine: lab.Engine, *command: str) -> set[str]:
    return set(engine.docker(*command).split())


def test_has_the_images_of_the_lessons(engine: lab.Engine) -> None:
    expected = {tag for tags in TAGS.values() for tag in tags}
    assert names(engine, "images", "--format", "{{.Repository}}:{{.Tag}}") == expected


def test_nginx_serves_its_page(engine: lab.Engine) -> None:
    engine.docker("run", "-d", "--name", "web", "nginx:stable")
    look = ["run", "--rm", "--network", "container:web", "busybox", "wget", "-qO-", "http://127.0.0.1/"]
    wait_for(lambda: "Welcome" in engine.docker(*look, check=False), 5)
    assert "Welcome to nginx!" in engine.docker(*look)


def test_three_tiers_talk_to_each_other(engine: lab.Engine, tmp_path: Path) -> None:
    (tmp_path / "server.py").write_text(SERVER)
    (tmp_path / "requirements.txt").write_text(f"{FLASK}\n{PYMONGO}\n")
    (tmp_path / "Dockerfile").write_text(DOCKERFILE)
    (tmp_path / "default.conf").write_text(PROXY)
    (tmp_path / "compose.yaml").write_text(COMPOSE)
    engine.compose("--project-name", "tiers", "up", "--detach", "--build", cwd=tmp_path)
    look = ["run", "--rm", "--network", "tiers_public", "busybox", "wget", "-qO-", "http://nginx/"]
    wait_for(lambda: "visits" in engine.docker(*look, check=False), 10)
    assert "visits" in engine.docker(*look)


def test_there_is_no_way_out(engine: lab.Engine) -> None:
    outside = ["run", "--rm", "busybox", "ping", "-c", "1", "-W", "1", "192.0.2.1"]
    assert "100% packet loss" in engine.docker(*outside, check=False)


def test_wipe_leaves_the_base_images_and_nothing_else(engine: lab.Engine, tmp_path: Path) -> None:
    before = names(engine, "images", "--all", "--no-trunc", "--format", "{{.ID}} {{.Repository}}:{{.Tag}}")
    (tmp_path / "Dockerfile").write_text("FROM busybox\nRUN touch /a\nRUN touch /b\n")
    (tmp_path / "compose.yaml").write_text("services: {x: {build: ., image: mine}}")
    engine.compose("build", cwd=tmp_path)
    engine.docker("build", "--tag", "mongo:7", tmp_path)  # a learner may overwrite a base tag
    engine.docker("tag", "nginx:stable", "other:1")
    engine.docker("rmi", "alpine:latest")
    engine.docker("network", "create", "one")
    engine.docker("volume", "create", "kept")
    engine.docker("run", "-d", "--restart", "always", "--network", "one", "-v", "kept:/x", "mine", "sleep", "60")
    engine.docker("run", "-d", "--name", "stopped", "mongo:latest", "true")
    engine.docker("swarm", "init", "--advertise-addr", "127.0.0.1")
    engine.wipe()
    assert not names(engine, "ps", "--all", "--quiet")
    assert names(engine, "network", "ls", "--format", "{{.Name}}") == {"bridge", "host", "none"}
    assert not names(engine, "volume", "ls", "--quiet")
    assert "Swarm: inactive" in engine.docker("info")
    assert "Build Cache 0" in engine.docker("system", "df", "--format", "{{.Type}} {{.TotalCount}}")
    after = names(engine, "images", "--all", "--no-trunc", "--format", "{{.ID}} {{.Repository}}:{{.Tag}}")
    assert after == before


def test_wiping_an_empty_engine_is_fast(engine: lab.Engine) -> None:
    begin = time.monotonic()
    engine.wipe()
    assert time.monotonic() - begin < 1


def test_a_frozen_daemon_accepts_and_stays_silent(engine: lab.Engine) -> None:
    engine.pause_daemon()
    try:
        with pytest.raises(lab.LabError, match="did not end"):
            engine.docker("version", timeout=1)
    finally:
        engine.resume_daemon()
    assert engine.docker("version")


def test_stop_leaves_nothing(spare: lab.Engine) -> None:
    spare.docker("run", "-d", "-p", "8080:80", "--restart", "always", "nginx:stable")
    spare.docker("run", "-d", "--network", "host", "busybox", "sleep", "600")
    processes = [found for pid in spare.pids if (found := Process.of(pid))]
    assert len(processes) > 4  # dockerd, containerd, shims, docker-proxy, nginx
    spare.stop()
    assert_nothing_left(spare, processes)


def test_a_killed_engine_is_cleaned_up_by_the_next(spare: lab.Engine, lab_release: str) -> None:
    container = spare.docker("run", "-d", "--restart", "always", "nginx:stable")
    processes = [found for pid in spare.pids if (found := Process.of(pid))]
    os.kill(spare.pids[0], signal.SIGKILL)
    wait_for(lambda: not processes[0].alive, 5)
    with lab.start(spare.name, release=lab_release) as again:
        assert not any(process.alive for process in processes)
        assert container.strip() not in again.docker("ps", "--all", "--quiet", "--no-trunc")
    assert_nothing_left(spare, processes)


@pytest.mark.parametrize("time_", ["first", "again"])  # an engine may leave a swarm and yet not let go of its ports
def test_linked_engines_form_a_swarm_whose_network_spans_both(time_: str, pair: Pair) -> None:  # noqa: ARG001
    manager, worker = pair
    manager.docker("swarm", "init")
    token = manager.docker("swarm", "join-token", "--quiet", "worker").strip()
    worker.docker("swarm", "join", "--token", token, f"{manager.address}:2377")
    manager.docker("network", "create", "--driver", "overlay", "--attachable", "wide")
    for engine, name in ((manager, "here"), (worker, "there")):
        engine.docker("run", "--detach", "--name", name, "--network", "wide", "nginx:alpine")
    for engine, name, other in ((manager, "here", "there"), (worker, "there", "here")):
        look = ["run", "--rm", "--network", f"container:{name}", "busybox", "wget", "-qO-", f"http://{other}/"]
        assert wait_for(partial(says, "Welcome", engine, *look), 10)


def test_the_engines_of_a_swarm_are_wiped_as_any_other(pair: Pair) -> None:
    for engine in pair:
        assert "Swarm: inactive" in engine.docker("info")
        assert names(engine, "network", "ls", "--format", "{{.Name}}") == {"bridge", "host", "none"}
        assert not names(engine, "ps", "--all", "--quiet")


def test_a_link_ends_with_the_engine_that_ends_first(pair: Pair, spare: lab.Engine) -> None:
    pair.manager.link(spare)
    pair.manager.link(spare)  # once is enough
    assert reaches(pair.manager, spare.address)
    assert not reaches(pair.worker, spare.address)
    os.kill(spare.pids[0], signal.SIGKILL)
    spare.stop()
    assert wait_for(lambda: wires(pair.manager) == 1, 5)


def test_a_link_needs_two_engines_that_run(engine: lab.Engine, spare: lab.Engine) -> None:
    with pytest.raises(lab.LabError, match="to itself"):
        engine.link(engine)
    spare.stop()
    with pytest.raises(lab.LabError, match=f"{spare.name} does not run"):
        engine.link(spare)


def test_wiping_keeps_the_link(pair: Pair) -> None:
    pair.manager.wipe()
    assert reaches(pair.worker, pair.manager.address)


def says(word: str, engine: lab.Engine, *command: str) -> bool:
    return word in engine.docker(*command, check=False)


def reaches(engine: lab.Engine, address: str) -> bool:
    ping = ["run", "--rm", "--network", "host", "busybox", "ping", "-c", "1", "-W", "1", address]
    return "0% packet loss" in engine.docker(*ping, check=False).replace("100%", "all")


def wires(engine: lab.Engine) -> int:
    return run(["ip", "-n", engine.netns, "addr"]).count("inet 10.98.")


def test_a_name_serves_one_at_a_time(spare: lab.Engine) -> None:
    with pytest.raises(lab.EngineBusyError, match=str(os.getpid())):
        lab.start(spare.name)
    with pytest.raises(lab.EngineBusyError):
        lab.start(spare.name, detached=True)
    assert spare.docker("ps") is not None


def test_a_second_start_is_quick(spare: lab.Engine, lab_release: str) -> None:
    spare.stop()
    begin = time.monotonic()
    with lab.start(spare.name, release=lab_release) as again:
        again.docker("run", "--rm", "busybox", "true")
    assert time.monotonic() - begin < 10  # about 2 s; the rest is for a busy machine


def test_engines_do_not_see_each_other(engine: lab.Engine, spare: lab.Engine) -> None:
    engine.docker("run", "-d", "--name", "here", "busybox", "sleep", "60")
    assert not names(spare, "ps", "--quiet")
    assert engine.docker("info", "--format", "{{.ID}}") != spare.docker("info", "--format", "{{.ID}}")
    pool = ["network", "inspect", "bridge", "--format", "{{(index .IPAM.Config 0).Subnet}}"]
    assert engine.docker(*pool) != spare.docker(*pool)


def assert_nothing_left(engine: lab.Engine, processes: list[Process]) -> None:
    assert not any(process.alive for process in processes)
    assert not Path("/run/netns", engine.netns).exists()
    assert not Path(engine.host.removeprefix("unix://")).parent.exists()
    assert f"engines/{engine.name}/" not in Path("/proc/self/mountinfo").read_text()
    assert not list(Path("/sys/fs/cgroup").glob(f"*/grade-lab/{engine.name}"))
