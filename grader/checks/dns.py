"""How a container finds names: its resolver, its hosts file, and whom it must not find."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Annotated, ClassVar, Literal

from pydantic import Field, StringConstraints

from grader.checks.base import Check, Example
from grader.judging import causes, resolver
from grader.judging.names import in_words, own_names
from grader.judging.pairs import judge_pairs, worst
from grader.judging.sandboxes import EMBEDDED_DNS
from grader.judging.scene import Actor, Scene
from grader.judging.sketch import Net, Place, Sketch
from grader.judging.states import IDLE, MERGED, State
from grader.judging.verdict import Cause, Part, failed, passed, unknown
from grader.judging.wants import Wants

Word = Annotated[str, StringConstraints(min_length=1, max_length=253)]
_NETS = (Net("bridge"), Net("a"))


class DnsCheck(Check):
    """The role's resolver, servers, search domains and hosts file are as demanded, and it finds no stranger by name.

    What is demanded is at least these: further servers, domains and entries do no harm. A stranger is found
    when one of its container's own names, or any line of the hosts file, leads to one of its addresses.
    """

    kind: Literal["dns"]
    role: str = Field(description="Whose name service is judged.")
    resolver: Literal["embedded", "copied"] | None = Field(
        default=None, description="embedded: Docker's own resolver, 127.0.0.11. copied: the servers of the host."
    )
    servers: tuple[Word, ...] = Field(default=(), description="Servers that it asks in the end, as --dns gives them.")
    search: tuple[Word, ...] = Field(default=(), description="Domains that it tries behind a name.")
    hosts: dict[Word, Word] = Field(default={}, description="Entries of its hosts file: addresses by name.")
    strangers: tuple[str, ...] = Field(default=(), description="Roles that it must not find by name.")

    concept: ClassVar[str] = (
        "On the default bridge a container gets a copy of the host's resolv.conf, and those servers have never heard "
        "of your containers. On a network of your own Docker runs a resolver at 127.0.0.11 in each container: it knows "
        "the names and aliases on that network, and forwards every other name to the servers of --dns or of the host. "
        "The hosts file is read before either of them, and --add-host writes a line into it."
    )
    states: ClassVar[tuple[State, ...]] = (*IDLE, *MERGED, "dns-servers", "hosts-file", "search-domains", "stale")
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            "passed",
            "Docker's own resolver on a user-defined network",
            {"role": "web", "resolver": "embedded"},
            Sketch(nets=_NETS, places=(Place("web", on=("a",)),)),
        ),
        Example(
            "failed",
            "the default bridge has no resolver of its own",
            {"role": "web", "resolver": "embedded"},
            Sketch(nets=_NETS, places=(Place("web", on=("bridge",)),)),
        ),
        Example(
            "passed",
            "the host's servers on the default bridge",
            {"role": "web", "resolver": "copied"},
            Sketch(nets=_NETS, places=(Place("web", on=("bridge",)),)),
        ),
        Example(
            "failed",
            "a user-defined network as well",
            {"role": "web", "resolver": "copied"},
            Sketch(nets=_NETS, places=(Place("web", on=("bridge", "a")),)),
        ),
        Example(
            "failed",
            "servers of its own are no copy",
            {"role": "web", "resolver": "copied"},
            Sketch(nets=_NETS, places=(Place("web", on=("bridge",), dns=("192.0.2.1",)),)),
        ),
        Example(
            "passed",
            "a server and a search domain behind Docker's resolver",
            {"role": "web", "servers": ["192.0.2.1"], "search": ["lab.example"]},
            Sketch(nets=_NETS, places=(Place("web", on=("a",), dns=("192.0.2.1",), dns_search=("lab.example",)),)),
        ),
        Example(
            "failed",
            "no server was asked for",
            {"role": "web", "servers": ["192.0.2.1"]},
            Sketch(nets=_NETS, places=(Place("web", on=("a",)),)),
        ),
        Example(
            "passed",
            "an entry in the hosts file",
            {"role": "web", "hosts": {"printer": "192.0.2.7"}},
            Sketch(nets=_NETS, places=(Place("web", on=("a",), hosts=("printer:192.0.2.7",)),)),
        ),
        Example(
            "failed",
            "the entry leads elsewhere",
            {"role": "web", "hosts": {"printer": "192.0.2.7"}},
            Sketch(nets=_NETS, places=(Place("web", on=("a",), hosts=("printer:192.0.2.8",)),)),
        ),
        Example(
            "passed",
            "strangers on the default bridge",
            {"role": "web", "strangers": ["db"]},
            Sketch(nets=_NETS, places=(Place("web", on=("bridge",)), Place("db", on=("bridge",)))),
        ),
        Example(
            "failed",
            "a network in common on which names are known",
            {"role": "web", "strangers": ["db"]},
            Sketch(nets=_NETS, places=(Place("web", on=("a",)), Place("db", on=("a",)))),
        ),
        Example(
            "failed",
            "the hosts file leads to the stranger",
            {"role": "web", "strangers": ["db"]},
            Sketch(
                nets=_NETS,
                places=(Place("web", on=("bridge",), hosts=("friend:10.0.0.3",)), Place("db", on=("bridge",))),
            ),
        ),
        Example(
            "failed",
            "the stranger is not there",
            {"role": "web", "strangers": ["db"]},
            Sketch(nets=_NETS, places=(Place("web", on=("bridge",)),)),
        ),
        Example(
            "error",
            "no sidecar looked into the sandbox",
            {"role": "web", "resolver": "copied"},
            Sketch(nets=_NETS, places=(Place("web", on=("bridge",), blind=True),)),
        ),
    )

    def headline(self) -> str:
        """Name the role and the first of the demands."""
        if self.strangers:
            return f"{self.role} does not find {in_words(self.strangers)} by name"
        if self.resolver:
            asked = "Docker's DNS" if self.resolver == "embedded" else "the host's servers"
            return f"{self.role} asks {asked}"
        if self.hosts:
            return f"{self.role} has {in_words(self.hosts)} in its hosts file"
        return f"{self.role} asks {in_words(self.servers)}" if self.servers else f"{self.role} has search domains"

    def roles(self) -> tuple[str, ...]:
        """Name the role and the strangers."""
        return (self.role, *self.strangers)

    def wants(self) -> Wants:
        """Want the own names of the strangers asked for."""
        return Wants(own_names=frozenset(self.strangers))

    def by_hand(self, scene: Scene) -> str:
        """Return a look into the container's files, or a ping by name."""
        names = [actors[0].container.name for role in self.roles() if (actors := scene.role(role).actors)]
        if len(names) < len(self.roles()):
            return "docker ps --all"
        me, *others = names
        if others:
            return f"docker exec {me} ping -c 1 {others[0]}"
        if self.servers or self.search:
            return f"docker inspect --format '{{{{.HostConfig.Dns}}}} {{{{.HostConfig.DnsSearch}}}}' {me}"
        files = (["/etc/resolv.conf"] if self.resolver else []) + (["/etc/hosts"] if self.hosts else [])
        return f"docker exec {me} cat {' '.join(files)}"

    def judge(self, scene: Scene) -> list[Part]:
        """Judge each demand apart; replicas have to agree."""
        parts = [self._part(scene, want, judge) for want, judge in self._demands()]
        for stranger in self.strangers:
            want = self.apart(stranger)
            parts += judge_pairs(scene, self.role, stranger, want, partial(_strange, scene, want))
        return parts

    def apart(self, stranger: str) -> str:
        """Return the demand that a stranger is not found."""
        return f"{self.role} does not find {stranger} by name"

    def _demands(self) -> Iterator[tuple[str, Callable[[Scene, str, Actor], Part]]]:
        if self.resolver == "embedded":
            yield f"asks Docker's DNS, {EMBEDDED_DNS}", _embedded
        if self.resolver == "copied":
            yield "asks the servers of the host", _copied
        if self.servers:
            yield f"asks {in_words(self.servers)}", self._asks
        if self.search:
            yield f"searches {in_words(self.search)}", self._searches
        for name, address in self.hosts.items():
            yield f"the hosts file leads {name} to {address}", self._entry(name, address)

    def _part(self, scene: Scene, want: str, judge: Callable[[Scene, str, Actor], Part]) -> Part:
        if idle := causes.idle(scene, self.role):
            return failed(want, f"{self.role} is not at work", idle)
        return worst(
            unknown(want, f"the sandbox of {actor.label} could not be looked into: {scene.fault(actor)}")
            if scene.sandbox(actor) is None
            else judge(scene, want, actor)
            for actor in scene.role(self.role).actors
        )

    def _asks(self, scene: Scene, want: str, actor: Actor) -> Part:
        asked, wished = resolver.servers(scene, actor), scene.owner(actor).dns
        told = f"it asks {in_words(asked) or 'the servers of the host'}"
        missing = [server for server in self.servers if server not in asked]
        if not missing:
            return passed(want, told)
        instead = f"with --dns {in_words(wished)}, not {in_words(missing)}" if wished else "without --dns"
        return failed(want, told, Cause(f"{actor.label} was started {instead}", "dns-servers"))

    def _searches(self, scene: Scene, want: str, actor: Actor) -> Part:
        found = resolver.search(scene, actor)
        told = f"it searches {in_words(found) or 'no domain'}"
        if set(self.search) <= set(found):
            return passed(want, told)
        wished = scene.owner(actor).dns_search
        instead = f"with --dns-search {in_words(wished)}, not {in_words(self.search)}" if wished else None
        return failed(
            want, told, Cause(f"{actor.label} was started {instead or 'without --dns-search'}", "search-domains")
        )

    def _entry(self, name: str, address: str) -> Callable[[Scene, str, Actor], Part]:
        def judge(scene: Scene, want: str, actor: Actor) -> Part:
            found = [where for known, where in resolver.hosts(scene, actor) if known == name.lower()]
            if not found:
                fault = Cause(f"the hosts file of {actor.label} does not know {name}", "hosts-file")
                return failed(want, f"it does not know {name}", fault)
            if address not in found:
                told = f"the hosts file of {actor.label} leads {name} to {in_words(found)}, not to {address}"
                fault = Cause(told, "hosts-file")
                return failed(want, f"{name} is {in_words(found)}", fault)
            return passed(want, f"{name} is {in_words(found)}")

        return judge


