"""Generated builds: right ones in many dresses, nearly right ones, and wild ones."""

from collections.abc import Callable
from dataclasses import replace

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from grader.models.snapshot import State
from tests.laws.model import DEFAULT_BRIDGE, Box, Build, Join, Listen, Net, Publish

PUBLIC, PRIVATE = "public-net-1", "private-net-1"
ROLES = ("nginx", "flask", "mongo")
PORTS = {"nginx": 80, "flask": 9090, "mongo": 27017}
NAMES = {"nginx": "", "flask": "flask-app", "mongo": "mongo"}
"""The name by which others have to find each role."""
_OFFICIAL = ("mongo", "mongo:7", "docker.io/library/mongo:4.4", "localhost:5000/mongo:6", "sha256:" + "a" * 64)
_FOREIGN = ("bitnami/mongodb:7.0", "example/mongo:7", "mongodb:7", "sha256:" + "b" * 64)
_SLIPS = {
    PUBLIC: ("lab_public-net-1", "Public-Net-1", "publik-net-1", "public_net_1"),
    PRIVATE: ("lab-private-net-1", "PRIVATE-NET-1", "privat-net-1", "private.net.1"),
}
_SERVES = {role: (Listen(PORTS[role], role),) for role in ROLES}  # type: ignore[arg-type]  # roles are speeches
_AT_REST: tuple[State, ...] = ("created", "exited", "paused", "restarting", "dead")

Change = Callable[[DrawFn, Build], Build]


# --- right builds


@st.composite
def right(draw: DrawFn, *, labelled: bool | None = None) -> Build:
    """Return a build that deserves full marks, named and dressed in one of many ways."""
    boxes = [_nginx(draw), _flask(draw), _mongo(draw), *draw(st.lists(_bystander(), max_size=2))]
    return Build(
        nets=tuple(draw(st.permutations([Net(PUBLIC, PUBLIC), Net(PRIVATE, PRIVATE), Net("shop")]))),
        boxes=tuple(draw(st.permutations(_told_apart(boxes)))),
        labelled=draw(st.booleans()) if labelled is None else labelled,
        online=draw(st.booleans()),
    )


def _told_apart(boxes: list[Box]) -> list[Box]:
    """Return the same boxes with the keys and names of bystanders made unique."""
    return [box if box.role else replace(box, key=f"other-{n}", name=f"{box.name}-{n}") for n, box in enumerate(boxes)]


def _nginx(draw: DrawFn) -> Box:
    at = draw(st.sampled_from(["", "127.0.0.1", f"@{PUBLIC}"]))
    return Box(
        key="nginx",
        name=draw(st.sampled_from(["nginx", "front", "lab-nginx-1"])),
        role="nginx",
        image=draw(st.sampled_from(["lab/nginx", "nginx:1.27", "sha256:" + "c" * 64])),
        joins=(Join(PUBLIC),),
        listens=_SERVES["nginx"],
        publishes=(Publish(80, draw(st.sampled_from([8080, 80])), at),),
        exposes=(80,),
    )


def _flask(draw: DrawFn) -> Box:
    name, aliases = _called(draw, "flask-app", ["web", "flask", "lab-flask-1"])
    joins = draw(st.permutations([Join(PUBLIC, aliases), Join(PRIVATE, draw(st.sampled_from([(), aliases])))]))
    image = draw(st.sampled_from(["lab/flask-app", "my-app"]))
    return Box("flask", name, "flask", image, joins=tuple(joins), listens=_SERVES["flask"])


def _mongo(draw: DrawFn) -> Box:
    name, aliases = _called(draw, "mongo", ["db", "lab-mongo-1"])
    publishes = draw(st.sampled_from([(), (Publish(27017, 27017, "127.0.0.1"),)]))
    return Box(
        key="mongo",
        name=name,
        role="mongo",
        image=draw(st.sampled_from(_OFFICIAL)),
        official=True,
        joins=(Join(PRIVATE, aliases),),
        listens=_SERVES["mongo"],
        publishes=publishes,
        exposes=(27017,),
    )


