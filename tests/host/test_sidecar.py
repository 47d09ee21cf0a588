"""Real sidecars on a real engine: what they see, and that none of them stays."""

import gc
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from docker import APIClient
from requests.exceptions import ConnectionError as Unconnected

from grader.errors import EngineTimeout, EngineUnreachable
from grader.host import sidecar
from grader.host.collect import RUN_LABEL, collect
from grader.host.connect import connect
from grader.host.faults import engine_errors
from grader.models.probe import (
    HOST,
    Answer,
    Connect,
    Echo,
    Exchange,
    Exchanged,
    Found,
    Lookup,
    Observation,
    Question,
    Reached,
)
from grader.models.snapshot import Engine as EngineRecord
from grader.plan import Choice
from grader.probe.protocol import Timing
from tests.lab import Engine

pytestmark = pytest.mark.live

NOBODY = "0" * 64
SILENT = Exchange(address="127.0.0.1", port=80, request="", limit=10)
"""Held open by a paused server until the deadline of exchanges."""


class Lab:
    """An engine, as `observe` takes it."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.connection = connect(engine.host, 10)
        self.make_client = self.connection.client

    def __enter__(self) -> "Lab":
        self.client = self.make_client()
        return self

    def __exit__(self, *_: object) -> None:
        self.client.close()

    @property
    def record(self) -> EngineRecord:
        """What the engine says of itself at this moment."""
        return collect(self.client, lambda _, __: Choice(())).engine

    def run(self, name: str, *options: str, port: int = 80) -> str:
        """Start a small web server; returns its container's id."""
        command = ["run", "--detach", "--name", name, *options, "busybox", "httpd", "-f", "-p", str(port)]
        return self.engine.docker(*command).strip()

    def address(self, container: str, network: str) -> str:
        """Return a container's address."""
        found = self.client.inspect_container(container)["NetworkSettings"]["Networks"][network]["IPAddress"]
        return str(found)

    def observe(
        self, plan: Mapping[str, Sequence[Question]], timing: Timing | None = None, deadline: float = 60
    ) -> list[Observation]:
        """Run a round."""
        return list(sidecar.observe(self.make_client, plan, self.record, timing, deadline))

    def sidecars(self) -> list[str]:
        """Return the ids of all sidecars, running or not."""
        return [each["Id"] for each in self.client.containers(all=True, filters={"label": [RUN_LABEL]})]

    def images(self) -> list[str]:
        """Return the ids of all probe images."""
        return [each["Id"] for each in self.client.images(name=sidecar.REPOSITORY)]

    def wait_for_sidecar(self) -> str:
        """Return the id of a sidecar that runs."""
        for _ in range(600):
            found = self.client.containers(filters={"label": [RUN_LABEL], "status": ["running"]})
            if found:
                return str(found[0]["Id"])
            time.sleep(0.05)
        pytest.fail("no sidecar came up")


@pytest.fixture
def lab(engine: Engine) -> Iterator[Lab]:
    """Return an engine with the networks `one` and `two`; no test may leave a sidecar."""
    engine.docker("network", "create", "one")
    engine.docker("network", "create", "two")
    with Lab(engine) as lab:
        yield lab
        assert lab.sidecars() == []


def answers(observation: Observation) -> list[Answer]:
    assert observation.fault is None
    return [asked.answer for asked in observation.asked]


def states(observation: Observation) -> list[str]:
    return [answer.state for answer in answers(observation) if isinstance(answer, Reached | Exchanged)]


def interfaces(observation: Observation) -> set[tuple[str, str]]:
    """Return names and addresses but for ::1, which only newer engines leave in a network without IPv6."""
    assert observation.sandbox is not None
    return {(each.name, each.address) for each in observation.sandbox.interfaces} - {("lo", "::1")}


