"""A page is served: the chain as a whole works."""

from dataclasses import replace
from functools import partial
from typing import ClassVar, Literal

from pydantic import Field

from grader.checks.base import Check, Example, PortNumber
from grader.judging import byhand, causes, chains, lodging, outside, pages, ports, requests
from grader.judging.outside import OUTSIDE
from grader.judging.pairs import judge_from_outside, judge_pairs
from grader.judging.scene import Actor, Scene
from grader.judging.sketch import Net, Place, Sketch
from grader.judging.states import DEAF, IDLE, UNPUBLISHED, State
from grader.judging.verdict import Cause, Part, Unexplained, failed, passed, unknown
from grader.judging.wants import Request, Wants
from grader.models.base import Frozen
from grader.models.probe import Exchanged

_RUBRIC = {"role": "web", "port": 80}
_OUTSIDE = _RUBRIC | {"from": "outside"}
_NGINX = Place("web", image="nginx", listens=("0.0.0.0:80",), http=200, server="nginx/1.27.0")
_ON_HOST = replace(_NGINX, mode="host")
_GATEWAY_ERRORS = {502: "cannot talk to the server behind it", 504: "waits in vain for the server behind it"}
_CHAIN = {**_RUBRIC, "through": [{"role": "app", "port": 9090}]}


def _served(page: str, on: tuple[str, ...] = ("a",), *, blind: bool = False) -> Sketch:
    """Return a server that answers with this page, and behind it an app with one of its own."""
    web = Place("web", on=("a",), listens=("0.0.0.0:80",), http=200, page=page)
    app = Place("app", on=on, listens=("0.0.0.0:9090",), http=200, page="<h1>It works</h1> 6", blind=blind)
    return Sketch(nets=(Net("a"), Net("b")), places=(web, app))


class Step(Frozen):
    """One server of those that a page goes through."""

    role: str = Field(description="The role that serves.", examples=["app"])
    port: PortNumber = Field(description="The port on which the one before meets it.", examples=[9090])


def _published(*bindings: str) -> Sketch:
    return Sketch(nets=(Net("a"),), places=(replace(_NGINX, on=("a",), publishes=bindings),))