def _called(draw: DrawFn, wanted: str, others: list[str]) -> tuple[str, tuple[str, ...]]:
    """Return a name and aliases, with the wanted name among them."""
    name = draw(st.sampled_from([wanted, *others]))
    return name, () if name == wanted and draw(st.booleans()) else (wanted,)


@st.composite
def _bystander(draw: DrawFn) -> Box:
    """Return a container that disturbs nobody."""
    net = draw(st.sampled_from([DEFAULT_BRIDGE, "shop", PUBLIC, PRIVATE]))
    listens = (Listen(draw(st.sampled_from([5000, 8000]))),)
    state: State = draw(st.sampled_from(["running", "exited", "paused"]))
    return Box("other", draw(st.sampled_from(["squatter", "cache"])), joins=(Join(net),), listens=listens, state=state)


# --- changes


def change(build: Build, key: str, **values: object) -> Build:
    """Return the build with one box changed."""
    return replace(build, boxes=tuple(replace(b, **values) if b.key == key else b for b in build.boxes))  # type: ignore[arg-type]


def present(build: Build) -> list[Box]:
    """Return the boxes that were made for a role."""
    return [box for box in build.boxes if box.role]


def _some(draw: DrawFn, build: Build) -> Box:
    return draw(st.sampled_from(present(build)))


def leave(draw: DrawFn, build: Build) -> Build:
    """Take a role's box off one of its networks."""
    box = _some(draw, build)
    if not box.joins:
        return build
    gone = draw(st.sampled_from(box.joins))
    return change(build, box.key, joins=tuple(join for join in box.joins if join is not gone))


def join(draw: DrawFn, build: Build) -> Build:
    """Connect a role's box to one more network."""
    box = _some(draw, build)
    net = draw(st.sampled_from([DEFAULT_BRIDGE, *(net.name for net in build.nets)]))
    if net in {each.net for each in box.joins}:
        return build
    aliases = draw(st.sampled_from([(), (NAMES[box.role] or "front",), ("mongo",), ("flask-app",)]))
    return change(build, box.key, joins=(*box.joins, Join(net, aliases)))


def rest(draw: DrawFn, build: Build) -> Build:
    """Let a role's box not run."""
    return change(build, _some(draw, build).key, state=draw(st.sampled_from(_AT_REST)))


def fall_silent(draw: DrawFn, build: Build) -> Build:
    """Let a role's box listen at loopback only, on another port, or not at all."""
    box = _some(draw, build)
    port = PORTS[box.role]
    elsewhere = draw(st.sampled_from([(), (Listen(port, loopback=True),), (Listen(5000),), (Listen(port),)]))
    return change(build, box.key, listens=elsewhere)


def lose_names(draw: DrawFn, build: Build) -> Build:
    """Give a role's box another name and no alias."""
    box = _some(draw, build)
    joins = tuple(Join(each.net) for each in box.joins)
    return change(build, box.key, name=f"{box.role}-{draw(st.integers(1, 3))}-{box.key}", joins=joins)


def vanish(draw: DrawFn, build: Build) -> Build:
    """Remove a role's box."""
    box = _some(draw, build)
    return build if len(present(build)) == 1 else replace(build, boxes=tuple(b for b in build.boxes if b is not box))


def move(draw: DrawFn, build: Build) -> Build:
    """Put a role's box on the host's network, on none, or into the sandbox of another box."""
    box = _some(draw, build)
    if any(each.mode == f"in:{box.key}" for each in build.boxes):
        return build
    hosts = [each.key for each in build.boxes if each.key != box.key and each.up and not each.mode]
    mode = draw(st.sampled_from(["host", "none", *(f"in:{key}" for key in hosts)]))
    return change(build, box.key, mode=mode, joins=(), publishes=())


def alter_net(draw: DrawFn, build: Build) -> Build:
    """Change the driver or an option of a network."""
    if not build.nets:
        return build
    net = draw(st.sampled_from(build.nets))
    other = draw(
        st.sampled_from(
            [replace(net, icc=False), replace(net, internal=True), replace(net, driver="macvlan", icc=True)]
        )
    )
    return replace(build, nets=tuple(other if each is net else each for each in build.nets))


