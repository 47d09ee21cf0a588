"""What a container's network sandbox looks like from inside."""

from collections.abc import Iterator
from typing import ClassVar, Literal

from pydantic import Field

from grader.checks.base import Check, Example
from grader.judging import causes, lodging, pools
from grader.judging.names import in_words
from grader.judging.scene import Actor, Scene
from grader.judging.sketch import Net, Place, Sketch
from grader.judging.states import IDLE, MERGED, State
from grader.judging.verdict import Cause, Part, Unexplained, failed, passed, unknown
from grader.judging.wants import Wants
from grader.models.probe import Sandbox
from grader.models.snapshot import Network

_NETS = (Net("front"), Net("back"))
_BOTH = Sketch(nets=_NETS, places=(Place("web", on=("front", "back")),))
_ALONE = Sketch(places=(Place("web", mode="none"),))
_PAIR = (Place("web", on=("front",)), Place("guest", mode="container:web"))


class SandboxCheck(Check):
    """A container's sandbox has these interfaces and addresses, this default route, or these residents.

    It is judged on what was seen inside the sandbox. One that uses the host's network has no sandbox of its own, so it
    meets none of these demands. Each key that is given, and each network within it, is a part of its own.
    """

    kind: Literal["sandbox"]
    role: str = Field(description="Whose sandbox is judged.")
    interfaces: int | None = Field(
        default=None, ge=0, le=64, description="How many interfaces it has besides loopback; 0 is loopback alone."
    )
    pools: tuple[str, ...] = Field(
        default=(), description="Networks of which it has an address, with the length of that network's prefix."
    )
    addresses: dict[str, str] = Field(default={}, description="The address that it has, by network.")
    default_route: str | None = Field(
        default=None, description="The network through which its default route leads, or none."
    )
    shared_with: str | None = Field(default=None, description="A role whose sandbox it lives in.")

    concept: ClassVar[str] = (
        "A container sees the network through its sandbox: interfaces, addresses and routes that belong to it alone. "
        "Each network that it joins plugs one more interface in, with an address out of that network's pool; what none "
        "of them leads to goes along the one default route. A sandbox can also hold loopback alone (--network none), "
        "be shared (--network container:NAME), or be left out in favour of the host's own (--network host)."
    )
    states: ClassVar[tuple[State, ...]] = (
        *IDLE,
        *MERGED,
        "address",
        "interfaces",
        "internal",
        "lost",
        "route",
        "subnet",
    )
    examples: ClassVar[tuple[Example, ...]] = (
        Example("passed", "two interfaces", {"role": "web", "interfaces": 2, "pools": ["front", "back"]}, _BOTH),
        Example("passed", "loopback alone", {"role": "web", "interfaces": 0, "default_route": "none"}, _ALONE),
        Example("passed", "an address", {"role": "web", "addresses": {"back": "10.0.1.2"}}, _BOTH),
        Example("passed", "the way out", {"role": "web", "default_route": "back"}, _BOTH),
        Example(
            "passed",
            "a sandbox for two",
            {"role": "guest", "shared_with": "web"},
            Sketch(nets=_NETS, places=_PAIR),
        ),
        Example(
            "failed",
            "a sandbox of its own",
            {"role": "guest", "shared_with": "web"},
            Sketch(nets=_NETS, places=(_PAIR[0], Place("guest", on=("front",)))),
        ),
        Example("failed", "an interface too many", {"role": "web", "interfaces": 1}, _BOTH),
        Example("failed", "no interface", {"role": "web", "pools": ["front"]}, _ALONE),
        Example("failed", "another address", {"role": "web", "addresses": {"back": "10.0.1.9"}}, _BOTH),
        Example("failed", "another way out", {"role": "web", "default_route": "front"}, _BOTH),
        Example(
            "passed",
            "an internal network is no way out",
            {"role": "web", "default_route": "front"},
            Sketch(nets=(Net("front"), Net("back", internal=True)), places=_BOTH.places),
        ),
        Example(
            "failed",
            "the host's own",
            {"role": "web", "interfaces": 0, "default_route": "none"},
            Sketch(places=(Place("web", mode="host"),)),
        ),
        Example(
            "failed",
            "it has stopped",
            {"role": "web", "interfaces": 0},
            Sketch(places=(Place("web", state="exited"),)),
        ),
        Example(
            "error",
            "no sidecar looked into it",
            {"role": "web", "interfaces": 0},
            Sketch(nets=_NETS, places=(Place("web", on=("front",), blind=True),)),
        ),
    )

    def headline(self) -> str:
        """Name the role, and the demand if there is but one."""
        demands = self.demands()
        return f"{self.role} has {demands[0]}" if len(demands) == 1 else f"the sandbox of {self.role}"

    def roles(self) -> tuple[str, ...]:
        """Name the role, and the one whose sandbox it shares."""
        return (self.role, self.shared_with) if self.shared_with else (self.role,)

    def wants(self) -> Wants:
        """Want the networks, and the role on them."""
        out = {self.default_route} - {None, "none"}
        networks = frozenset(name for name in (*self.pools, *self.addresses, *out) if name)
        return Wants(
            networks=networks,
            attachments=frozenset((self.role, network) for network in networks),
            shared=frozenset({(self.role, self.shared_with)} if self.shared_with else ()),
        )

    def by_hand(self, scene: Scene) -> str:
        """Look into the sandbox from a container that joins it."""
        match = scene.role(self.role)
        name = match.actors[0].container.name if match.actors else "CONTAINER"
        if self.shared_with:
            return f"docker inspect -f '{{{{.HostConfig.NetworkMode}}}}' {name}"
        look = "route" if self.default_route else "addr"
        return f"docker run --rm --network container:{name} busybox ip {look}"

    def demands(self) -> list[str]:
        """Return what is demanded, in words and in a fixed order."""
        count = {None: [], 0: ["loopback alone"]}
        return [
            *count.get(self.interfaces, [f"{self.interfaces} interfaces besides loopback"]),
            *(f"an address of {network}" for network in self.pools),
            *(f"{address} on {network}" for network, address in self.addresses.items()),
            *([_route_in_words(self.default_route)] if self.default_route else ()),
            *([f"one sandbox with {self.shared_with}"] if self.shared_with else ()),
        ]

    def judge(self, scene: Scene) -> list[Part]:
        """Judge each demand apart; replicas have to agree."""
        if idle := causes.idle(scene, self.role):
            return [failed(want, f"{self.role} is not at work", idle) for want in self.demands()]
        each = [self._judge(scene, actor) for actor in scene.role(self.role).actors]
        return [min(parts, key=_severity) for parts in zip(*each, strict=True)]

    def _judge(self, scene: Scene, actor: Actor) -> list[Part]:
        if actor.on_host:
            missing = (causes.unattached(scene, actor, name) for name in sorted(scene.wants.networks_of(self.role)))
            fault = next(filter(None, missing), None) or lodging.homeless(actor)
            return [failed(want, "the host's own sandbox", fault) for want in self.demands()]
        sandbox = scene.sandbox(actor)
        if sandbox is None:
            why = f"the sandbox of {actor.label} could not be looked into: {scene.fault(actor)}"
            return [unknown(want, why) for want in self.demands()]
        return list(self._seen(scene, actor, sandbox))

    def _seen(self, scene: Scene, actor: Actor, sandbox: Sandbox) -> Iterator[Part]:
        """Yield a part for each demand, in the order of `demands`."""
        wants = iter(self.demands())
        if self.interfaces is not None:
            yield self._count(scene, actor, sandbox, next(wants))
        for network in self.pools:
            yield self._pool(scene, actor, sandbox, network, next(wants))
        for network, address in self.addresses.items():
            yield self._address(scene, actor, sandbox, network, address, next(wants))
        if self.default_route:
            yield self._route(scene, actor, sandbox, self.default_route, next(wants))
        if self.shared_with:
            yield self._shared(scene, actor, next(wants))

    def _count(self, scene: Scene, actor: Actor, sandbox: Sandbox, want: str) -> Part:
        found = pools.interfaces_of(sandbox)
        actual = f"loopback and {in_words(found)}" if found else "loopback alone"
        if len(found) == self.interfaces:
            return passed(want, actual)
        if self.interfaces == 0:
            company = lodging.not_alone(scene, actor)
            return failed(want, actual, company or _miscounted(actor, len(found), 0))
        missing = (causes.unattached(scene, actor, name) for name in sorted(scene.wants.networks_of(self.role)))
        lacking = len(found) < (self.interfaces or 0)
        fault = next(filter(None, missing), None) if lacking else lodging.intrusion(scene, actor)
        return failed(want, actual, fault or _miscounted(actor, len(found), self.interfaces or 0))

    def _pool(self, scene: Scene, actor: Actor, sandbox: Sandbox, name: str, want: str) -> Part:
        network = scene.network(name, actor.host).network
        if network is None or not scene.is_on(actor, name):
            return _nowhere(scene, actor, name, want)
        for found in pools.on_network(sandbox, network):
            if any(found.prefix == pool.prefixlen for pool in pools.pools_of(network)):
                return passed(want, f"{found.address}/{found.prefix} on {found.name}")
        return _odd(actor, sandbox, network, want)

    def _address(self, scene: Scene, actor: Actor, sandbox: Sandbox, name: str, address: str, want: str) -> Part:
        network = scene.network(name, actor.host).network
        if network is None or not scene.is_on(actor, name):
            return _nowhere(scene, actor, name, want)
        found = [each.address for each in pools.on_network(sandbox, network)]
        if pools.address_of(address) in map(pools.address_of, found):
            return passed(want, f"{address} on {network.name}")
        if not found:
            return _odd(actor, sandbox, network, want)
        outside = not pools.is_within(address, pools.pools_of(network))
        wrong = (pools.wrong(network, subnet) for wanted, subnet in sorted(scene.wants.pools) if wanted == name)
        fault = next(filter(None, wrong), None) if outside else None
        told = Cause(f"{actor.label} has the address {in_words(found)} on {network.name}, not {address}", "address")
        return failed(want, f"{in_words(found)} on {network.name}", fault or told)

    def _route(self, scene: Scene, actor: Actor, sandbox: Sandbox, name: str, want: str) -> Part:
        joined = [network for each in actor.networks if (network := scene.network_called(each, actor.host))]
        out = pools.default_networks(sandbox, joined)
        actual = _route_in_words(in_words(out[:1]) or "none")
        if name == "none":
            company = lodging.not_alone(scene, actor) if self.interfaces == 0 else None
            leads = f"the default route of {actor.label} leads through {in_words(out)}, where there should be none"
            told = Cause(leads, "route")
            return failed(want, actual, company or told) if out else passed(want, actual)
        network = scene.network(name, actor.host).network
        if network is None or not scene.is_on(actor, name):
            return _nowhere(scene, actor, name, want)
        if out[:1] == [network.name]:
            return passed(want, actual)
        return failed(want, actual, _misrouted(actor, network, out))

    def _shared(self, scene: Scene, actor: Actor, want: str) -> Part:
        if fault := causes.astray(scene, actor):
            return failed(want, "another sandbox", fault)
        return passed(want, f"one sandbox with {self.shared_with}")


