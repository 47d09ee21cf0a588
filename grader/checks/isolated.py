"""Who reaches whom among several roles, as a whole matrix: what has to be open is open, all else is closed."""

from collections.abc import Iterator
from typing import ClassVar, Literal

from pydantic import Field

from grader.checks.base import Check, Example, Identifier, PortNumber
from grader.judging import byhand
from grader.judging.matrix import Edge, judge_matrix
from grader.judging.names import in_words
from grader.judging.outside import OUTSIDE
from grader.judging.scene import Scene
from grader.judging.sketch import Net, Place, Sketch
from grader.judging.states import DEAF, IDLE, MERGED, UNPUBLISHED, State
from grader.judging.verdict import Part
from grader.judging.wants import Wants

_RUBRIC = {
    "ports": {"app": 9000, "db": 3306},
    "open": {"web": ["app"], "app": ["db"]},
    "either": {"db": ["app"]},
}
_NETS = (Net("front"), Net("back"))
_WEB = Place("web", on=("front",))
_APP = Place("app", on=("front", "back"), listens=("0.0.0.0:9000",))
_DB = Place("db", on=("back",), listens=("0.0.0.0:3306",))


class IsolatedCheck(Check):
    """Each ordered pair of the roles is open where it has to be, as `reaches` sees it, and closed elsewhere.

    A closed pair is judged as `unreachable` judges it. Open pairs together weigh as much as closed ones together,
    so a build that opens everything, or nothing, earns half of the points.
    """

    kind: Literal["isolated"]
    ports: dict[Identifier, PortNumber] = Field(
        min_length=1, description="The roles that serve, each with its port: the columns of the matrix."
    )
    open: dict[Identifier, tuple[Identifier, ...]] = Field(
        default={},
        description="Whom each role has to reach; any other pair has to be closed. `outside` may stand for a role, "
        "and a role with an empty list has to reach nobody.",
    )
    either: dict[Identifier, tuple[Identifier, ...]] = Field(
        default={},
        description="Pairs that may be open or closed, such as the way back: on one network both ways are open.",
    )

    concept: ClassVar[str] = (
        "Containers reach one another where they share a network, in both directions and on every port; where they "
        "share none, Docker drops what they send. A container may be on several networks, which makes it a neighbour "
        "of everybody there, but it passes nothing on from one to the other. A published port is a door of its own: "
        "whoever reaches the host comes in, whatever the networks say."
    )
    states: ClassVar[tuple[State, ...]] = (*IDLE, *DEAF, *MERGED, *UNPUBLISHED, "open", "way-round")
    examples: ClassVar[tuple[Example, ...]] = (
        Example("passed", "three tiers on two networks", _RUBRIC, Sketch(nets=_NETS, places=(_WEB, _APP, _DB))),
        Example(
            "passed",
            "outside reaches only what is published",
            {
                "ports": {"app": 9000, "db": 3306},
                "open": {"outside": ["app"], "app": ["db"]},
                "either": {"db": ["app"]},
            },
            Sketch(
                nets=_NETS,
                places=(
                    Place(
                        "app",
                        on=("front", "back"),
                        listens=("0.0.0.0:9000",),
                        publishes=("0.0.0.0:80->9000",),
                        http=200,
                    ),
                    _DB,
                ),
            ),
        ),
        Example(
            "failed",
            "everybody on one network",
            _RUBRIC,
            Sketch(
                nets=(Net("lab"),),
                places=(
                    Place("web", on=("lab",)),
                    Place("app", on=("lab",), listens=("0.0.0.0:9000",)),
                    Place("db", on=("lab",), listens=("0.0.0.0:3306",)),
                ),
            ),
        ),
        Example(
            "failed",
            "each on a network of its own",
            _RUBRIC,
            Sketch(
                nets=(*_NETS, Net("third")),
                places=(_WEB, Place("app", on=("third",), listens=("0.0.0.0:9000",)), _DB),
            ),
        ),
        Example(
            "failed",
            "the database on a network too many",
            _RUBRIC,
            Sketch(
                nets=_NETS,
                places=(_WEB, _APP, Place("db", on=("front", "back"), listens=("0.0.0.0:3306",))),
            ),
        ),
        Example("failed", "nothing is built", _RUBRIC, Sketch()),
        Example(
            "error",
            "no sidecar looked into one of them",
            _RUBRIC,
            Sketch(nets=_NETS, places=(Place("web", on=("front",), blind=True), _APP, _DB)),
        ),
    )

    def headline(self) -> str:
        """Name the roles."""
        return f"who reaches whom: {in_words(self.roles())}"

    def roles(self) -> tuple[str, ...]:
        """Name rows and columns, as far as they are roles."""
        listed = (target for pairs in (self.open, self.either) for each in pairs.values() for target in each)
        rows = (source for source in (*self.open, *self.either) if source != OUTSIDE)
        return tuple(dict.fromkeys((*self.ports, *rows, *listed)))

    def edges(self) -> tuple[Edge, ...]:
        """Return every pair that is judged, row by row."""
        return tuple(self._edges())

    def _edges(self) -> Iterator[Edge]:
        for source in dict.fromkeys((*self.open, *self.either, *self.ports)):
            wanted, free = self.open.get(source, ()), self.either.get(source, ())
            for target, port in self.ports.items():
                if target != source and target not in free:
                    yield Edge(source, target, port, target in wanted)

    def wants(self) -> Wants:
        """Want every port tried, and the open edges known."""
        edges = self.edges()
        inner = ((edge.source, edge.target, edge.port) for edge in edges if edge.is_open and edge.source != OUTSIDE)
        return Wants(
            edges=frozenset(inner),
            ports=frozenset(self.ports.values()),
            outside=frozenset(edge.target for edge in edges if edge.source == OUTSIDE),
        )

    def judge(self, scene: Scene) -> list[Part]:
        """Judge each pair, and name the fault that most of the wrong ones share first."""
        return judge_matrix(scene, self.edges())

    def by_hand(self, scene: Scene) -> str:
        """Try one pair from the sandbox of its source: the first that is not as it should be, or the first of all."""
        wrong = [part.expected for part in judge_matrix(scene, self.edges()) if part.outcome == "failed"]
        inner = (edge for edge in self.edges() if edge.source != OUTSIDE)
        edge = min(inner, key=lambda edge: edge.wanted not in wrong)
        return byhand.towards(scene, edge.source, edge.target, edge.port)
