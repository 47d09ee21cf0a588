"""The flagship exercise in full marks, and how to spoil it."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal

from grader.models.report import CheckResult, HostRef, Report, RoleResult, RubricRef, Status
from grader.models.topology import Box, Flow, FlowMark, Lane, Link, Mark, Topology

PUBLIC, PRIVATE = "public-net-1", "private-net-1"
PASS_MARK = Decimal(80)


def _passed(id_: str, kind: str, title: str, points: int, expected: str, actual: str) -> CheckResult:
    return CheckResult(
        id=id_,
        kind=kind,
        title=title,
        status="passed",
        score=Decimal(points),
        max_score=Decimal(points),
        expected=expected,
        actual=actual,
    )


CHECKS = tuple(
    CheckResult(
        id=id_,
        kind=kind,
        title=title,
        status="passed",
        score=Decimal(points),
        max_score=Decimal(points),
        expected=expected,
        actual=actual,
    )
    for id_, kind, points, title, expected, actual in (
        ("public-net", "network", 7, "bridge network public-net-1", "named public-net-1", PUBLIC),
        ("private-net", "network", 7, "bridge network private-net-1", "named private-net-1", PRIVATE),
        (
            "nginx-attached",
            "attached",
            8,
            f"nginx on {PUBLIC}, not on {PRIVATE}",
            f"on {PUBLIC}",
            f"on {PUBLIC}",
        ),
        (
            "flask-attached",
            "attached",
            8,
            f"flask on {PUBLIC} and {PRIVATE}",
            f"on {PRIVATE}",
            f"on {PRIVATE}",
        ),
        (
            "mongo-attached",
            "attached",
            8,
            f"mongo on {PRIVATE}, not on {PUBLIC}",
            f"on {PRIVATE}",
            f"on {PRIVATE}",
        ),
        (
            "mongo-image",
            "image",
            5,
            "mongo from the image mongo",
            "created from mongo",
            "created from mongo:7",
        ),
        (
            *("nginx-finds-flask", "resolves", 10, "nginx finds flask by the name flask-app"),
            *("flask-app leads to flask", "flask-app is 172.18.0.3"),
        ),
        (
            *("flask-finds-mongo", "resolves", 10, "flask finds mongo by the name mongo"),
            *("mongo leads to mongo", "mongo is 172.19.0.3"),
        ),
        (
            *("nginx-to-flask", "reaches", 8, "nginx reaches flask on port 9090"),
            *("port 9090 of flask accepts", "172.18.0.3 accepted"),
        ),
        (
            *("flask-to-mongo", "reaches", 8, "flask reaches mongo on port 27017"),
            *("port 27017 of mongo accepts", "172.19.0.3 accepted"),
        ),
        (
            *("mongo-is-private", "unreachable", 12, "nginx cannot reach mongo on port 27017"),
            *("port 27017 of mongo out of reach", "172.19.0.3 kept silent"),
        ),
        (
            *("nginx-published", "publishes", 4, "nginx's port 80 is published"),
            *("published on any host port", "0.0.0.0:8080->80/tcp"),
        ),
        ("page-works", "http", 5, "nginx serves / on port 80", "HTTP 200", "HTTP 200"),
    )
)

ROLES: Mapping[str, RoleResult | None] = {
    "nginx": RoleResult(
        host="default",
        container="proxy",
        id="9f2c41d07a3e",
        because=("created from the image nginx", "listens on port 80"),
    ),
    "flask": RoleResult(host="default", container="web", id="41d8e0c2b6aa", because=("listens on port 9090",)),
    "mongo": RoleResult(
        host="default", container="mongo", id="c07b5a9912fe", because=("created from the image mongo:7",)
    ),
}

LANES = (
    Lane(name=PUBLIC, driver="bridge", subnets=("172.18.0.0/16",)),
    Lane(name=PRIVATE, driver="bridge", subnets=("172.19.0.0/16",)),
)
BOXES = (
    Box(key="9f2c", role="nginx", container="proxy", published=("0.0.0.0:8080->80/tcp", "[::]:8080->80/tcp")),
    Box(key="41d8", role="flask", container="web"),
    Box(key="c07b", role="mongo", container="mongo"),
)


def link(box: str, lane: str, address: str, *names: str, mark: Mark = "right") -> Link:
    """Return a connection with one address."""
    return Link(box=box, lane=lane, mark=mark, addresses=(address,), names=names)


LINKS = (
    link("9f2c", PUBLIC, "172.18.0.2", "proxy"),
    link("41d8", PUBLIC, "172.18.0.3", "flask-app", "web"),
    link("41d8", PRIVATE, "172.19.0.2", "flask-app", "web"),
    link("c07b", PRIVATE, "172.19.0.3", "mongo"),
)
FLOWS = (
    Flow(source="nginx", target="flask", kind="name", what="flask-app"),
    Flow(source="flask", target="mongo", kind="name", what="mongo"),
    Flow(source="nginx", target="flask", kind="port", what="9090"),
    Flow(source="flask", target="mongo", kind="port", what="27017"),
    Flow(source="nginx", target="mongo", kind="port", what="27017", shut=True),
)
TOPOLOGY = Topology(lanes=LANES, boxes=BOXES, links=LINKS, flows=FLOWS)
TARGET = Topology(
    lanes=tuple(Lane(name=name, driver="bridge") for name in (PUBLIC, PRIVATE)),
    boxes=tuple(
        Box(key=f"role:{role}", role=role, container=None, published=ports, planned=True)
        for role, ports in (("nginx", ("any port->80/tcp",)), ("flask", ()), ("mongo", ()))
    ),
    links=(
        Link(box="role:nginx", lane=PUBLIC),
        Link(box="role:flask", lane=PUBLIC, names=("flask-app",)),
        Link(box="role:flask", lane=PRIVATE),
        Link(box="role:mongo", lane=PRIVATE, names=("mongo",)),
    ),
    flows=FLOWS,
)


def went(**marks: FlowMark) -> tuple[Flow, ...]:
    """Return the flagship's ways, of which some went otherwise: `nginx_flask_port` is nginx to a port of flask."""
    return tuple(
        flow.model_copy(update={"mark": marks.get(f"{flow.source}_{flow.target}_{flow.kind}", flow.mark)})
        for flow in FLOWS
    )


