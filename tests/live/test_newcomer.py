"""From a clone to full marks by the tool's own words, and out of three faults at midnight: no command comes from us.

Whatever is typed has stood on a screen before, or in the README that comes with the clone; only the mistakes are the
newcomer's own. The base images are there, as a registry would give them.
"""

import re
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.lab import Engine
from tests.lab.process import wait_for
from tests.live.newcomer import Newcomer

pytestmark = pytest.mark.live

ROOT = Path(__file__).parents[2]
EXERCISE = "flask-nginx-mongo"
GRADE = f"grade {EXERCISE}"
HINT = f"grade hint {EXERCISE}"
HINT_ON = f"grade hint {EXERCISE} nginx-attached"
"""How the first hint of all says to ask for the next, in which the name of any other check may stand."""
BUILDS = ("docker build -t my-app nginx_flask_mongodb/flask-app", "docker build -t my-nginx nginx_flask_mongodb/nginx")
EVERYWHERE = "0.0.0.0"  # noqa: S104 - a word in the starter's app
CTRL_C = "\x03"


@pytest.fixture
def newcomer(engine: Engine, tmp_path: Path) -> Iterator[Newcomer]:
    """Somebody who has cloned the repository and read its README, before an engine with nothing but base images."""
    engine.docker("tag", "mongo:7", "mongo:latest")
    with Newcomer(tmp_path, engine.env()) as somebody:
        somebody.reads((ROOT / "README.md").read_text())
        yield somebody


def players(report: str) -> dict[str, str]:
    """Return who plays what, as a report says it."""
    found = re.search(r"Who plays what nginx (\S+) .*? flask (\S+) .*? mongo (\S+) .*?Networks", report)
    assert found, report
    return dict(zip(("nginx", "flask", "mongo"), found.groups(), strict=True))


def test_a_newcomer_gets_full_marks_by_following_what_is_said(newcomer: Newcomer) -> None:
    assert "Ready: grade lists the exercises." in newcomer.follows("grade doctor")
    assert EXERCISE in newcomer.follows("grade")
    assert "What to build" in newcomer.follows("grade show default-bridge", default_bridge=EXERCISE)
    assert "Copied for you: nginx_flask_mongodb" in newcomer.follows(f"grade start {EXERCISE}")
    for build in BUILDS:
        assert "Successfully built" in newcomer.follows(build)

    with newcomer.window(newcomer.told(f"grade watch {EXERCISE}").split()) as watch:
        newcomer.reads(watch.waits_for("0 / 100 points", "there is no nginx container", f"Stuck? {HINT}"))

        # Following the hints one by one and no further makes a build that is wrong: nobody has a name.
        run = "docker run -d --network public-net-1 IMAGE"
        assert run in newcomer.climbs(HINT)
        for check, network in (("public-net", "public-net-1"), ("private-net", "private-net-1")):
            create = f"docker network create {network}"
            assert create in newcomer.climbs(HINT_ON, nginx_attached=check)
            newcomer.follows(create)
            newcomer.reads(watch.waits_for(f"✓ The network {network} is there  +7"))
        newcomer.follows(run, IMAGE="my-app")
        assert "docker run -d --network private-net-1 mongo" in newcomer.climbs(
            HINT_ON, nginx_attached="mongo-attached"
        )
        newcomer.follows("docker run -d --network private-net-1 mongo")
        newcomer.follows(run, IMAGE="my-nginx")
        newcomer.reads(watch.waits_for("nothing answers to the name flask-app", "is not on private-net-1", "✗ exited"))
        who = players(newcomer.follows(GRADE))

        for check, repairs in {
            "flask-attached": ("docker network connect private-net-1 CONTAINER",),
            "nginx-finds-flask": (
                "docker network disconnect public-net-1 CONTAINER",
                "docker network connect --alias flask-app public-net-1 CONTAINER",
            ),
        }.items():
            last = newcomer.climbs(HINT_ON, nginx_attached=check)
            for repair in repairs:
                assert repair in last
                newcomer.follows(repair, CONTAINER=who["flask"])
        last = newcomer.climbs(HINT_ON, nginx_attached="flask-finds-mongo")
        for repair in (
            "docker network disconnect private-net-1 CONTAINER",
            "docker network connect --alias mongo private-net-1 CONTAINER",
        ):
            assert repair in last
            newcomer.follows(repair, CONTAINER=who["mongo"])
        newcomer.reads(watch.waits_for("✓ The app finds MongoDB by its name  +10"))
        start = f"docker start {who['nginx']}"
        assert f"{start} starts it again" in newcomer.follows(GRADE)
        newcomer.follows(start)
        newcomer.reads(watch.waits_for("is not published", "✓ page-works"))
        last = newcomer.climbs(HINT_ON, nginx_attached="nginx-published")
        assert "docker rm -f CONTAINER, then docker run -d -p 8080:80 --network public-net-1 IMAGE" in last
        newcomer.follows("docker rm -f CONTAINER", CONTAINER=who["nginx"])
        newcomer.follows("docker run -d -p 8080:80 --network public-net-1 IMAGE", IMAGE="my-nginx")

        newcomer.reads(watch.waits_for("100 / 100 points", "Nothing to mend. ctrl-C ends it."))
        watch.types(CTRL_C)
        assert watch.ended() == 0
    assert "100 / 100 Nothing to mend." in newcomer.follows(GRADE)


