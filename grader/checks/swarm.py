"""An engine is in a swarm, as what it should be, and together with the others."""

from typing import ClassVar, Literal

from pydantic import Field

from grader.checks.base import Check, Example, Identifier
from grader.judging import swarms
from grader.judging.names import in_words
from grader.judging.scene import Scene
from grader.judging.sketch import Sketch
from grader.judging.states import State
from grader.judging.verdict import Cause, Part, failed, passed
from grader.judging.wants import Wants
from grader.models.snapshot import Swarm


def _built(*, at_home: Swarm | None, far: Swarm | None = None) -> Sketch:
    return Sketch(swarm=at_home, others={"far": Sketch(swarm=far)})


_MANAGER = Swarm(state="active", node="n1", cluster="c1", manager=True, members=("n1", "n2"))
_WORKER = Swarm(state="active", node="n2")
_ALONE = Swarm(state="active", node="n3", cluster="c3", manager=True, members=("n3",))
_MANAGED = {"role": "manager", "nodes": 2}
_JOINED = {"host": "far", "role": "worker", "with": ["default"]}


class SwarmCheck(Check):
    """The engine is in a swarm; its role, the number of nodes and who else is a member are judged where given.

    Whether two engines are members of one swarm is told by a manager's list of nodes. An engine that --host did not
    name has been left out by the learner, so what concerns it is failed.
    """

    kind: Literal["swarm"]
    host: Identifier | None = Field(default=None, description="Whose part is judged; by default the first of `hosts`.")
    role: Literal["manager", "worker"] | None = Field(default=None, description="Whether it manages, or only works.")
    nodes: int | None = Field(default=None, ge=1, description="How many nodes that are up its swarm has at least.")
    together: tuple[Identifier, ...] = Field(
        default=(), alias="with", description="Other hosts of the rubric that are members of the same swarm."
    )

    concept: ClassVar[str] = (
        "A swarm is a group of engines that share networks and services. A manager keeps the list of its members and "
        "hands out the token with which others join; a worker runs what it is given. Each engine is in one swarm at "
        "most, and only engines of the same swarm can share an overlay network."
    )
    states: ClassVar[tuple[State, ...]] = ("nodes", "rank", "swarm", "unnamed-engine")
    examples: ClassVar[tuple[Example, ...]] = (
        Example("passed", "a manager with its worker", _MANAGED, _built(at_home=_MANAGER, far=_WORKER)),
        Example("passed", "the worker of that manager", _JOINED, _built(at_home=_MANAGER, far=_WORKER)),
        Example("failed", "in no swarm", _MANAGED, _built(at_home=None)),
        Example("failed", "a swarm of its own", _JOINED, _built(at_home=_ALONE, far=_MANAGER)),
        Example("failed", "nobody joined", _MANAGED, _built(at_home=_ALONE)),
        Example(
            "failed",
            "a manager too",
            _JOINED,
            _built(at_home=_MANAGER, far=_MANAGER.model_copy(update={"node": "n2"})),
        ),
        Example(
            "failed",
            "the managers are gone",
            _MANAGED,
            _built(at_home=_MANAGER.model_copy(update={"members": (), "error": "no leader"}), far=_WORKER),
        ),
        Example("failed", "an engine that was not named", {**_JOINED, "host": "gone"}, Sketch()),
    )

    def headline(self) -> str:
        """Name the engine, its role and its company."""
        what = f"a {self.role} of a swarm" if self.role else "in a swarm"
        company = f" with {in_words(self.together)}" if self.together else ""
        size = f" of {self.nodes} nodes" if self.nodes else ""
        return f"{self.host or 'the engine'} is {what}{size}{company}"

    def roles(self) -> tuple[str, ...]:
        """Name no container's role."""
        return ()

    def wants(self) -> Wants:
        """Want nothing beyond what every engine tells of itself."""
        return Wants()

    def by_hand(self, scene: Scene) -> str:
        """List the nodes, as a manager knows them."""
        host = self._home(scene)
        swarm = swarms.swarm_of(scene, host)
        return "docker node ls" if swarm and swarm.manager else "docker info --format '{{json .Swarm}}'"

    def judge(self, scene: Scene) -> list[Part]:
        """Judge membership first, then each demand; outside a swarm none is met."""
        host = self._home(scene)
        swarm, fault = swarms.swarm_of(scene, host), swarms.outside(scene, host)
        if fault or swarm is None:
            missing = fault or swarms.unnamed(host)
            return [failed(want, _state(swarm), missing) for want in self._demands()]
        parts = [passed("in a swarm", _state(swarm))]
        if self.role:
            parts.append(_ranked(scene, host, swarm, self.role))
        if self.nodes:
            parts.append(_counted(scene, host, self.nodes))
        return [*parts, *(_joined(scene, host, other) for other in self.together)]

    def _home(self, scene: Scene) -> str:
        return self.host or scene.first_host

    def _demands(self) -> list[str]:
        given = {f"a {self.role}": self.role, f"{self.nodes} nodes": self.nodes}
        own = [want for want, value in given.items() if value]
        return ["in a swarm", *own, *(f"in one swarm with {other}" for other in self.together)]


def _state(swarm: Swarm | None) -> str:
    if swarm is None:
        return "in no swarm"
    return f"{swarm.state}, a {swarms.rank(swarm)}"


def _ranked(scene: Scene, host: str, swarm: Swarm, wanted: str) -> Part:
    want, actual = f"a {wanted}", f"a {swarms.rank(swarm)}"
    return passed(want, actual) if actual == want else failed(want, actual, swarms.misranked(scene, host, swarm))


def _counted(scene: Scene, host: str, wanted: int) -> Part:
    want, found = f"{wanted} nodes", swarms.ready_nodes(scene, host)
    if found is None:
        fault = Cause(f"{swarms.called(host)} is no manager, so it does not know the nodes", "rank")
        return failed(want, "no manager tells", fault)
    if found >= wanted:
        return passed(want, f"{found} nodes")
    company = next(filter(None, (swarms.apart(scene, host, other) for other in scene.evidence.hosts)), None)
    few = f"the swarm of {swarms.called(host)} has {found} of {wanted} nodes that are up: docker node ls"
    return failed(want, f"{found} nodes", company or Cause(few, "nodes"))


def _joined(scene: Scene, host: str, other: str) -> Part:
    want = f"in one swarm with {other}"
    if fault := swarms.apart(scene, host, other):
        return failed(want, "not in one swarm", fault)
    return passed(want, "in one swarm")