class HttpCheck(Check):
    """A GET request to the role's port is answered with one of the wanted status codes.

    It is sent within the role's own sandbox, or that of `from`, to the role's own addresses, so a
    port that is not published costs nothing here. With `through`, the page has to be that of the first
    server behind the role, and each of them has to reach the next.
    """

    kind: Literal["http"]
    role: str = Field(description="The role that serves the page.")
    port: PortNumber = Field(default=80, description="Its port.")
    path: str = Field(
        default="/", pattern=r"^/[!-~]*$", description="The path that is asked for.", examples=["/health"]
    )
    status: tuple[int, ...] = Field(
        default=(200,), min_length=1, description="The status codes that are right.", examples=[[200, 302]]
    )
    server: str | None = Field(
        default=None, description="What its Server header begins with, such as nginx, where others may answer for it."
    )
    source: str | None = Field(
        default=None, alias="from", description="The role that asks, or outside; by default itself."
    )
    through: tuple[Step, ...] = Field(default=(), description="The servers behind the page, nearest first.")

    concept: ClassVar[str] = (
        "A page is the work of a whole chain: the server, the names that it looks up, the ports that it connects "
        "to, and whoever stands behind. 502 comes from a proxy that cannot talk to the server behind it, 504 from "
        "one that waits in vain, 500 and 503 from the program itself. Mend the first broken link, and those behind "
        "it often mend themselves."
    )
    states: ClassVar[tuple[State, ...]] = (*IDLE, *DEAF, *UNPUBLISHED, "http-error", "other-page", "stale")
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            "passed",
            "it answers 200",
            _RUBRIC,
            Sketch(nets=(Net("a"),), places=(Place("web", on=("a",), listens=("0.0.0.0:80",), http=200),)),
        ),
        Example(
            "failed",
            "it answers 502",
            _RUBRIC,
            Sketch(nets=(Net("a"),), places=(Place("web", on=("a",), listens=("0.0.0.0:80",), http=502),)),
        ),
        Example(
            "failed",
            "it accepts and answers garbage",
            _RUBRIC,
            Sketch(nets=(Net("a"),), places=(Place("web", on=("a",), listens=("0.0.0.0:80",)),)),
        ),
        Example("passed", "it answers with the page of the server behind it", _CHAIN, _served("<h1>It works</h1> 7")),
        Example("failed", "it answers with a page of its own", _CHAIN, _served("Welcome to this server")),
        Example("failed", "the server behind it is out of reach", _CHAIN, _served("<h1>It works</h1>", on=("b",))),
        Example("error", "nobody looked into the server behind it", _CHAIN, _served("<h1>It works</h1>", blind=True)),
        Example("failed", "nobody listens", _RUBRIC, Sketch(nets=(Net("a"),), places=(Place("web", on=("a",)),))),
        Example(
            "error",
            "no sidecar looked into it",
            _RUBRIC,
            Sketch(
                nets=(Net("a"),),
                places=(Place("web", on=("a",), listens=("0.0.0.0:80",), http=200, blind=True),),
            ),
        ),
        Example("passed", "outside, published", _OUTSIDE, _published("0.0.0.0:8080->80")),
        Example("failed", "outside, published on loopback only", _OUTSIDE, _published("127.0.0.1:8080->80")),
        Example(
            "failed",
            "outside, published, but nobody listens",
            _OUTSIDE,
            Sketch(nets=(Net("a"),), places=(Place("web", on=("a",), publishes=("0.0.0.0:8080->80",)),)),
        ),
        Example("error", "outside, no sidecar looked there", _OUTSIDE, replace(_published(), blind=True)),
        Example("passed", "the server that is wanted", _RUBRIC | {"server": "nginx"}, _published()),
        Example("failed", "another server", _RUBRIC | {"server": "apache"}, _published()),
        Example(
            "passed",
            "outside, on the host's network beside one who is no such server",
            _OUTSIDE | {"server": "nginx"},
            Sketch(nets=(Net("a"),), places=(_ON_HOST, Place("other", mode="host"))),
        ),
        Example(
            "error",
            "outside, on the host's network beside one of its kind",
            _OUTSIDE | {"server": "nginx"},
            Sketch(nets=(Net("a"),), places=(_ON_HOST, Place("other", mode="host", image="nginx:1.27"))),
        ),
    )

    def headline(self) -> str:
        """Name the role and the path."""
        return f"{self.role} serves {self.path} on port {self.port}"

    def roles(self) -> tuple[str, ...]:
        """Name the one that serves, the one that asks if it is a role, and those behind."""
        asks = (self.source,) if self.source and self.source != OUTSIDE else ()
        return (self.role, *asks, *(step.role for step in self.through))

    def wants(self) -> Wants:
        """Want the page asked for, and that of the first server behind it."""
        asked = {Request(self.port, self.path, self.source is not None)}
        return Wants(
            ports=frozenset({self.port, *(step.port for step in self.through)}),
            edges=frozenset(self._links()),
            requests=frozenset(asked | {Request(step.port, self.path) for step in self.through[:1]}),
            outside=frozenset({self.role} if self.source == OUTSIDE else ()),
        )

    def _links(self) -> list[tuple[str, str, int]]:
        starts = (self.role, *(step.role for step in self.through))
        return [(start, step.role, step.port) for start, step in zip(starts, self.through, strict=False)]

    def stands_on(self, wants: Wants) -> frozenset[str]:
        """Wait for everybody behind the page too."""
        return frozenset(self.roles()).union(*(wants.behind(role) for role in self.roles()))

    def by_hand(self, scene: Scene) -> str:
        """Ask for the page."""
        if self.source == OUTSIDE:
            return byhand.from_outside(scene, self.role)
        served_by = byhand.actor(scene, self.role)
        address = next(iter(served_by.addresses), "127.0.0.1") if served_by else ""
        return byhand.inside(scene, self.source or self.role, f"wget -S -O - http://{address}:{self.port}{self.path}")

    def judge(self, scene: Scene) -> list[Part]:
        """Judge the address that tells most, and whose page it is that it answers with."""
        want = f"HTTP {' or '.join(map(str, self.status))} from {self.role}"
        if self.source == OUTSIDE:
            return judge_from_outside(scene, self.role, want, partial(self._from_outside, scene, want))
        source = self.source or self.role
        return judge_pairs(scene, source, self.role, want, lambda s, t: self._judge(scene, want, s, t))

    def _from_outside(self, scene: Scene, want: str, target: Actor) -> Part:
        spot, ways = outside.spot(target), outside.ways(scene, target, self.port)
        if not ways and (lan := outside.beside(scene, target)):
            return unknown(want, f"{target.label} is met on {lan}, where the engine's own host cannot look")
        if not ways:
            return failed(want, "no address leads there", outside.closed(scene, target, self.port))
        asked = {way: scene.exchange(spot, requests.http_get(way.address, way.port, self.path)) for way in ways}
        way, best = max(asked.items(), key=lambda item: _telling(item[1]))
        if best.state == "not-observed":
            return unknown(want, "the page was not asked for from outside")
        if best.state != "open" or not best.response:
            lost = Unexplained(f"{target.label} is published, but nothing answers outside ({best.state})", "lost")
            return failed(want, f"port {self.port}: no answer", ports.deaf(scene, target, self.port) or lost)
        if not self._is_servers(best):
            return self._by_code(scene, want, target, best)
        stolen = outside.stolen(scene, want, target, [way], known_by_words=self.server is not None)
        return stolen or self._by_code(scene, want, target, best)

    def _judge(self, scene: Scene, want: str, source: Actor, target: Actor) -> Part:
        best = self._answer(scene, source, target, self.port)
        if best is None:
            alone = causes.apart(scene, source, target) or lodging.secluded(scene, target)
            return failed(want, "it has no address", alone or causes.adrift(scene, target))
        if best.state == "not-observed":
            return unknown(want, f"the page was not asked for in the sandbox of {source.label}")
        if best.state != "open":
            how = f"port {self.port}: {best.state}"
            fault = causes.nameless(scene, target) or ports.unanswered(scene, source, target, self.port, best.state)
            return failed(want, how, fault)
        return self._by_code(scene, want, target, best)

    def _by_code(self, scene: Scene, want: str, target: Actor, best: Exchanged) -> Part:
        code = pages.status_code(best)
        if code not in self.status:
            return failed(want, pages.said(best), self._fault(scene, target, best))
        return (
            self._borrowed(scene, want, target)
            or self._foreign(want, best)
            or self._own(scene, want, target, best)
            or passed(want, f"HTTP {code}")
        )

    def _foreign(self, want: str, page: Exchanged) -> Part | None:
        """Return a part if the page says that it comes from another server than is wanted."""
        if self._is_servers(page):
            return None
        actual = f"{pages.said(page)} from {pages.server_of(page) or 'an unnamed server'}"
        fault = Cause(f"who answers on port {self.port} is not {self.server}: {actual}", "other-page")
        return failed(want, actual, fault)

    def _is_servers(self, answer: Exchanged) -> bool:
        return self.server is None or pages.server_of(answer).lower().startswith(self.server.lower())

    def _answer(self, scene: Scene, source: Actor, target: Actor, port: int) -> Exchanged | None:
        """Return what tells most of what the target's addresses answered; None if it has none."""
        # A page at loopback alone is seen by nobody, so loopback is not asked.
        addresses = [a for a in scene.addresses_towards(source, target) if not a.startswith("127.")]
        answers = [scene.exchange(source.spot, requests.http_get(a, port, self.path)) for a in addresses]
        return max(answers, key=_telling, default=None)

    def _borrowed(self, scene: Scene, want: str, target: Actor) -> Part | None:
        """Return a part if others than those who should have had a hand in the page may have made it."""
        for start, end, port in self._links():
            if fault := causes.idle(scene, end) or chains.unreached(scene, start, end, port):
                return failed(want, f"a page, although {start} does not reach {end}", fault)
        if stray := chains.strayed(scene, target.role):
            return failed(want, "a page, perhaps from another container", stray)
        if untold := chains.unasked(scene, target.role):
            return unknown(want, untold)
        for start, end, port in self._links():
            if not chains.meets(scene, start, end, port):
                return unknown(want, f"whose page it is cannot be told: {end} was not tried from {start}")
        return None

    def _own(self, scene: Scene, want: str, target: Actor, page: Exchanged) -> Part | None:
        """Return a part unless the page is that of the server behind it."""
        if not self.through:
            return None
        actors = scene.role(self.through[0].role).actors
        answers = [self._answer(scene, actor, actor, self.through[0].port) for actor in actors]
        if any(answer and pages.same(page, answer) for answer in answers):
            return None
        if any(answer is None or answer.state == "not-observed" for answer in answers):
            return unknown(want, f"whose page it is cannot be told: {actors[0].label} was not asked for its own")
        fault = (
            f"{target.label} answers, but not with the page of {actors[0].label}: "
            "is its configuration the one that passes requests on?"
        )
        return failed(want, "another page", Unexplained(fault, "other-page"))

    def _fault(self, scene: Scene, target: Actor, answer: Exchanged) -> Cause:
        """Return the first fault in the chain behind the role, or else what the answers themselves tell."""
        return (
            chains.broken_chain(scene, target.role)
            or chains.strayed(scene, target.role)
            or self._trouble_behind(scene, target, answer)
            or _symptom(target, answer)
        )

    def _trouble_behind(self, scene: Scene, target: Actor, said: Exchanged) -> Unexplained | None:
        """Return what the first server behind the role says when it is asked itself, or that it was asked elsewhere."""
        actors = scene.role(self.through[0].role).actors if self.through else ()
        for actor in actors:
            answer = self._answer(scene, actor, actor, self.through[0].port)
            if answer and answer.state == "open" and pages.status_code(answer) not in self.status:
                return _symptom(actor, answer)
        late = next((actor for actor in actors if _is_younger(actor, target)), None)
        if late is None:
            return _asked_elsewhere(target, actors[0], said) if actors else None
        told = f"{target.label} was started before {late.label} and may still use an address from that time"
        again = f"docker restart {target.container.name} makes it look the name up again"
        return Unexplained(f"{told}: {again}", "stale")