def _severity(part: Part) -> int:
    return {"failed": 0, "error": 1, "passed": 2}[part.outcome]


def _route_in_words(network: str | None) -> str:
    return "no default route" if network in (None, "none") else f"the default route through {network}"


def _miscounted(actor: Actor, found: int, wanted: int) -> Cause:
    has = f"{found} interface{'s' * (found != 1)} besides loopback" if found else "loopback alone"
    on = f", on {in_words(actor.networks)}" if actor.networks else ""
    return Cause(f"{actor.label} has {has}{on}, not {wanted or 'loopback alone'}", "interfaces")


def _nowhere(scene: Scene, actor: Actor, name: str, want: str) -> Part:
    fault = causes.unattached(scene, actor, name) or Cause(f"{actor.label} is not on {name}", "absent")
    return failed(want, f"on {in_words(actor.networks) or 'no network'}", fault)


def _odd(actor: Actor, sandbox: Sandbox, network: Network, want: str) -> Part:
    """Return that the engine counts a container among those on a network, and yet its sandbox shows nothing of it."""
    seen = in_words(f"{each.address}/{each.prefix}" for each in sandbox.interfaces if each.name != "lo")
    fault = f"{actor.label} is on {network.name}, but no interface in its sandbox has an address of it"
    return failed(want, seen or "loopback alone", Unexplained(fault, "lost"))


def _misrouted(actor: Actor, network: Network, out: list[str]) -> Cause:
    if network.internal:
        return Cause(f"{network.name} is internal, so no default route of {actor.label} leads through it", "internal")
    if not out:
        return Cause(f"{actor.label} has no default route", "route")
    return Cause(f"the default route of {actor.label} leads through {out[0]}, not through {network.name}", "route")
