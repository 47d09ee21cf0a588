"""A name leads to a container, through Docker's DNS."""

from typing import Annotated, ClassVar, Literal

from pydantic import BeforeValidator, Field, WithJsonSchema
from pydantic_core import PydanticKnownError

from grader.checks.base import Check, Example
from grader.judging import byhand, causes, chains, misnaming, resolver
from grader.judging.names import in_words
from grader.judging.pairs import judge_pairs
from grader.judging.scene import Actor, Scene
from grader.judging.sketch import Net, Place, Sketch
from grader.judging.states import IDLE, State
from grader.judging.verdict import Cause, Part, Unexplained, failed, passed, unknown
from grader.judging.wants import NameWanted, Wants

_RUBRIC = {"from": "web", "name": "api", "to": "app"}
_SHARED = _RUBRIC | {"to": ["app", "spare"]}


def _listed(value: object) -> tuple[object, ...]:
    """Return one role or a list of roles as a list."""
    if isinstance(value, list | tuple):
        return tuple(value)
    if isinstance(value, str):
        return (value,)
    raise PydanticKnownError("string_type")


_ROLE: dict[str, object] = {"type": "string"}
Roles = Annotated[
    tuple[str, ...],
    Field(min_length=1),
    BeforeValidator(_listed),
    WithJsonSchema({"anyOf": [_ROLE, {"type": "array", "items": _ROLE, "minItems": 1}]}),
]


class ResolvesCheck(Check):
    """Asked from inside the source's sandbox, the name answers with addresses of the target and no others.

    The sandbox's resolver is asked, not its hosts file. No answer counts as "unknown name" only
    after the same resolver answered to a name that it has to know.
    """

    kind: Literal["resolves"]
    source: str = Field(alias="from", description="The role that asks.")
    name: str = Field(min_length=1, max_length=253, description="The name that it asks for.")
    targets: Roles = Field(alias="to", description="The role that the name should lead to, or all of a list at once.")

    concept: ClassVar[str] = (
        "On a network of your own, Docker runs a DNS server at 127.0.0.11 in every sandbox. It knows a container "
        "by its name, its aliases on that network, its hostname and the start of its id, and gives the address on "
        "a network that both share. The default bridge has no such server, and a line in a hosts file is none "
        "either."
    )
    states: ClassVar[tuple[State, ...]] = (*IDLE, "resolver")
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
            "passed",
            "two containers share an alias",
            _SHARED,
            Sketch(
                nets=(Net("a"),),
                places=(
                    Place("web", on=("a",)),
                    Place("app", on=("a",), aliases=("api",)),
                    Place("spare", on=("a",), aliases=("api",)),
                ),
            ),
        ),
        Example(
            "failed",
            "only one of two bears the alias",
            _SHARED,
            Sketch(
                nets=(Net("a"),),
                places=(Place("web", on=("a",)), Place("app", on=("a",), aliases=("api",)), Place("spare", on=("a",))),
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
        return f"{self.source} finds {in_words(self.targets)} by the name {self.name}"

    def roles(self) -> tuple[str, ...]:
        """Name both ends."""
        return (self.source, *self.targets)

    def wants(self) -> Wants:
        """Want the name asked for."""
        return Wants(names=frozenset(NameWanted(self.source, self.name, target) for target in self.targets))

    def by_hand(self, scene: Scene) -> str:
        """Ask the resolver of the source's sandbox."""
        return byhand.inside(scene, self.source, f"nslookup {self.name}")

    def judge(self, scene: Scene) -> list[Part]:
        """Judge what the source's resolver said, one part for each role that the name should lead to."""
        return [part for target in self.targets for part in self._led_to(scene, target)]

    def _led_to(self, scene: Scene, target: str) -> list[Part]:
        want = f"the name {self.name} leads to {target}"
        return judge_pairs(scene, self.source, target, want, lambda s, t: self._judge(scene, want, s, t))

    def _judge(self, scene: Scene, want: str, source: Actor, target: Actor) -> Part:
        found = scene.lookup(source.spot, self.name)
        mine = scene.named_addresses(target.role)
        ours = frozenset().union(*(scene.named_addresses(role) for role in self.targets))
        told = f"{self.name} is {in_words(found.addresses) or 'unknown'}"
        # Two swarms may give the same address to two containers.
        near = source.host == target.host or scene.one_swarm(source.host, target.host)
        if near and mine & set(found.addresses) and ours.issuperset(found.addresses):
            return passed(want, told)
        if found.addresses and not (near and ours.issuperset(found.addresses)):
            away = None if near else causes.apart(scene, source, target, by_name=True)
            return failed(want, told, away or chains.stray(scene, source, self.name, target, found.addresses))
        if fault := causes.apart(scene, source, target, by_name=True):
            return failed(want, told, fault)
        if not found.addresses and not resolver.speaks(scene, source):
            return _mute(scene, want, source)
        if not found.addresses and "not-observed" in (found.ipv4, found.ipv6):
            return unknown(want, f"the name {self.name} was not asked for in the sandbox of {source.label}")
        unborne = misnaming.misnamed(scene, source, self.name, target)
        silent = f"Docker's DNS does not know {self.name} in the sandbox of {source.label}"
        return failed(want, told, unborne or Unexplained(silent, "unknown-name"))


def _addresses(scene: Scene, role: str) -> set[str]:
    return {address for actor in scene.role(role).actors for address in actor.addresses}


def _mute(scene: Scene, want: str, source: Actor) -> Part:
    sandbox = scene.sandbox(source)
    if sandbox and sandbox.nameservers and not resolver.is_embedded(scene, source):
        asked = in_words(sandbox.nameservers)
        fault = Cause(f"{source.label} asks the resolver {asked}, not Docker's DNS", "resolver")
        return failed(want, f"the resolver is {asked}", fault)
    return unknown(want, f"Docker's DNS did not even answer to the own name of {source.label}")