def test_the_sandbox_of_a_container_on_its_own_network(lab: Lab) -> None:
    web, other = lab.run("web", "--network", "one"), lab.run("other", "--network", "two")
    here, there = lab.address(web, "one"), lab.address(other, "two")
    gateway = here.rpartition(".")[0] + ".1"
    page = Exchange(address=here, port=80, request=b"GET /none HTTP/1.0\r\n\r\n".hex())
    questions: list[Question] = [
        Connect(address=here, port=80),
        Connect(address=here, port=81),
        Connect(address=gateway, port=1),
        Connect(address=there, port=80),
        Echo(address=here),
        page,
        Lookup(name="web"),
        Lookup(name="other"),
    ]
    (seen,) = lab.observe({web: questions}, Timing(exchange_ms=20_000))
    assert states(seen) == ["open", "refused", "refused", "timeout", "open", "open"]
    *_, fetched, web_found, other_found = answers(seen)
    assert isinstance(fetched, Exchanged)
    assert bytes.fromhex(fetched.response).startswith(b"HTTP/1.1 404 Not Found\r\n")
    assert isinstance(web_found, Found)
    assert (web_found.ipv4, web_found.addresses) == ("answered", (here,))
    assert isinstance(other_found, Found)
    assert other_found.ipv4 != "answered"
    assert seen.source == web
    assert seen.sandbox is not None
    assert seen.sandbox.nameservers == ("127.0.0.11",)
    assert interfaces(seen) == {("lo", "127.0.0.1"), ("eth0", here)}
    assert ("0.0.0.0/0", gateway) in {(each.destination, each.gateway) for each in seen.sandbox.routes}
    assert {each.port for each in seen.sandbox.listeners if not each.address.startswith("127.")} == {80}
    assert (here, (web[:12],)) in {(each.address, each.names) for each in seen.sandbox.hosts}


def test_a_container_on_two_networks_has_two_interfaces(lab: Lab) -> None:
    web = lab.run("web", "--network", "one")
    lab.engine.docker("network", "connect", "two", "web")
    (seen,) = lab.observe({web: ()})
    expected = {"127.0.0.1", lab.address(web, "one"), lab.address(web, "two")}
    assert {address for _, address in interfaces(seen)} == expected


def test_the_default_bridge_knows_no_names(lab: Lab) -> None:
    web, peer = lab.run("web"), lab.run("peer")
    peer_address = lab.address(peer, "bridge")
    (seen,) = lab.observe({web: [Connect(address=peer_address, port=80), Lookup(name="peer")]})
    assert states(seen) == ["open"]
    found = answers(seen)[1]
    assert isinstance(found, Found)
    assert found.ipv4 != "answered"
    assert seen.sandbox is not None
    assert "127.0.0.11" not in seen.sandbox.nameservers


def test_a_container_without_a_network_reaches_itself(lab: Lab) -> None:
    web = lab.run("web", "--network", "none")
    addresses = "127.0.0.1", "10.0.0.1"
    (seen,) = lab.observe({web: [Connect(address=address, port=80) for address in addresses]})
    assert states(seen) == ["open", "no-route"]
    assert seen.sandbox is not None
    assert ({each.name for each in seen.sandbox.interfaces}, seen.sandbox.routes) == ({"lo"}, ())


def test_the_host_is_a_sandbox_too(lab: Lab) -> None:
    published = lab.run("web", "--network", "one", "--publish", "8080:80")
    lab.run("direct", "--network", "host", port=8081)
    page = Exchange(address="127.0.0.1", port=8080, request=b"GET / HTTP/1.0\r\n\r\n".hex())
    here = lab.address(published, "one")
    direct, routed = Connect(address="127.0.0.1", port=8081), Connect(address=here, port=80)
    (seen,) = lab.observe({HOST: [page, direct, routed]}, Timing(exchange_ms=20_000))
    assert states(seen) == ["open", "open", "open"]
    fetched = answers(seen)[0]
    assert isinstance(fetched, Exchanged)
    assert fetched.response
    assert seen.sandbox is not None
    assert "docker0" in {each.name for each in seen.sandbox.interfaces}