def _embedded(scene: Scene, want: str, actor: Actor) -> Part:
    if resolver.is_embedded(scene, actor):
        return passed(want, f"it asks {EMBEDDED_DNS}")
    told = f"it asks {in_words(resolver.servers(scene, actor)) or 'nobody'}"
    wanted = (net for net in sorted(scene.wants.networks_of(actor.role)) if net != resolver.DEFAULT_BRIDGE)
    fault = next(filter(None, (causes.unattached(scene, actor, network) for network in wanted)), None)
    unserved = f"{actor.label} is on no user-defined network, so Docker's DNS does not serve it"
    return failed(want, told, fault or Cause(unserved, "default-bridge"))


def _copied(scene: Scene, want: str, actor: Actor) -> Part:
    wished = scene.owner(actor).dns
    if resolver.is_embedded(scene, actor):
        return failed(want, f"it asks {EMBEDDED_DNS}", _why_embedded(scene, actor))
    told = f"it asks {in_words(resolver.servers(scene, actor)) or 'nobody'}"
    if wished:
        fault = f"{actor.label} was started with --dns {in_words(wished)}, so it does not ask the servers of the host"
        return failed(want, told, Cause(fault, "dns-servers"))
    return passed(want, told)


def _why_embedded(scene: Scene, actor: Actor) -> Cause:
    """Return which network has put Docker's resolver in the place of the host's."""
    nets = resolver.user_defined(actor)
    if not nets:
        # Engines 20.10 to 28 leave 127.0.0.11 behind until the container starts again.
        told = f"{actor.label} has left a user-defined network, but keeps Docker's resolver until it starts again"
        return Cause(f"{told}: docker restart {actor.container.name}", "stale")
    mine = scene.wants.networks_of(actor.role)
    if fault := next(filter(None, (causes.unattached(scene, actor, network) for network in sorted(mine))), None):
        return fault
    for wanted in sorted(scene.wants.networks - mine):
        if scene.is_on(actor, wanted):
            return causes.trespass(scene, actor, wanted)
    told = f"{actor.label} is on {in_words(nets)}, where Docker's DNS takes the place of the host's servers"
    return Cause(told, "forbidden")


