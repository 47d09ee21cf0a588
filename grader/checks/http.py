"""A page is served: the chain as a whole works."""

import re
from functools import partial
from typing import ClassVar, Literal

from pydantic import Field

from grader.checks.base import Check, Example, PortNumber
from grader.judging import causes, lodging, outside, requests
from grader.judging.outside import OUTSIDE
from grader.judging.pairs import judge_from_outside, judge_pairs
from grader.judging.scene import Actor, Scene
from grader.judging.sketch import Net, Place, Sketch
from grader.judging.verdict import Part, Unexplained, failed, passed, unknown
from grader.judging.wants import Request, Wants
from grader.models.probe import Exchanged

_RUBRIC = {"role": "web", "port": 80}
_STATUS_LINE = re.compile(rb"^HTTP/1\.[01] ([1-5][0-9]{2})[ \r]")
_GATEWAY_ERRORS = {502: "cannot talk to the server behind it", 504: "waits in vain for the server behind it"}


class HttpCheck(Check):
    """A GET request to the role's port is answered with one of the wanted status codes.

    It is sent within the role's own sandbox, or that of `from`, to the role's own addresses, so a
    port that is not published costs nothing here. What the page says is not judged.
    """

    kind: Literal["http"]
    role: str = Field(description="The role that serves the page.")
    port: PortNumber = Field(default=80, description="Its port.")
    path: str = Field(default="/", pattern=r"^/[!-~]*$", description="The path that is asked for.")
    status: tuple[int, ...] = Field(default=(200,), min_length=1, description="The status codes that are right.")
    source: str | None = Field(
        default=None, alias="from", description="The role that asks, or outside; by default itself."
    )

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
    )

    def headline(self) -> str:
        """Name the role and the path."""
        return f"{self.role} serves {self.path} on port {self.port}"

    def roles(self) -> tuple[str, ...]:
        """Name the one that serves, and the one that asks if it is a role."""
        return (self.role, self.source) if self.source not in (None, OUTSIDE) else (self.role,)

    def wants(self) -> Wants:
        """Want the page asked for."""
        return Wants(
            ports=frozenset({self.port}),
            requests=frozenset({Request(self.port, self.path, self.source is not None)}),
            outside=frozenset({self.role} if self.source == OUTSIDE else ()),
        )

    def stands_on(self, wants: Wants) -> frozenset[str]:
        """Wait for everybody behind the page too."""
        return frozenset(self.roles()).union(*(wants.behind(role) for role in self.roles()))

    def judge(self, scene: Scene) -> list[Part]:
        """Judge the status line of the first address that answers."""
        want = f"HTTP {' or '.join(map(str, self.status))} from {self.role}"
        if self.source == OUTSIDE:
            return judge_from_outside(scene, self.role, want, partial(self._from_outside, scene, want))
        source = self.source or self.role
        return judge_pairs(scene, source, self.role, want, lambda s, t: self._judge(scene, want, s, t))

    def _from_outside(self, scene: Scene, want: str, target: Actor) -> Part:
        spot, ways = outside.spot(target), outside.ways(scene, target, self.port)
        if not ways:
            return failed(want, "no address leads there", outside.closed(scene, target, self.port))
        pages = (requests.http_get(way.address, way.port, self.path) for way in ways)
        best = max((scene.exchange(spot, page) for page in pages), key=_telling)
        if best.state == "not-observed":
            return unknown(want, "the page was not asked for from outside")
        if best.state != "open" or not best.response:
            lost = Unexplained(f"{target.label} is published, but nothing answers outside ({best.state})")
            return failed(want, f"port {self.port}: no answer", causes.deaf(scene, target, self.port) or lost)
        return self._by_code(scene, want, target, best)

    def _judge(self, scene: Scene, want: str, source: Actor, target: Actor) -> Part:
        # A page at loopback alone is seen by nobody, so loopback is not asked.
        addresses = [a for a in scene.addresses_towards(source, target) if not a.startswith("127.")]
        answers = [scene.exchange(source.spot, requests.http_get(a, self.port, self.path)) for a in addresses]
        best = max(answers, key=_telling, default=None)
        if best is None:
            alone = causes.apart(scene, source, target) or lodging.secluded(scene, target)
            return failed(want, "it has no address", alone or f"{target.label} is on no network")
        if best.state == "not-observed":
            return unknown(want, f"the page was not asked for in the sandbox of {source.label}")
        if best.state != "open":
            how = f"port {self.port}: {best.state}"
            fault = causes.nameless(scene, target) or causes.unanswered(scene, source, target, self.port, best.state)
            return failed(want, how, fault)
        return self._by_code(scene, want, target, best)

    def _by_code(self, scene: Scene, want: str, target: Actor, best: Exchanged) -> Part:
        code = status_code(best)
        if code in self.status and (stray := causes.strayed(scene, target.role)):
            return failed(want, f"HTTP {code}, perhaps from another container", stray)
        if code in self.status and (untold := causes.unasked(scene, target.role)):
            return unknown(want, untold)
        if code in self.status:
            return passed(want, f"HTTP {code}")
        return failed(want, _said(code, best), self._fault(scene, target, code, best))

    def _fault(self, scene: Scene, target: Actor, code: int | None, answer: Exchanged) -> str:
        """Return the first fault in the chain behind the role, or else what the answer itself tells."""
        return causes.broken_chain(scene, target.role) or _symptom(target, code, answer)


def _telling(answer: Exchanged) -> tuple[bool, int, bool]:
    return answer.state == "open", len(answer.response), answer.state != "not-observed"


def status_code(answer: Exchanged) -> int | None:
    """Return the status code of an HTTP response, None if it is no HTTP."""
    found = _STATUS_LINE.match(bytes.fromhex(answer.response))
    return int(found[1]) if found else None


def _said(code: int | None, answer: Exchanged) -> str:
    if code:
        return f"HTTP {code}"
    return "an answer that is no HTTP" if answer.response else "no answer in time"


def _symptom(target: Actor, code: int | None, answer: Exchanged) -> Unexplained:
    if code is None:
        return Unexplained(f"{target.label} accepts the connection, but gives {_said(code, answer)}")
    reason = _GATEWAY_ERRORS.get(code)
    return Unexplained(f"{target.label} answers HTTP {code}" + (f": it {reason}" if reason else ""))