def test_a_container_that_joined_another_sees_the_same_sandbox(lab: Lab) -> None:
    web = lab.run("web", "--network", "one")
    guest = lab.run("guest", "--network", "container:web", port=81)
    first, second = lab.observe({web: (), guest: ()})
    assert first.sandbox == second.sandbox
    assert first.sandbox is not None
    assert {80, 81} <= {each.port for each in first.sandbox.listeners}


def test_a_paused_container_is_looked_into(lab: Lab) -> None:
    web = lab.run("web", "--network", "one")
    lab.engine.docker("pause", "web")
    (seen,) = lab.observe({web: [Connect(address="127.0.0.1", port=80), SILENT]}, Timing(exchange_ms=500))
    assert states(seen) == ["open", "open"]
    silent = answers(seen)[1]
    assert isinstance(silent, Exchanged)
    assert silent.ending == "deadline"


def test_sources_that_cannot_be_joined_have_a_fault_each(lab: Lab) -> None:
    web = lab.run("web", "--network", "one")
    created = lab.engine.docker("create", "--network", "one", "busybox", "true").strip()
    ended = lab.engine.docker("run", "--detach", "--network", "one", "busybox", "true").strip()
    lab.engine.docker("wait", ended)
    asked = (Connect(address="127.0.0.1", port=80),)
    seen = {each.source: each for each in lab.observe(dict.fromkeys([NOBODY, created, web, ended], asked))}
    assert list(seen) == [NOBODY, created, web, ended]
    assert states(seen[web]) == ["open"]
    assert "No such container" in str(seen[NOBODY].fault)
    for source in (created, ended):
        assert "non running container" in str(seen[source].fault)
    for source in (NOBODY, created, ended):
        assert seen[source].sandbox is None
        assert [asked.answer for asked in seen[source].asked] == [Reached(state="not-observed")]


def test_when_no_source_can_be_joined_there_are_only_faults(lab: Lab) -> None:
    assert [each.sandbox for each in lab.observe({NOBODY: (), "1" * 64: ()})] == [None, None]


def test_nothing_to_ask_starts_nothing(lab: Lab) -> None:
    assert lab.observe({}) == []
    assert lab.images() == []


def test_more_sources_than_threads(lab: Lab) -> None:
    web = lab.run("web", "--network", "one")
    guests = [lab.run(f"guest-{number}", "--network", "container:web", port=81 + number) for number in range(20)]
    seen = lab.observe({each: [Connect(address="127.0.0.1", port=80)] for each in [web, *guests]})
    assert [states(each) for each in seen] == [["open"]] * 21


def test_an_engine_of_one_processor_starts_one_sidecar_after_the_other(lab: Lab) -> None:
    web = lab.run("web", "--network", "one")
    sources = [web, *(lab.run(f"guest-{number}", "--network", "container:web", port=90 + number) for number in (2, 1))]
    record = lab.record.model_copy(update={"cpus": 1})
    seen = sidecar.observe(lab.make_client, dict.fromkeys(sources, ()), record)
    assert [each.fault for each in seen] == [None] * 3
    happened = lab.client.events(
        since=record.now,
        until=int(lab.record.now.timestamp()) + 1,
        filters={"label": [RUN_LABEL], "event": ["create", "start"]},
        decode=True,
    )
    assert [event["Action"] for event in happened] == ["create", "start"] * 3


def test_thousands_of_questions_fit_in_one_sidecar(lab: Lab) -> None:
    web = lab.run("web", "--network", "one")
    questions = [Connect(address="127.0.0.1", port=10_000 + number) for number in range(3000)]
    (seen,) = lab.observe({web: questions})
    assert states(seen) == ["refused"] * 3000


