"""Whether one role is kept out by another: what `unreachable` judges, and every closed pair of a matrix.

A failed connection proves nothing by itself. It counts only when the source could connect to something else, the
target does accept somewhere, every address was tried in vain, no published port leads round through the host, and
nobody stands between the two.
"""

from functools import partial

from grader.judging import causes, outside, ports, requests, sandboxes
from grader.judging.names import in_words
from grader.judging.outside import OUTSIDE
from grader.judging.pairs import judge_from_outside, judge_pairs
from grader.judging.relays import relays, way
from grader.judging.scene import Actor, Scene, outside_loopback
from grader.judging.verdict import Cause, Part, Passing, failed, passed, unknown
from grader.models.probe import Connect, Echo, Reached
from grader.models.snapshot import Binding

FROM_NOBODY = "it accepts from nobody"
"""What is said of a target that is as good as dead: it is not open either."""


class Blame:
    """How it is told that somebody gets in who should not; a matrix has a wider view and tells it otherwise."""

    def meeting(self, scene: Scene, source: Actor, target: Actor) -> Cause | None:
        """Return why two actors that should be apart can meet."""
        return causes.together(scene, source, target)

    def way_round(self, source: Actor, target: Actor, binding: Binding, address: str) -> Cause:
        """Return which published port lets the source in."""
        told = f"port {binding.port} of {target.label} is published on the host ({binding.shown})"
        return Cause(f"{told}, which lets {source.label} in round through {address}", "way-round")


def judge_shut(
    scene: Scene, source: str, target: str, port: int | None, want: str, blame: Blame | None = None
) -> list[Part]:
    """Judge by the six rules, in the order in which a doubt about one spoils the next."""
    if source == OUTSIDE and port:
        return judge_from_outside(scene, target, want, partial(_from_outside, scene, want, port))
    edge = _Edge(scene, want, port, blame or Blame())
    return judge_pairs(scene, source, target, want, edge.judge)


def _from_outside(scene: Scene, want: str, port: int, target: Actor) -> Part:
    if part := _target_accepts(scene, want, port, target):
        return part
    found = outside.ways(scene, target, port)
    through = [way for way in found if outside.is_through(scene, target, way, port)]
    if stolen := outside.stolen(scene, want, target, through):
        return stolen
    if through:
        told = Cause(f"port {port} of {target.label} is open to everybody", "open")
        fault = outside.opened(scene, target, port) or told
        return failed(want, f"{in_words(way.shown for way in through)} answered", fault)
    if lan := outside.beside(scene, target):
        fault = Cause(f"{target.label} is on {lan}, where the whole LAN can reach it", "open")
        return failed(want, f"on {lan}", fault)
    if any(outside.said(scene, target, way, port).state == "not-observed" for way in found):
        return unknown(want, f"port {port} of {target.label} was not tried from outside")
    return passed(want, "nothing answered outside")


def _target_accepts(scene: Scene, want: str, port: int | None, target: Actor) -> Part | None:
    """Return a part unless the target's port accepts somewhere: a dead service is not a protected one."""
    met_at = [address for address in scene.addresses_towards(target, target) if not address.startswith("127.")]
    states = {scene.state(spot, address, port) for spot in scene.spots for address in met_at}
    if "open" in states:
        return None
    if _has_no_address(scene, target) and ((part := _by_itself(scene, want, target)) or not port):
        return part
    if fault := causes.networkless(target):
        return failed(want, FROM_NOBODY, fault)
    if port is None:
        return unknown(want, f"no ping to {target.label} was answered, not even in its own sandbox")
    if fault := ports.deaf(scene, target, port):
        return failed(want, FROM_NOBODY, fault)
    if scene.sandbox(target) is None:
        return unknown(want, f"whether {target.label} accepts at all could not be seen: {scene.fault(target)}")
    if "not-observed" in scene.reaches(target, target, port).values():
        return unknown(want, f"whether {target.label} accepts at all was not tried in its own sandbox")
    silent = Passing(f"port {port} of {target.label} accepts from nobody", "not-listening")
    return failed(want, FROM_NOBODY, silent)


def _has_no_address(scene: Scene, target: Actor) -> bool:
    sandbox = scene.sandbox(target)
    return sandbox is not None and not target.on_host and not outside_loopback(sandbox)


