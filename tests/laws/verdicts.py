"""The verdict that a build deserves by the brief of the flagship, read off the build itself.

No evidence, no answers: who is wired to whom decides.
"""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Literal

from tests.laws.model import HOST_KEY, Box, Build, World

if TYPE_CHECKING:
    from collections.abc import Callable

Status = Literal["passed", "failed", "error"]
PUBLIC, PRIVATE = "public-net-1", "private-net-1"


@dataclass(frozen=True, slots=True)
class Verdict:
    """The status and the score of one check."""

    status: Status
    score: Decimal


def verdicts(build: Build) -> dict[str, Verdict]:
    """Return what each check deserves."""
    world = World(build)
    judged: dict[str, tuple[int, Callable[[], Fraction | None]]] = {
        "public-net": (7, lambda: _network(world, PUBLIC)),
        "private-net": (7, lambda: _network(world, PRIVATE)),
        "nginx-attached": (8, lambda: _attached(world, "nginx", (PUBLIC,), (PRIVATE,))),
        "flask-attached": (8, lambda: _attached(world, "flask", (PUBLIC, PRIVATE), ())),
        "mongo-attached": (8, lambda: _attached(world, "mongo", (PRIVATE,), (PUBLIC,))),
        "mongo-image": (5, lambda: _image(build)),
        "nginx-finds-flask": (10, lambda: _finds(world, "nginx", "flask-app", "flask")),
        "flask-finds-mongo": (10, lambda: _finds(world, "flask", "mongo", "mongo")),
        "nginx-to-flask": (8, lambda: _reaches(world, "nginx", "flask", 9090)),
        "flask-to-mongo": (8, lambda: _reaches(world, "flask", "mongo", 27017)),
        "mongo-is-private": (12, lambda: _unreachable(world, "nginx", "mongo", 27017)),
        "nginx-published": (4, lambda: _published(world, "nginx", 80)),
        "page-works": (5, lambda: _page_works(world)),
    }
    return {check: _weighed(points, share()) for check, (points, share) in judged.items()}


def _weighed(points: int, share: Fraction | None) -> Verdict:
    if share is None:
        return Verdict("error", Decimal(0))
    score = Decimal(points) * share.numerator / share.denominator
    return Verdict("passed" if share == 1 else "failed", score.quantize(Decimal("0.01"), ROUND_HALF_UP))


def _stands_for(world: World, wanted: str) -> str | None:
    return next((net.name for net in world.nets if net.meant == wanted), None)


def _network(world: World, wanted: str) -> Fraction:
    net = next((net for net in world.nets if net.meant == wanted), None)
    return Fraction((net.name == wanted) + (net.driver == "bridge"), 2) if net else Fraction(0)


def _attached(world: World, role: str, to: tuple[str, ...], without: tuple[str, ...]) -> Fraction:
    box = world.build.playing(role)
    here = world.joined(box) if box else {}
    joined = sum(_stands_for(world, wanted) in here for wanted in to)
    avoided = sum(_stands_for(world, wanted) not in here for wanted in without) if joined else 0
    return Fraction(joined + avoided, len(to) + len(without))


def _image(build: Build) -> Fraction:
    box = build.playing("mongo")
    return Fraction(bool(box and box.official))


def _at_work(world: World, *roles: str) -> list[Box] | None:
    boxes = [box for role in roles if (box := world.build.playing(role)) and box.state == "running"]
    return boxes if len(boxes) == len(roles) else None


def _finds(world: World, source: str, name: str, target: str) -> Fraction:
    boxes = _at_work(world, source, target)
    if not boxes:
        return Fraction(0)
    place, goal = map(world.place, boxes)
    found = world.resolve(place, name)
    return Fraction(bool(found) and set(found) <= set(world.addresses(goal)))


def _reaches(world: World, source: str, target: str, port: int) -> Fraction:
    boxes = _at_work(world, source, target)
    if not boxes:
        return Fraction(0)
    place, goal = map(world.place, boxes)
    return Fraction(_meets(world, place, goal, port))