def _telling(answer: Exchanged) -> tuple[bool, int, bool]:
    return answer.state == "open", len(answer.response), answer.state != "not-observed"


def _is_younger(one: Actor, other: Actor) -> bool:
    ages = one.container.started_at, other.container.started_at
    return ages[0] is not None and ages[1] is not None and ages[0] > ages[1]


def _asked_elsewhere(target: Actor, behind: Actor, answer: Exchanged) -> Unexplained | None:
    """Return that a gateway found nobody, while who is behind it answers: it asked another port, or an old address."""
    if pages.status_code(answer) not in _GATEWAY_ERRORS:
        return None
    name, server = target.container.name, behind.container.name
    told = f"{_failing(target, answer)}, while {server} answers: docker logs {name} tells which address it asked"
    again = f"if {server} has another one by now, docker restart {name} makes it look again"
    return Unexplained(f"{told}; {again}", "http-error")


def _failing(target: Actor, answer: Exchanged) -> str:
    code = pages.status_code(answer)
    return f"{target.label} answers HTTP {code}" + (f" (it {_GATEWAY_ERRORS[code]})" if code in _GATEWAY_ERRORS else "")


def _symptom(target: Actor, answer: Exchanged) -> Unexplained:
    code = pages.status_code(answer)
    if code is None:
        return Unexplained(f"{target.label} accepts the connection, but gives {pages.said(answer)}", "http-error")
    return Unexplained(f"{_failing(target, answer)}: docker logs {target.container.name} tells why", "http-error")