def misname_net(draw: DrawFn, build: Build) -> Build:
    """Give a network a name that is nearly right."""
    nets = [net for net in build.nets if net.name in _SLIPS]
    if not nets:
        return build
    net = draw(st.sampled_from(nets))
    name = draw(st.sampled_from(_SLIPS[net.name]))
    boxes = (
        replace(b, joins=tuple(replace(j, net=name if j.net == net.name else j.net) for j in b.joins))
        for b in build.boxes
    )
    boxes = (
        replace(b, publishes=tuple(replace(p, at=p.at.replace(net.name, name)) for p in b.publishes)) for b in boxes
    )
    nets = [replace(each, name=name) if each is net else each for each in build.nets]
    return replace(build, nets=tuple(nets), boxes=tuple(boxes))


def remove_net(draw: DrawFn, build: Build) -> Build:
    """Remove a network, and with it everybody's connection to it."""
    if not build.nets:
        return build
    net = draw(st.sampled_from(build.nets))
    boxes = (
        replace(
            box,
            joins=tuple(each for each in box.joins if each.net != net.name),
            publishes=tuple(each for each in box.publishes if each.at != f"@{net.name}"),
        )
        for box in build.boxes
    )
    return replace(build, nets=tuple(each for each in build.nets if each is not net), boxes=tuple(boxes))


def publish(draw: DrawFn, build: Build) -> Build:
    """Publish a role's port anew, or no longer."""
    box = _some(draw, build)
    if box.mode:
        return build
    at = draw(st.sampled_from(["", "127.0.0.1", *(f"@{net.name}" for net in build.nets if net.bridged)]))
    port = draw(st.sampled_from([PORTS[box.role], 4444]))
    new = (Publish(port, 20000 + PORTS[box.role] % 1000, at),)
    return change(build, box.key, publishes=draw(st.sampled_from([(), new])))


def open_up(draw: DrawFn, build: Build) -> Build:
    """Publish the database where other containers find it."""
    box = build.playing("mongo")
    if not box or box.mode:
        return build
    at = draw(st.sampled_from(["", *(f"@{net.name}" for net in build.nets if net.bridged)]))
    return change(build, box.key, publishes=(Publish(27017, draw(st.sampled_from([27017, 5000])), at),))


def swap_image(draw: DrawFn, build: Build) -> Build:
    """Make the database from somebody else's image."""
    return change(build, "mongo", image=draw(st.sampled_from(_FOREIGN)), official=False)


def lose_configuration(draw: DrawFn, build: Build) -> Build:  # noqa: ARG001 - a change like the others
    """Let nginx have a page of its own."""
    return change(build, "nginx", listens=(Listen(80, "static"),))


def relay(draw: DrawFn, build: Build) -> Build:
    """Add a box that listens on the database's port, on two networks or on the host's.

    On the host it is a relay or another database, which is heard; anywhere else nobody looks at what it does.
    """
    names = [DEFAULT_BRIDGE, *(net.name for net in build.nets)]
    joins = draw(st.lists(st.sampled_from(names), unique=True, min_size=1, max_size=3))
    mode = draw(st.sampled_from(["", "", "", "host"]))
    count = len(build.boxes)
    box = Box(
        key=f"relay-{count}",
        name=f"relay-{count}",
        joins=() if mode else tuple(Join(name) for name in joins),
        mode=mode,
        listens=(draw(st.sampled_from([Listen(27017, "relay"), Listen(27017, "mongo", process=count)])),),
        publishes=draw(st.sampled_from([(), () if mode else (Publish(27017, 6000 + count),)])),
    )
    return replace(build, boxes=(*build.boxes, box))


def decoy(draw: DrawFn, build: Build) -> Build:
    """Add a box that bears a name, or listens on a port, of a role's."""
    role = draw(st.sampled_from(ROLES))
    count = len(build.boxes)
    names = [net.name for net in build.nets] or [DEFAULT_BRIDGE]
    alias = draw(st.sampled_from([(), (NAMES[role] or "front",)]))
    box = Box(
        key=f"decoy-{count}",
        name=f"decoy-{count}",
        image=draw(st.sampled_from(["busybox", "mongo:7", "lab/nginx"])),
        joins=(Join(draw(st.sampled_from(names)), alias),),
        listens=draw(st.sampled_from([(), (Listen(PORTS[role]),), (Listen(PORTS[role], "static"),)])),
        state=draw(st.sampled_from(["running", "exited"])),
    )
    return replace(build, boxes=(*build.boxes, box))


