"""A name leads to a container, through Docker's DNS."""

from typing import ClassVar, Literal

from pydantic import Field

from grader.checks.base import Check, Example
from grader.judging import byhand, causes, sandboxes
from grader.judging.names import in_words
from grader.judging.pairs import judge_pairs
from grader.judging.scene import Actor, Scene
from grader.judging.sketch import Net, Place, Sketch
from grader.judging.verdict import Part, Unexplained, failed, passed, unknown
from grader.judging.wants import NameWanted, Wants

_RUBRIC = {"from": "web", "name": "api", "to": "app"}


class ResolvesCheck(Check):
    """Asked from inside the source's sandbox, the name answers with addresses of the target and no others.

    The sandbox's resolver is asked, not its hosts file. No answer counts as "unknown name" only
    after the same resolver answered to a name that it has to know.
    """

    kind: Literal["resolves"]
    source: str = Field(alias="from", description="The role that asks.")
    name: str = Field(min_length=1, max_length=253, description="The name that it asks for.")
    target: str = Field(alias="to", description="The role that the name should lead to.")

    concept: ClassVar[str] = (
        "On a network of your own, Docker runs a DNS server at 127.0.0.11 in every sandbox. It knows a container "
        "by its name, its aliases on that network, its hostname and the start of its id, and gives the address on "
        "a network that both share. The default bridge has no such server, and a line in a hosts file is none "
        "either."
    )
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            "passed",
            "an alias on a network that both are on",
            _RUBRIC,
            Sketch(nets=(Net("a"),), places=(Place("web", on=("a",)), Place("app", on=("a",), aliases=("api",)))),
        ),
        Example(
            "failed",
            "nobody bears the name",
            _RUBRIC,
            Sketch(nets=(Net("a"),), places=(Place("web", on=("a",)), Place("app", on=("a",)))),
        ),
        Example(
            "failed",
            "another container bears it",
            _RUBRIC,
            Sketch(
                nets=(Net("a"),),
                places=(
                    Place("web", on=("a",)),
                    Place("app", on=("a",)),
                    Place("other", on=("a",), aliases=("api",)),
                ),
            ),
        ),
        Example(
            "error",
            "no sidecar looked into the source",
            _RUBRIC,
            Sketch(
                nets=(Net("a"),),
                places=(Place("web", on=("a",), blind=True), Place("app", on=("a",), aliases=("api",))),
            ),
        ),
    )

    def headline(self) -> str:
        """Name both ends and the name."""
        return f"{self.source} finds {self.target} by the name {self.name}"

    def roles(self) -> tuple[str, ...]:
        """Name both ends."""
        return (self.source, self.target)

    def wants(self) -> Wants:
        """Want the name asked for."""
        return Wants(names=frozenset({NameWanted(self.source, self.name, self.target)}))

    def by_hand(self, scene: Scene) -> str:
        """Ask the resolver of the source's sandbox."""
        return byhand.inside(scene, self.source, f"nslookup {self.name}")

    def judge(self, scene: Scene) -> list[Part]:
        """Judge what the source's resolver said."""
        want = f"the name {self.name} leads to {self.target}"
        return judge_pairs(scene, self.source, self.target, want, lambda s, t: self._judge(scene, want, s, t))

    def _judge(self, scene: Scene, want: str, source: Actor, target: Actor) -> Part:
        found = scene.lookup(source.spot, self.name)
        mine = scene.named_addresses(self.target)
        # Two swarms may give the same address to two containers.
        near = source.host == target.host or scene.one_swarm(source.host, target.host)
        if found.addresses and near and mine.issuperset(found.addresses):
            return passed(want, f"{self.name} is {in_words(found.addresses)}")
        if found.addresses:
            away = None if near else causes.apart(scene, source, target, by_name=True)
            astray = away or causes.stray(scene, source, self.name, target, found.addresses)
            return failed(want, f"{self.name} is {in_words(found.addresses)}", astray)
        if fault := causes.apart(scene, source, target, by_name=True):
            return failed(want, f"{self.name} is unknown", fault)
        if not _resolver_speaks(scene, source):
            return _mute(scene, want, source)
        if "not-observed" in (found.ipv4, found.ipv6):
            return unknown(want, f"the name {self.name} was not asked for in the sandbox of {source.label}")
        unborne = causes.misnamed(scene, source, self.name, target)
        return failed(
            want,
            f"{self.name} is unknown",
            unborne or Unexplained(f"Docker's DNS does not know {self.name} in the sandbox of {source.label}"),
        )


def _resolver_speaks(scene: Scene, source: Actor) -> bool:
    """Return whether the resolver answered to the container's own name, which it has to know."""
    return any(scene.lookup(source.spot, name).addresses for name in {source.container.name, scene.owner(source).name})


def _mute(scene: Scene, want: str, source: Actor) -> Part:
    sandbox = scene.sandbox(source)
    if sandbox and sandbox.nameservers and sandboxes.EMBEDDED_DNS not in sandbox.nameservers:
        asked = in_words(sandbox.nameservers)
        return failed(want, f"the resolver is {asked}", f"{source.label} asks the resolver {asked}, not Docker's DNS")
    return unknown(want, f"Docker's DNS did not even answer to the own name of {source.label}")