def test_the_image_is_made_once_and_holds_the_probe_alone(lab: Lab) -> None:
    web = lab.run("web", "--network", "one")
    lab.observe({web: ()})
    (image,) = lab.images()
    lab.observe({web: ()})
    assert lab.images() == [image]
    assert len(lab.client.inspect_image(image)["RootFS"]["Layers"]) == 1  # type: ignore[no-untyped-call]


def test_an_image_that_was_removed_is_made_again(lab: Lab) -> None:
    web = lab.run("web", "--network", "one")
    lab.observe({web: ()})
    lab.client.remove_image(lab.images()[0], force=True)
    assert [each.fault for each in lab.observe({web: ()})] == [None]


def test_graders_at_the_same_time_do_not_harm_each_other(lab: Lab) -> None:
    web = lab.run("web", "--network", "one")
    record = lab.record
    asked = {web: [Connect(address="127.0.0.1", port=80)]}
    with ThreadPoolExecutor() as pool:
        rounds = [pool.submit(sidecar.observe, lab.make_client, asked, record) for _ in range(4)]
        assert [states(each) for round_ in rounds for each in round_.result()] == [["open"]] * 4


def test_a_sidecar_is_confined(lab: Lab) -> None:
    web = lab.run("web", "--network", "one")
    lab.engine.docker("pause", "web")
    with ThreadPoolExecutor() as pool:
        running = pool.submit(lab.observe, {web: [SILENT]}, Timing(exchange_ms=3000))
        raw = lab.client.inspect_container(lab.wait_for_sidecar())
        running.result()
    host, config = raw["HostConfig"], raw["Config"]
    assert host["NetworkMode"] == f"container:{web}"
    assert (host["CapDrop"], host["CapAdd"], host["Privileged"]) == (["ALL"], None, False)
    assert host["SecurityOpt"] == ["no-new-privileges"]
    assert (host["ReadonlyRootfs"], host["Binds"], raw["Mounts"]) == (True, None, [])
    assert host["Memory"] == host["MemorySwap"] == 64 * 1024 * 1024
    assert 0 < host["PidsLimit"] <= 32
    assert host["RestartPolicy"]["Name"] in ("", "no")
    assert (host["LogConfig"]["Type"], config["User"]) == ("json-file", "65534:65534")
    assert int(config["Labels"][sidecar.EXPIRES_LABEL]) > lab.record.now.timestamp()


def test_a_round_that_takes_too_long_is_ended(lab: Lab) -> None:
    web = lab.run("web", "--network", "one")
    lab.engine.docker("pause", "web")
    (seen,) = lab.observe({web: [SILENT]}, Timing(exchange_ms=25_000), deadline=3)
    assert seen.fault == "its sidecar did not end within 3 s"
    assert [asked.answer for asked in seen.asked] == [Exchanged(state="not-observed")]


INTERRUPTED = """
import json, sys
from docker import APIClient
from requests.exceptions import ConnectionError as Unconnected
from grader.host import sidecar
from grader.models.probe import Exchange
from grader.models.snapshot import Engine
from grader.probe.protocol import Timing

host, record, *sources = sys.argv[1:]
silent = Exchange(address="127.0.0.1", port=80, request="", limit=10)
sidecar.observe(
    lambda: APIClient(base_url=host, version="1.41", timeout=10),
    {source: [silent] for source in sources},
    Engine.model_validate_json(record),
    Timing(exchange_ms=25_000),
)
"""


def interrupted(lab: Lab, *sources: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-c", INTERRUPTED, lab.engine.host, lab.record.model_dump_json(), *sources]
    # A job in the background, such as a CI runner's, may hand down an ignored SIGINT.
    return subprocess.Popen(
        ["env", "--default-signal=INT", *command], stderr=subprocess.PIPE, cwd=Path(__file__).parents[2]
    )


def test_an_interrupt_leaves_nothing(lab: Lab) -> None:
    sources = [lab.run(name, "--network", "one") for name in ("web", "other", "third")]
    for name in ("web", "other", "third"):
        lab.engine.docker("pause", name)
    with interrupted(lab, *sources) as process:
        lab.wait_for_sidecar()
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=60)
    assert errors.rstrip().endswith(b"KeyboardInterrupt")
    assert lab.sidecars() == []