CHANGES: tuple[Change, ...] = (
    leave, join, rest, fall_silent, lose_names, vanish, move, alter_net, misname_net, remove_net, publish,
    open_up,
    swap_image, decoy, relay, lose_configuration,
)  # fmt: skip


@st.composite
def nearly_right(draw: DrawFn, *, labelled: bool | None = None, most: int = 4) -> Build:
    """Return a right build with a few changes, not all of which are faults."""
    build = draw(right(labelled=labelled))
    for _ in range(draw(st.integers(0, most))):
        build = settled(draw(st.sampled_from(CHANGES))(draw, build))
    return build


def settled(build: Build) -> Build:
    """Return what an engine would make of it: nobody runs in the sandbox of a box that does not."""
    up = {box.key for box in build.boxes if box.up}
    boxes = (
        replace(box, state="exited") if box.mode.startswith("in:") and box.mode.removeprefix("in:") not in up else box
        for box in build.boxes
    )
    return _without_clashes(replace(build, boxes=tuple(boxes)))


def _without_clashes(build: Build) -> Build:
    """Return the build without published ports that the engine would refuse beside those of the host's network."""
    taken = {each.port for box in build.boxes if box.mode == "host" for each in box.listens}
    boxes = (
        replace(box, publishes=tuple(each for each in box.publishes if each.host_port not in taken))
        for box in build.boxes
    )
    return replace(build, boxes=tuple(boxes))


@st.composite
def moved(draw: DrawFn) -> Build:
    """Return a right build of which one container has no sandbox of its own."""
    return settled(move(draw, draw(right(labelled=True))))


@st.composite
def relayed(draw: DrawFn) -> Build:
    """Return a right build with containers that may stand between nginx and the database."""
    build = draw(right(labelled=True))
    for _ in range(draw(st.integers(1, 2))):
        build = settled(relay(draw, build))
    return build


@st.composite
def wild(draw: DrawFn, *, labelled: bool | None = None) -> Build:
    """Return a build in which nothing is where it belongs, unless by chance."""
    nets = tuple(
        Net(name, name if name != "shop" else None, draw(st.sampled_from(["bridge", "bridge", "macvlan"])))
        for name in (PUBLIC, PRIVATE, "shop")
        if draw(st.integers(0, 9))
    )
    nets = tuple(
        replace(net, icc=draw(st.booleans()) or not net.bridged, internal=draw(st.integers(0, 3)) == 0) for net in nets
    )
    boxes = [_wild_box(draw, role, nets) for role in ROLES]
    label = draw(st.booleans()) if labelled is None else labelled
    build = settled(Build(nets, tuple(boxes), label, draw(st.booleans())))
    for _ in range(draw(st.integers(0, 3))):
        build = settled(draw(st.sampled_from([move, decoy, relay, rest, publish, alter_net]))(draw, build))
    return build


def _wild_box(draw: DrawFn, role: str, nets: tuple[Net, ...]) -> Box:
    names = [DEFAULT_BRIDGE, *(net.name for net in nets)]
    chosen = draw(st.lists(st.sampled_from(names), unique=True, max_size=3))
    aliases = st.sampled_from([(), ("flask-app",), ("mongo",), ("flask-app", "mongo")])
    heard = st.builds(Listen, st.sampled_from([80, 9090, 27017]), st.just("nothing"), st.booleans())
    image = draw(st.sampled_from(_OFFICIAL + _FOREIGN)) if role == "mongo" else f"lab/{role}"
    return Box(
        key=role,
        name=draw(st.sampled_from([role, f"my-{role}"])),
        role=role,
        image=image,
        official=image in _OFFICIAL,
        joins=tuple(Join(name, draw(aliases)) for name in chosen),
        listens=tuple(draw(st.lists(heard, max_size=2, unique_by=lambda each: each.port))),
    )


def any_build(*, labelled: bool | None = None) -> SearchStrategy[Build]:
    """Return nearly right builds for the most part."""
    usual = nearly_right(labelled=labelled)
    return st.one_of(usual, usual, usual, wild(labelled=labelled))
