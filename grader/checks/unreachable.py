"""A container can not connect to a port of another, on no address and no way round.

A failed connection proves nothing by itself. The check passes only when the source could connect to
something else, the target does accept somewhere, every address was tried in vain, and no published
port leads round through the host.
"""

from collections.abc import Sequence
from functools import partial
from typing import ClassVar, Literal

from pydantic import Field

from grader.checks.base import Check, Example, PortNumber
from grader.judging import causes, outside, requests, sandboxes
from grader.judging.names import in_words
from grader.judging.outside import OUTSIDE
from grader.judging.pairs import judge_from_outside, judge_pairs
from grader.judging.scene import Actor, Scene, outside_loopback
from grader.judging.sketch import Net, Place, Sketch
from grader.judging.verdict import Part, Passing, failed, passed, unknown
from grader.judging.wants import Wants
from grader.models.probe import Connect, Echo, Reached
from grader.models.snapshot import Binding

_RUBRIC = {"from": "web", "to": "db", "port": 27017}
_NETS = (Net("a"), Net("b"))
_DB = Place("db", on=("b",), listens=("0.0.0.0:27017",))


class UnreachableCheck(Check):
    """No TCP connection from the source's sandbox gets through to the target's port, by any way."""

    kind: Literal["unreachable"]
    source: str = Field(alias="from", description="The role that must not get through, or outside.")
    target: str = Field(alias="to", description="The role that is to be protected.")
    port: PortNumber | None = Field(default=None, description="The target's port; with `protocol: icmp` there is none.")
    protocol: Literal["tcp", "icmp"] = Field(default="tcp", description="tcp, or icmp for pings.")

    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            "passed",
            "no network in common",
            _RUBRIC,
            Sketch(nets=_NETS, places=(Place("web", on=("a",)), _DB)),
        ),
        Example(
            "failed",
            "a network in common",
            _RUBRIC,
            Sketch(nets=_NETS, places=(Place("web", on=("b",)), _DB)),
        ),
        Example(
            "failed",
            "the target does not listen at all",
            _RUBRIC,
            Sketch(nets=_NETS, places=(Place("web", on=("a",)), Place("db", on=("b",)))),
        ),
        Example(
            "failed",
            "a published port leads round through the host",
            _RUBRIC,
            Sketch(
                nets=_NETS,
                places=(
                    Place("web", on=("a",)),
                    Place("db", on=("b",), listens=("0.0.0.0:27017",), publishes=("0.0.0.0:27017->27017",)),
                ),
            ),
        ),
        Example(
            "passed",
            "a target that has loopback alone",
            {"from": "web", "to": "db", "protocol": "icmp"},
            Sketch(nets=_NETS, places=(Place("web", on=("a",)), Place("db", mode="none"))),
        ),
        Example("failed", "nothing is built", _RUBRIC, Sketch()),
        Example(
            "error",
            "no sidecar looked into the source",
            _RUBRIC,
            Sketch(nets=_NETS, places=(Place("web", on=("a",), blind=True), _DB)),
        ),
        Example(
            "error",
            "nothing at all answers the source",
            _RUBRIC,
            Sketch(nets=_NETS, places=(Place("web", on=("a",), deaf=True), _DB)),
        ),
    )

    def headline(self) -> str:
        """Name both ends and the port."""
        return f"{self.source} cannot reach {self.target}" + (f" on port {self.port}" if self.port else " with a ping")

    def roles(self) -> tuple[str, ...]:
        """Name both ends, as far as they are roles."""
        return (self.target,) if self.source == OUTSIDE else (self.source, self.target)

    def wants(self) -> Wants:
        """Want the port tried, and asked for words through published ports; or pings."""
        if self.port is None:
            return Wants(pings=frozenset({(self.source, self.target)}))
        outsiders = frozenset({self.target} if self.source == OUTSIDE else ())
        return Wants(ports=frozenset({self.port}), outside=outsiders)

    def judge(self, scene: Scene) -> list[Part]:
        """Judge by the five rules, in the order in which a doubt about one spoils the next."""
        want = f"port {self.port} of {self.target} out of reach" if self.port else f"{self.target} out of reach"
        if self.source == OUTSIDE and self.port:
            return judge_from_outside(scene, self.target, want, partial(self._from_outside, scene, want, self.port))
        return judge_pairs(scene, self.source, self.target, want, lambda s, t: self._judge(scene, want, s, t))

    def _from_outside(self, scene: Scene, want: str, port: int, target: Actor) -> Part:
        if part := self._target_accepts(scene, want, target):
            return part
        for way in outside.ways(scene, target, port):
            if outside.is_through(scene, target, way, port):
                place = way.binding.shown if way.binding else way.shown
                fault = f"port {port} of {target.label} is open to everybody at {place}"
                return failed(want, f"{way.shown} answered", fault)
            if outside.said(scene, target, way, port).state == "not-observed":
                return unknown(want, f"{way.shown} was not tried from outside")
        return passed(want, "nothing answered outside")

    def _judge(self, scene: Scene, want: str, source: Actor, target: Actor) -> Part:
        return (
            self._target_accepts(scene, want, target)
            or self._kept_out(scene, want, source, target)
            or self._controlled(scene, want, source)
            or self._no_way_round(scene, want, source, target)
            or passed(want, _silence(scene.addresses_towards(source, target)))
        )

    def _target_accepts(self, scene: Scene, want: str, target: Actor) -> Part | None:
        """Return a part unless the target's port accepts somewhere: a dead service is not a protected one."""
        met_at = [address for address in scene.addresses_towards(target, target) if not address.startswith("127.")]
        states = {scene.state(spot, address, self.port) for spot in scene.spots for address in met_at}
        if "open" in states:
            return None
        if self._has_no_address(scene, target) and ((part := self._by_itself(scene, want, target)) or not self.port):
            return part
        if self.port is None:
            return unknown(want, f"no ping to {target.label} was answered, not even in its own sandbox")
        if fault := causes.deaf(scene, target, self.port):
            return failed(want, "it accepts from nobody", fault)
        if scene.sandbox(target) is None:
            return unknown(want, f"whether {target.label} accepts at all could not be seen: {scene.fault(target)}")
        if "not-observed" in scene.reaches(target, target, self.port).values():
            return unknown(want, f"whether {target.label} accepts at all was not tried in its own sandbox")
        silent = Passing(f"port {self.port} of {target.label} accepts from nobody")
        return failed(want, "it accepts from nobody", silent)

    def _has_no_address(self, scene: Scene, target: Actor) -> bool:
        sandbox = scene.sandbox(target)
        return sandbox is not None and not target.on_host and not outside_loopback(sandbox)

    def _by_itself(self, scene: Scene, want: str, target: Actor) -> Part | None:
        """Return a part unless a target that has loopback alone is meant to have no more."""
        missing = (causes.unattached(scene, target, name) for name in sorted(scene.wants.networks_of(target.role)))
        fault = next(filter(None, missing), None)
        return failed(want, "it has no address", fault) if fault else None

    def _kept_out(self, scene: Scene, want: str, source: Actor, target: Actor) -> Part | None:
        """Return a part unless every address of the target stayed silent; a refusal means that packets arrive."""
        if self.port is None and source.spot == target.spot:
            return failed(want, "they are in one place", causes.together(scene, source, target) or "")
        states = scene.reaches(source, target, self.port)
        through = {address: state for address, state in states.items() if state in ("open", "refused")}
        if through and (fault := causes.together(scene, source, target)):
            return failed(want, causes.how_it_went(through), fault)
        # Engines before 27 let IPv6 through between bridges; where nobody listens, that opens nothing.
        if any(not self._is_deaf_itself(scene, target, address) for address in through):
            return unknown(want, f"this engine does not isolate its networks ({causes.how_it_went(through)})")
        if "not-observed" in states.values():
            return unknown(want, f"not every address of {target.label} was tried from {source.label}")
        return None

    def _is_deaf_itself(self, scene: Scene, target: Actor, address: str) -> bool:
        return scene.state(target.spot, address, self.port) == "refused"

    def _controlled(self, scene: Scene, want: str, source: Actor) -> Part | None:
        """Return a part unless some other connection from the same sandbox got an answer in the same run."""
        seen = scene.observation(source.spot)
        sandbox = seen.sandbox if seen else None
        if seen is None or sandbox is None or not (own := outside_loopback(sandbox)):
            return None
        for asked in seen.asked:
            question, answer = asked.question, asked.answer
            if (
                isinstance(question, Connect | Echo)
                and isinstance(answer, Reached)
                and answer.state in ("open", "refused")
                and question.address not in own
                and not question.address.startswith(("127.", "::1"))
            ):
                return None
        return unknown(want, f"nothing at all answered {source.label}, so its silence proves nothing")

    def _no_way_round(self, scene: Scene, want: str, source: Actor, target: Actor) -> Part | None:
        """Return a part unless every published binding of the port is closed to the source; none carries a ping."""
        for binding in scene.owner(target).published:
            if (binding.port, binding.protocol) != (self.port, "tcp"):
                continue
            for address in sandboxes.ways_in(binding, source.gateways, on_host=source.on_host):
                if part := self._through(scene, want, source, target, binding, address):
                    return part
        return None

    def _through(
        self, scene: Scene, want: str, source: Actor, target: Actor, binding: Binding, address: str
    ) -> Part | None:
        """Return a part if the binding answers; docker-proxy accepts for a closed port, so only words count."""
        if binding.host_port is None:
            return None
        answer = scene.exchange(source.spot, requests.knock(address, binding.host_port, binding.port))
        if answer.response:
            return failed(
                want,
                f"{address}:{binding.host_port} answered",
                f"port {self.port} of {target.label} is published on the host ({binding.shown}), "
                f"which lets {source.label} in round through {address}",
            )
        if answer.state == "not-observed":
            return unknown(want, f"the published port {binding.shown} was not tried from {source.label}")
        if answer.state == "open" and not outside.speaks(scene, target, binding.port):
            return unknown(want, f"{address}:{binding.host_port} accepts, but nobody there says a word")
        return None


def _silence(addresses: Sequence[str]) -> str:
    return f"{in_words(addresses)} kept silent" if addresses else "it has no address that could be tried"