def _by_itself(scene: Scene, want: str, target: Actor) -> Part | None:
    """Return a part unless a target that has loopback alone is meant to have no more."""
    missing = (causes.unattached(scene, target, name) for name in sorted(scene.wants.networks_of(target.role)))
    fault = next(filter(None, missing), None)
    return failed(want, "it has no address", fault) if fault else None


class _Edge:
    """One pair's demand, and how a breach of it is told."""

    def __init__(self, scene: Scene, want: str, port: int | None, blame: Blame) -> None:
        self.scene = scene
        self.want = want
        self.port = port
        self.blame = blame

    def judge(self, source: Actor, target: Actor) -> Part:
        """Judge one actor of each role."""
        addresses = in_words(self.scene.addresses_towards(source, target))
        return (
            _target_accepts(self.scene, self.want, self.port, target)
            or self._kept_out(source, target)
            or self._controlled(source)
            or self._no_way_round(source, target)
            or self._no_relay(source, target)
            or passed(self.want, f"{addresses} kept silent" if addresses else "it has no address that could be tried")
        )

    def _kept_out(self, source: Actor, target: Actor) -> Part | None:
        """Return a part unless every address of the target stayed silent; a refusal means that packets arrive."""
        if self.port is None and source.spot == target.spot:
            return failed(self.want, "they are in one place", causes.one_sandbox(self.scene, source, target))
        states = self.scene.reaches(source, target, self.port)
        through = {address: state for address, state in states.items() if state in ("open", "refused")}
        if through and (fault := self.blame.meeting(self.scene, source, target)):
            return failed(self.want, ports.how_it_went(through), fault)
        # Engines before 27 let IPv6 through between bridges; where nobody listens, that opens nothing.
        if any(not self._is_deaf_itself(target, address) for address in through):
            return unknown(self.want, f"this engine does not isolate its networks ({ports.how_it_went(through)})")
        if "not-observed" in states.values():
            return unknown(self.want, f"not every address of {target.label} was tried from {source.label}")
        return None

    def _is_deaf_itself(self, target: Actor, address: str) -> bool:
        return self.scene.state(target.spot, address, self.port) == "refused"

    def _controlled(self, source: Actor) -> Part | None:
        """Return a part unless some other connection from the same sandbox got an answer in the same run."""
        seen = self.scene.observation(source.spot)
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
        return unknown(self.want, f"nothing at all answered {source.label}, so its silence proves nothing")

    def _no_way_round(self, source: Actor, target: Actor) -> Part | None:
        """Return a part unless every published binding of the port is closed to the source; none carries a ping."""
        for binding in self.scene.owner(target).published:
            if (binding.port, binding.protocol) != (self.port, "tcp"):
                continue
            for address in sandboxes.ways_in(binding, source.gateways, on_host=source.on_host):
                if part := self._through(source, target, binding, address):
                    return part
        return None

    def _through(self, source: Actor, target: Actor, binding: Binding, address: str) -> Part | None:
        """Return a part if the binding answers; docker-proxy accepts for a closed port, so words count.

        A service that says nothing at home either is believed where it listens.
        """
        if binding.host_port is None:
            return None
        answer = self.scene.exchange(source.spot, requests.knock(address, binding.host_port, binding.port))
        mute = answer.state == "open" and outside.listens_in_silence(self.scene, target, binding.port)
        if answer.response or mute:
            fault = self.blame.way_round(source, target, binding, address)
            return failed(self.want, f"{address}:{binding.host_port} answered", fault)
        if answer.state == "not-observed":
            return unknown(self.want, f"the published port {binding.shown} was not tried from {source.label}")
        if answer.state == "open" and not outside.speaks(self.scene, target, binding.port):
            return unknown(self.want, f"{address}:{binding.host_port} accepts, but nobody there says a word")
        return None

    def _no_relay(self, source: Actor, target: Actor) -> Part | None:
        """Return a part if somebody is met by the source on this port, and itself meets the target there."""
        if self.port is None:
            return None
        found = relays(self.scene, source, target, self.port)
        for between, seen in sorted(found, key=lambda each: not each[1]):
            if not seen:
                return unknown(self.want, f"whether {between.label} passes anything on to {target.label} was not seen")
            fault = Cause(f"{way(source, between, target, self.port)}: that is a way round", "way-round")
            return failed(self.want, f"{between.label} is between them", fault)
        return None