def test_what_a_killed_grader_left_is_swept_when_it_expires(lab: Lab) -> None:
    web = lab.run("web", "--network", "one")
    lab.engine.docker("pause", "web")
    with interrupted(lab, web) as process:
        left = lab.wait_for_sidecar()
        os.kill(process.pid, signal.SIGKILL)
    expires = int(lab.client.inspect_container(left)["Config"]["Labels"][sidecar.EXPIRES_LABEL])
    assert sidecar.remove_expired(lab.client, expires - 1) == 0
    assert lab.sidecars() == [left]
    assert sidecar.remove_expired(lab.client, expires + 1) == 1
    assert lab.sidecars() == []


def test_a_round_sweeps_what_has_expired_and_nothing_else(lab: Lab) -> None:
    web = lab.run("web", "--network", "one")
    now = int(lab.record.now.timestamp())

    def leftover(name: str, *labels: str) -> None:
        lab.run(name, *(word for label in labels for word in ("--label", label)))

    leftover("expired", "grade.run=a", f"grade.expires={now - 10}")
    leftover("valid", "grade.run=b", f"grade.expires={now + 1000}")
    leftover("odd", "grade.run=c", "grade.expires=soon")
    leftover("foreign", f"grade.expires={now - 10}")
    leftover("bare", "grade.run=d")
    lab.observe({web: ()})
    names = lab.engine.docker("ps", "--all", "--format", "{{.Names}}").split()
    assert sorted(names) == ["bare", "foreign", "odd", "valid", "web"]
    lab.engine.docker("rm", "--force", "bare", "foreign", "odd", "valid")


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_an_engine_that_is_not_there_is_unreachable(lab: Lab, tmp_path: Path) -> None:
    def nowhere() -> APIClient:
        return APIClient(base_url=f"unix://{tmp_path}/none.sock", version="1.41", timeout=5)

    with pytest.raises(EngineUnreachable), engine_errors("unix://none"):
        sidecar.observe(nowhere, {HOST: ()}, lab.record)
    gc.collect()  # the SDK leaves the socket that could not connect to the garbage collector, which warns of it


def test_an_engine_that_freezes_is_a_timeout(lab: Lab, tmp_path: Path) -> None:
    places = iter([lab.engine.host])  # the image is made there, and then nobody answers

    def next_client() -> APIClient:
        return APIClient(base_url=next(places, f"unix://{tmp_path}/silent"), version="1.41", timeout=1)

    with socket.socket(socket.AF_UNIX) as silent:
        silent.bind(f"{tmp_path}/silent")
        silent.listen()
        with pytest.raises(EngineTimeout), engine_errors("unix://silent"):
            sidecar.observe(next_client, {HOST: (), NOBODY: ()}, lab.record)


def test_an_engine_that_is_lost_to_some_is_a_fault_of_those(lab: Lab) -> None:
    web = lab.run("web", "--network", "one")
    cuts = iter([True])

    class Cut(APIClient):
        def start(self, container: Any) -> None:
            if next(cuts, False):
                raise Unconnected("cut")
            super().start(container)

    def next_client() -> APIClient:
        return Cut(base_url=lab.engine.host, version="1.41", timeout=10)

    seen = sidecar.observe(next_client, {HOST: (), web: ()}, lab.record)
    assert sorted(str(each.fault) for each in seen) == ["None", "the engine was lost: cut"]


def test_the_record_of_a_round_can_be_stored(lab: Lab) -> None:
    web = lab.run("web", "--network", "one")
    (seen,) = lab.observe({web: [Lookup(name="web"), Echo(address="127.0.0.1")]})
    assert Observation.model_validate(json.loads(seen.model_dump_json())) == seen