def _meets(world: World, place: str, goal: str, port: int) -> bool:
    addresses = [*world.addresses(goal), *(["127.0.0.1"] if place == goal else [])]
    return any(world.connect(place, address, port).state == "open" for address in addresses)


def _unreachable(world: World, source: str, target: str, port: int) -> Fraction | None:
    boxes = _at_work(world, source, target)
    if not boxes:
        return Fraction(0)
    place, goal = map(world.place, boxes)
    if not _serves(world, goal, port) or _meets(world, place, goal, port) or _way_round(world, place, goal, port):
        return Fraction(0)
    if _relayed(world, place, goal, port):
        return Fraction(0)
    return Fraction(1) if _hears_anybody(world, place) else None


def _serves(world: World, place: str, port: int) -> bool:
    """Return whether others could be served at all: a dead service is not a protected one."""
    sockets = [socket for socket in world.sockets(place) if socket.port == port and not socket.loopback]
    return bool(sockets and world.addresses(place))


def _way_round(world: World, place: str, goal: str, port: int) -> bool:
    """Return whether some address of the engine leads to the port in the goal's sandbox."""
    near = [*world.addresses(HOST_KEY), *(["127.0.0.1"] if place == HOST_KEY else [])]
    return any(
        world.connect(place, address, publish.host_port).socket
        for box in world.build.boxes
        if world.place(box) == goal
        for publish in world.bound(box)
        if publish.port == port
        for address in near
        if world.host_ip(publish) in ("", address)
    )


def _relayed(world: World, place: str, goal: str, port: int) -> bool:
    """Return whether somebody whom the place meets on the port, itself or published, meets the goal there."""
    between = {world.place(box) for box in world.build.boxes if box.state == "running"} - {place, goal}
    return any(
        _meets(world, each, goal, port)
        and (_listens_to(world, place, each, port) or _way_round(world, place, each, port))
        for each in between
    )


def _listens_to(world: World, place: str, other: str, port: int) -> bool:
    """Return whether one sandbox meets another's own socket; what Docker holds open on the host is nobody's.

    The host reaches the goal in any case, so that there it has to be the goal's voice.
    """
    if other == HOST_KEY:
        first = next((each for each in world.sockets(HOST_KEY) if each.port == port), None)
        if first is None or first.speech != "relay":
            return False
    return _meets(world, place, other, port)


def _hears_anybody(world: World, place: str) -> bool:
    """Return whether a sandbox that has a network gets an answer from anybody else on it."""
    if place != HOST_KEY and not world.addresses(place):
        return True
    if any(net.bridged for net in world.wires(place).values()):
        return True
    others = {world.place(box) for box in world.build.boxes if box.state == "running"} - {place, HOST_KEY}
    return any(
        world.connect(place, address, 1).state == "refused" for other in others for address in world.addresses(other)
    )


def _published(world: World, role: str, port: int) -> Fraction:
    box = world.build.playing(role)
    return Fraction(bool(box and any(each.port == port for each in world.bound(world.owner(box)))))


def _page_works(world: World) -> Fraction:
    """Return whether nginx has the app's page, and each step to the database is there by name and by address."""
    boxes = _at_work(world, "nginx", "flask", "mongo")
    if not boxes or not _serves(world, world.place(boxes[0]), 80):
        return Fraction(0)
    front, app, _ = map(world.place, boxes)
    heard = [socket for socket in world.sockets(front) if socket.port == 80 and not socket.loopback]
    own = [socket for socket in world.sockets(app) if socket.port == 9090 and not socket.loopback]
    steps = _reaches(world, "nginx", "flask", 9090) and _reaches(world, "flask", "mongo", 27017)
    names = _finds(world, "nginx", "flask-app", "flask") and _finds(world, "flask", "mongo", "mongo")
    speaks = heard[0].speech == "nginx" and world.page(front) == 200 and own[0].speech == "flask"
    return Fraction(bool(steps and names and speaks))
