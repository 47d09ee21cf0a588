"""Reports of the flagship exercise, as learners meet them."""

from decimal import Decimal

from grader.models.report import CheckResult, Report, RoleResult
from grader.models.topology import Box, Flow, Lane, Link, Topology

from .flagship import BOXES, FLOWS, LANES, LINKS, PRIVATE, PUBLIC, ROLES, TOPOLOGY, changed, judged, link, report, went


def full_marks() -> Report:
    """Return a report with nothing to mend."""
    return report()


def one_fault() -> Report:
    """Return a report of the flagship's classic: the database is on the public network as well."""
    fault = "mongo is on public-net-1, where it does not belong"
    links = (*LINKS[:3], link("c07b", PUBLIC, "172.18.0.4", "mongo", mark="wrong"), LINKS[3])
    return report(
        changed(
            judged(
                "mongo-attached",
                "failed",
                "on private-net-1 and public-net-1",
                fault,
                score="4",
                expected="not on public-net-1",
                hint="On which networks does the database have to be at all?",
            ),
            judged(
                "mongo-is-private",
                "failed",
                "172.18.0.4 open",
                fault,
                hint="Who shares a network with the database?",
            ),
        ),
        topology=TOPOLOGY.model_copy(update={"links": links, "flows": went(nginx_mongo_port="wrong")}),
    )


def nothing_built() -> Report:
    """Return a report of an empty engine."""
    nets = {name: f"the network {name} does not exist" for name in (PUBLIC, PRIVATE)}
    nobody = {
        role: f"there is no {role} container ({image})"
        for role, image in (
            ("nginx", "image nginx"),
            ("flask", "listens on port 9090"),
            ("mongo", "image mongo"),
        )
    }
    return report(
        changed(
            judged("public-net", "failed", "no such network", nets[PUBLIC], hint="Which command makes a network?"),
            judged(
                "private-net",
                "failed",
                "no such network",
                nets[PRIVATE],
                hint="Which command makes a network?",
            ),
            judged("nginx-attached", "failed", "no nginx", nobody["nginx"]),
            judged("flask-attached", "failed", "no flask", nobody["flask"]),
            judged("mongo-attached", "failed", "no mongo", nobody["mongo"]),
            judged(
                "mongo-image",
                "failed",
                "no mongo",
                nobody["mongo"],
                hint="docker run starts one from an image.",
            ),
            *(
                judged(check, "skipped", f"waits for {needed}", waits_for=(needed,))
                for check, needed in (
                    ("nginx-finds-flask", "nginx-attached"),
                    ("flask-finds-mongo", "flask-attached"),
                    ("nginx-to-flask", "nginx-attached"),
                    ("flask-to-mongo", "flask-attached"),
                    ("mongo-is-private", "mongo-attached"),
                    ("page-works", "nginx-to-flask"),
                )
            ),
            judged("nginx-published", "failed", "no nginx", nobody["nginx"]),
        ),
        roles=dict.fromkeys(ROLES),
        topology=Topology(
            lanes=tuple(Lane(name=name, mark="missing") for name in (PUBLIC, PRIVATE)),
            boxes=tuple(Box(key=f"role:{role}", role=role, container=None, mark="missing") for role in ROLES),
            links=tuple(
                Link(box=f"role:{role}", lane=lane, mark="missing")
                for role, lane in (
                    ("nginx", PUBLIC),
                    ("flask", PUBLIC),
                    ("flask", PRIVATE),
                    ("mongo", PRIVATE),
                )
            ),
            flows=tuple(flow.model_copy(update={"mark": "missing"}) for flow in FLOWS),
        ),
    )


def near_miss() -> Report:
    """Return a report of a database under another name, and of a network called after its compose project."""
    unnamed = "nothing answers to the name mongo on private-net-1: the container is called db and has no alias"
    called = "lab_private-net-1"
    return report(
        changed(
            judged(
                "private-net",
                "failed",
                called,
                f"the network is called {called}, not {PRIVATE}",
                hint=f"In Compose, name: {PRIVATE} under the network keeps the project's name away.",
            ),
            judged(
                "flask-finds-mongo",
                "failed",
                "mongo is unknown",
                unnamed,
                hint="Under which names does Docker's DNS know a container?",
            ),
            judged("page-works", "failed", "HTTP 503", unnamed, expected="HTTP 200"),
        ),
        roles={
            **ROLES,
            "mongo": RoleResult(host="default", container="db", id="c07b", because=("created from the image mongo:7",)),
        },
        topology=Topology(
            lanes=(LANES[0], LANES[1].model_copy(update={"called": called, "mark": "wrong"})),
            boxes=(*BOXES[:2], Box(key="c07b", role="mongo", container="db")),
            links=(*LINKS[:3], link("c07b", PRIVATE, "172.19.0.3", "db")),
            flows=went(flask_mongo_name="missing"),
        ),
    )


