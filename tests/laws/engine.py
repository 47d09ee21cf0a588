"""What an engine would have shown of a build: a snapshot, and honest answers to what the plan asks."""

from datetime import UTC, datetime

from grader.models.evidence import Evidence, HostEvidence
from grader.models.probe import (
    HOST,
    Answer,
    Asked,
    Connect,
    Exchange,
    Exchanged,
    Found,
    Interface,
    Listener,
    Lookup,
    Observation,
    Question,
    Reached,
    Sandbox,
)
from grader.models.snapshot import Binding, Container, Endpoint, Engine, Network, Port, Snapshot, Subnet
from grader.plan import plan
from tests.flagship import RUBRIC
from tests.laws.model import DEFAULT_BRIDGE, HOST_KEY, Box, Build, Join, Listen, Meeting, Net, Publish, World

_LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
_SOON_AFTER = datetime(2026, 1, 1, 1, tzinfo=UTC)
_DOCKERS, _OUTSIDE = "127.0.0.11", "192.0.2.53"


def evidence(build: Build) -> Evidence:
    """Return the file that a run would have written."""
    world = World(build)
    snapshot = _snapshot(world)
    places = {HOST: HOST_KEY} | {box.id: box.key for box in build.boxes}
    questions = plan(RUBRIC.rubric, {"default": snapshot})["default"]
    seen = [_observed(world, places[source], source, asked) for source, asked in questions.items()]
    return Evidence(
        tool_version="0",
        exercise="flask-nginx-mongo",
        started_at=_SOON_AFTER,
        hosts={"default": HostEvidence(snapshot=snapshot, observations=tuple(seen))},
    )


def _snapshot(world: World) -> Snapshot:
    predefined = (Network(id="host", name="host", driver="host"), Network(id="none", name="none", driver="null"))
    return Snapshot(
        engine=Engine(
            id="e", name="lab", version="28.5.2", api_version="1.51", os="linux", architecture="amd64", now=_SOON_AFTER
        ),
        networks=(_network(world, world.nets[0]), *predefined, *(_network(world, net) for net in world.build.nets)),
        containers=tuple(_container(world, box) for box in world.build.boxes),
    )


def _network(world: World, net: Net) -> Network:
    gateway = world.gateway(net)
    return Network(
        id=f"{net.name}-{net.driver}",
        name=net.name,
        driver=net.driver,
        internal=net.internal,
        options={} if net.icc else {"com.docker.network.bridge.enable_icc": "false"},
        subnets=(Subnet(subnet=gateway.removesuffix("1") + "0/24", gateway=gateway),),
    )


def _container(world: World, box: Box) -> Container:
    return Container(
        id=box.id,
        name=box.name,
        image=box.image,
        image_id="sha256:" + "0" * 64,
        image_tags=("mongo:7",) if box.image.startswith("sha256:") and box.official else (),
        hostname=box.hostname or box.id[:12],
        state=box.state,
        exit_code=137 if box.state == "exited" else 0,
        created_at=_LONG_AGO,
        started_at=_LONG_AGO,
        network_mode=_mode(world, box),
        endpoints=_endpoints(world, box),
        exposed=tuple(Port(number=port) for port in box.exposes),
        requested=tuple(_binding(world, each) for each in box.publishes),
        published=tuple(_binding(world, each) for each in world.bound(box)),
        labels={"grade.role": box.role} if world.build.labelled and box.role else {},
    )


def _mode(world: World, box: Box) -> str:
    if box.mode.startswith("in:"):
        return f"container:{world.owner(box).id}"
    return box.mode or (box.joins[0].net if box.joins else "none")


def _endpoints(world: World, box: Box) -> tuple[Endpoint, ...]:
    if box.mode in ("host", "none"):
        return (Endpoint(network=box.mode),)
    if box.mode:
        return ()
    return tuple(_endpoint(world, box, join, net) for join in box.joins if (net := world.net(join.net)))