def _strange(scene: Scene, want: str, source: Actor, target: Actor) -> Part:
    """Judge that the source finds no address of the target, by whatever name."""
    if source.spot == target.spot:
        told = f"{source.label} and {target.label} share one network sandbox"
        return failed(want, told, causes.together(scene, source, target) or Cause(told, "shared-sandbox"))
    reachable = set(scene.addresses_towards(source, target))
    for name, address in resolver.hosts(scene, source):
        if address in reachable:
            fault = f"the hosts file of {source.label} leads {name} to {target.label}"
            mend = f"{fault}: make it anew without --add-host or --link"
            return failed(want, f"{name} is {address}", Cause(mend, "hosts-file"))
    names = sorted(own_names(target.container))
    found = {name: scene.lookup(source.spot, name) for name in names}
    for name, answer in found.items():
        if met := sorted(reachable & set(answer.addresses)):
            known = Cause(f"Docker's DNS tells {source.label} the name {name} of {target.label}", "forbidden")
            return failed(
                want, f"{name} is {in_words(met)}", causes.together(scene, source, target, by_name=True) or known
            )
    for name, answer in found.items():
        if "not-observed" in (answer.ipv4, answer.ipv6):
            return unknown(want, f"the name {name} was not asked for in the sandbox of {source.label}")
    if resolver.is_embedded(scene, source) and resolver.user_defined(source) and not resolver.speaks(scene, source):
        return unknown(want, f"Docker's DNS did not even answer to the own name of {source.label}")
    return passed(want, f"nobody tells it of {in_words(names)}")