def incomplete() -> Report:
    """Return a report of a sandbox that could not be looked into, beside a fault that was seen."""
    why = "no sidecar could be started beside proxy: the engine is out of disk space"
    loopback = "flask (web) listens on 127.0.0.1:9090 only, which nobody outside its sandbox can reach"
    return report(
        changed(
            judged("nginx-finds-flask", "error", why, why),
            judged(
                "nginx-to-flask",
                "failed",
                "172.18.0.3 refused",
                loopback,
                hint="At which address does the program listen?",
                evidence=("web listens on 127.0.0.1:9090",),
            ),
            judged("mongo-is-private", "error", why, why),
            judged("page-works", "skipped", "waits for nginx-to-flask", waits_for=("nginx-to-flask",)),
        ),
        topology=TOPOLOGY.model_copy(
            update={
                "flows": went(nginx_flask_name="unknown", nginx_flask_port="missing", nginx_mongo_port="unknown"),
            }
        ),
        notes=("3 more containers might have played a role and were not looked at: label yours grade.role",),
    )


def stopped() -> Report:
    """Return a report of a database that fell over: the processor has no AVX."""
    fault = (
        "mongo stopped with exit code 132: its program needs a processor with AVX, as MongoDB does "
        "from version 5 on; mongo:4.4 runs without"
    )
    advice = CheckResult(
        id="mongo-healthy",
        kind="container",
        title="mongo is running",
        status="failed",
        score=Decimal(0),
        max_score=Decimal(0),
        expected="running",
        actual="exited (132)",
        cause=fault,
    )
    return report(
        (
            *changed(
                judged("flask-finds-mongo", "failed", "mongo is unknown", fault, hint="docker ps -a shows all."),
                judged("flask-to-mongo", "failed", "it has no address", fault),
                judged("mongo-is-private", "failed", "it accepts from nobody", fault),
                judged("page-works", "failed", "HTTP 503", fault, expected="HTTP 200"),
            ),
            advice,
        ),
        topology=Topology(
            lanes=LANES,
            boxes=(
                *BOXES[:2],
                Box(key="c07b", role="mongo", container="mongo", mark="wrong", note="exited (132)"),
            ),
            links=(*LINKS[:3], Link(box="c07b", lane=PRIVATE)),
            flows=went(flask_mongo_name="missing", flask_mongo_port="missing", nginx_mongo_port="missing"),
        ),
    )


HOSTILE = "\x1b[31m[red]ro\x07le\u202egnp.exe[/red]\r\n:smile: 日本語 é \U0001f600"


NAMES = (
    HOSTILE,
    "<script>document.title = 'taken'</script>",
    '"><img src=x onerror="document.title=\'taken\'">',
    "</style></svg></title>]]>--><h1>taken</h1>",
    "javascript:document.title='taken'",
    "{{ 7 * 7 }}{% raw %}",
    "&lt;b&gt;&#60;b&#62;",
    '`**x**` "]; click c0 href "javascript:alert(1)"\n%%{init: {"theme": "dark"}}%%\n```',
    "end",
    "1. first",
    "- item",
    "\x1b]8;;http://127.0.0.1:9/\x07link\x1b]8;;\x07\x9b2J",
    "\u202eright to left\u202c \u05e9\u05dc\u05d5\u05dd",
    "\u2066\u200bzero\ufeff",
    "[bold red]x[/]",
    "x" * 4096,
    "\U000e0041tag\ud800half",
)
"""Names that do harm where they are taken for more than text."""


def hostile(name: str = HOSTILE) -> Report:
    """Return a report whose names and answers try to take over whatever shows them."""
    long = name * 100
    return report(
        changed(
            judged(
                "page-works",
                "failed",
                long,
                f"{name} is in the way: {long}",
                expected=name,
                hint=name,
            ),
            judged("mongo-image", "error", name),
        ),
        roles={
            **ROLES,
            "flask": RoleResult(host="default", container=long, id="41d8", because=(long, name)),
        },
        topology=Topology(
            lanes=(LANES[0], Lane(name=long, driver=name, mark="extra", note=name)),
            boxes=(
                Box(key="41d8", role="flask", container=long, note=name, published=(long,)),
                Box(key="evil", role=None, container=name, mark="extra"),
            ),
            links=(
                link("41d8", PUBLIC, "172.18.0.3", long, name),
                link("41d8", long, long, mark="extra"),
                link("evil", PUBLIC, name, mark="extra"),
            ),
            flows=(
                Flow(source="flask", target="flask", kind="name", what=long),
                Flow(source=name, target="flask", kind="name", what=name, mark="missing"),
                Flow(source="outside", target="flask", kind="page", what=f"80/{long}", shut=True, mark="wrong"),
                Flow(source="outside", target=long, kind="port", what=name, mark="unknown"),
            ),
        ),
        notes=(name,),
    )


def crowded() -> Report:
    """Return a report of twelve networks and forty containers."""
    lanes = (
        *LANES,
        *(Lane(name=f"net-{n}", driver="bridge", subnets=(f"10.0.{n}.0/24",), mark="extra") for n in range(10)),
    )
    others = [Box(key=f"x{n}", role=None, container=f"other-{n}", mark="extra") for n in range(37)]
    strays = [
        link(box.key, lanes[n % 12].name, f"10.0.{n}.9", f"other-{n}", mark="extra") for n, box in enumerate(others)
    ]
    wide = [link("41d8", lane.name, f"10.0.{n}.2", "web", mark="extra") for n, lane in enumerate(lanes[2:])]
    return report(topology=Topology(lanes=lanes, boxes=(*BOXES, *others), links=(*LINKS, *wide, *strays), flows=FLOWS))


SAMPLES = {
    case.__name__.replace("_", "-"): case
    for case in (full_marks, one_fault, nothing_built, near_miss, incomplete, stopped, hostile, crowded)
}