def _endpoint(world: World, box: Box, join: Join, net: Net) -> Endpoint:
    address = world.address(box, net) if box.up else None
    gateway = world.gateway(net) if box.up and not net.internal else None
    aliases = join.aliases if net.name != DEFAULT_BRIDGE else ()
    return Endpoint(network=net.name, ipv4=address, ipv4_prefix=24, gateway=gateway, aliases=aliases)


def _binding(world: World, publish: Publish) -> Binding:
    at = world.host_ip(publish) or "0.0.0.0"  # noqa: S104 - what an engine shows, bound by nobody
    return Binding(port=publish.port, host_ip=at, host_port=publish.host_port)


def _observed(world: World, place: str, source: str, questions: tuple[Question, ...]) -> Observation:
    asked = tuple(Asked(question=each, answer=_answer(world, place, each)) for each in questions)
    return Observation(source=source, sandbox=_sandbox(world, place), asked=asked)


def _sandbox(world: World, place: str) -> Sandbox:
    own = [Interface(name=f"eth{n}", address=a, prefix=24) for n, a in enumerate(world.addresses(place))]
    named = any(name != DEFAULT_BRIDGE for name in world.wires(place))
    docker = (Listener(address=_DOCKERS, port=40001),) if named else ()
    heard = (Listener(address=_place(each), port=each.port) for each in world.sockets(place))
    return Sandbox(
        interfaces=(Interface(name="lo", address="127.0.0.1", prefix=8), *own),
        nameservers=(_DOCKERS if named else _OUTSIDE,),
        listeners=(*docker, *heard),
    )


def _place(socket: Listen) -> str:
    return "127.0.0.1" if socket.loopback else "0.0.0.0"  # noqa: S104 - what a probe reports, bound by nobody


def _answer(world: World, place: str, question: Question) -> Answer:
    match question:
        case Connect(address=address, port=port):
            return Reached(state=world.connect(place, address, port).state)
        case Lookup(name=name):
            return _found(world, place, name)
        case Exchange(address=address, port=port, request=request):
            return _exchanged(world, world.connect(place, address, port), bytes.fromhex(request))
        case _:
            return Reached(ask="icmp", state="not-observed")


def _found(world: World, place: str, name: str) -> Found:
    found = tuple(world.resolve(place, name))
    if found:
        return Found(ipv4="answered", ipv6="answered", addresses=found)
    return Found(ipv4="nxdomain", ipv6="nxdomain") if world.build.online else Found(ipv4="no-answer", ipv6="no-answer")


def _exchanged(world: World, meeting: Meeting, request: bytes) -> Exchanged:
    if meeting.state != "open":
        return Exchanged(state=meeting.state)
    said = _said(world, meeting.socket, request)
    ending = "eof" if said or not meeting.socket else "deadline"
    return Exchanged.model_validate({"state": "open", "ending": ending, "response": said.hex()})


def _said(world: World, socket: Listen | None, request: bytes) -> bytes:
    """Return what a server says; MongoDB answers to browsers as well, the others only to HTTP."""
    speech = socket.speech if socket else "nothing"
    if socket is None or speech == "nothing":
        return b""
    if speech in ("mongo", "relay") and not request.startswith(b"GET "):
        return b"\x07processId\x00" + bytes([socket.process] * 12) + b"and much more"
    if speech in ("mongo", "relay"):
        return b"It looks like you are trying to access MongoDB over HTTP"
    if not request.startswith(b"GET "):
        return b""
    code, page = _page(world, socket)
    return f"HTTP/1.1 {code} X\r\n\r\n{page}".encode()


def _page(world: World, socket: Listen) -> tuple[int, str]:
    """Return the status and the body of whoever speaks HTTP; nginx passes on what it gets."""
    if socket.speech == "static":
        return 200, "Welcome to nginx"
    if socket.speech == "flask":
        code = world.app_page(socket)
        return code, "The app has its database" if code == 200 else "No luck"
    homes = [world.place(box) for box in world.build.boxes if socket in box.listens]
    behind = next(world.reached_by_name(homes[0], "flask-app", 9090), None)
    return _page(world, behind) if behind and behind.speech in ("flask", "static") else (502, "Bad Gateway")