def report(
    checks: Sequence[CheckResult] = CHECKS,
    roles: Mapping[str, RoleResult | None] = ROLES,
    topology: Topology = TOPOLOGY,
    notes: tuple[str, ...] = (),
) -> Report:
    """Return the report that adds up to these checks."""
    score = sum((check.score for check in checks), Decimal(0))
    most = sum((check.max_score for check in checks), Decimal(0))
    complete = not any(check.status == "error" and check.max_score for check in checks)
    percent = 100 * score / most if complete and most else None
    return Report(
        exercise="flask-nginx-mongo",
        title="Flask, Nginx, MongoDB",
        rubric=RubricRef(path="rubrics/flask-nginx-mongo.yaml", sha256="e3b0c442" * 8),
        tool_version="1.0.0",
        hosts={"default": HostRef(name="lab-07", engine_version="28.3.2", api_version="1.51", engine_id="3f1c:77")},
        started_at=datetime(2026, 3, 2, 23, 41, 7, tzinfo=UTC),
        duration_s=0.74,
        complete=complete,
        score=score,
        max_score=most,
        percent=None if percent is None else float(percent),
        passed=None if percent is None else percent >= PASS_MARK,
        pass_mark=PASS_MARK,
        roles=dict(roles),
        checks=tuple(checks),
        notes=notes,
        topology=topology,
        target=TARGET,
    )


def changed(*changes: CheckResult) -> tuple[CheckResult, ...]:
    """Return the flagship's checks with some of them judged otherwise."""
    by_id = {check.id: check for check in changes}
    return tuple(by_id.get(check.id, check) for check in CHECKS)


def judged(
    id_: str,
    status: Status,
    actual: str,
    cause: str | None = None,
    *,
    score: str = "0",
    expected: str | None = None,
    hint: str | None = None,
    waits_for: tuple[str, ...] = (),
    evidence: tuple[str, ...] = (),
) -> CheckResult:
    """Return one of the flagship's checks with another outcome."""
    check = next(check for check in CHECKS if check.id == id_)
    news = {
        "status": status,
        "actual": actual,
        "cause": cause,
        "score": Decimal(score),
        "hint": hint,
        "expected": expected or check.expected,
        "waits_for": waits_for,
        "evidence": evidence,
    }
    return check.model_copy(update=news)