def built(newcomer: Newcomer, database: str = "mongo") -> None:
    """Let the newcomer build what they have built before, some evening."""
    newcomer.follows(f"grade start {EXERCISE}")
    newcomer.follows(f"grade show {EXERCISE}")
    for build in BUILDS:
        newcomer.follows(build)
    for network in ("public-net-1", "private-net-1"):
        newcomer.types(f"docker network create {network}")
    newcomer.types(f"docker run -d --name {database} --network private-net-1 mongo")
    run_app(newcomer)
    newcomer.types("docker run -d --name nginx --network public-net-1 -p 8080:80 my-nginx")


def run_app(newcomer: Newcomer) -> None:
    newcomer.types("docker run -d --name flask-app --network public-net-1 my-app")
    newcomer.types("docker network connect private-net-1 flask-app")


def test_at_midnight_a_name_is_wrong(newcomer: Newcomer) -> None:
    built(newcomer, database="db")
    said = newcomer.follows(GRADE)
    assert "nothing answers to the name mongo on private-net-1: the container is called db and has no alias" in said
    assert f"Stuck? {HINT}" in said
    last = newcomer.climbs(HINT)
    for repair in (
        "docker network disconnect private-net-1 CONTAINER",
        "docker network connect --alias mongo private-net-1 CONTAINER",
    ):
        assert repair in last
        newcomer.follows(repair, CONTAINER="db")
    assert "100 / 100 Nothing to mend." in newcomer.follows(GRADE)


def test_at_midnight_the_app_listens_on_loopback(newcomer: Newcomer) -> None:
    newcomer.follows(f"grade start {EXERCISE}")
    server = newcomer.home / "nginx_flask_mongodb" / "flask-app" / "server.py"
    server.write_text(server.read_text().replace(EVERYWHERE, "127.0.0.1"))
    built(newcomer)
    said = newcomer.follows(GRADE)
    assert "flask (flask-app) listens on 127.0.0.1:9090 only" in said
    last = newcomer.climbs(HINT)
    assert f"Let the program listen on {EVERYWHERE}:9090. If the setting is part of the image, build that again" in last
    assert "then docker rm -f CONTAINER, and docker run as before" in last
    server.write_text(server.read_text().replace("127.0.0.1", EVERYWHERE))
    newcomer.follows(BUILDS[0])
    newcomer.follows("docker rm -f CONTAINER", CONTAINER="flask-app")
    run_app(newcomer)
    said = newcomer.follows(GRADE)
    if "100 / 100" not in said:  # nginx asked for the app's address when it started, and the new one may have another
        assert "docker restart CONTAINER" in newcomer.climbs(HINT)
        newcomer.follows("docker restart CONTAINER", CONTAINER="nginx")
        said = newcomer.follows(GRADE)
    assert "100 / 100 Nothing to mend." in said


def test_at_midnight_docker_does_not_run(newcomer: Newcomer, engine: Engine) -> None:
    built(newcomer)
    engine.halt_daemon()
    _stand_in_for_sudo(newcomer)
    starting = threading.Thread(target=_start_when_asked, args=(newcomer, engine))
    starting.start()
    said = newcomer.follows(GRADE)
    assert "grade: no Docker Engine answers at" in said
    remedy = re.search(r"try: start it: (sudo [\w ]+)", said)
    assert remedy, said
    newcomer.follows(remedy[1])
    starting.join()
    said = newcomer.follows(GRADE)
    for _ in range(3):
        if stopped := re.search(r"docker start ([\w-]+) starts it again", said):
            newcomer.follows(f"docker start {stopped[1]}")
            said = newcomer.follows(GRADE)
    assert "100 / 100 Nothing to mend." in said


def _stand_in_for_sudo(newcomer: Newcomer) -> None:
    """Write a `sudo` that has the test start the engine: no service manager of this machine knows of it."""
    home = newcomer.home
    program = home / ".programs" / "sudo"
    program.write_text(f'#!/bin/sh\necho "$*" > {home}/asked\nwhile [ ! -e {home}/done ]; do sleep 0.1; done\n')
    program.chmod(0o755)


def _start_when_asked(newcomer: Newcomer, engine: Engine) -> None:
    asked = newcomer.home / "asked"
    wait_for(asked.exists, 120)
    try:
        if re.fullmatch(r"(service docker start|systemctl start docker)\n", asked.read_text()):
            engine.restart_daemon()
    finally:
        (newcomer.home / "done").touch()
