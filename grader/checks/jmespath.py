"""The escape hatch: a query over everything that the engine told of itself."""

import json
from typing import Any, ClassVar, Literal

from pydantic import Field

from grader import queries
from grader.checks.base import Check, Example, Identifier
from grader.judging import byhand, causes
from grader.judging.document import document
from grader.judging.scene import Scene
from grader.judging.sketch import Net, Place, Sketch
from grader.judging.states import CAST, State
from grader.judging.verdict import Cause, Part, failed, passed, unknown
from grader.judging.wants import Wants

_LONGEST_SHOWN = 120
_IS_INTERNAL = "networks[?name=='back'].internal | [0]"


class JmespathCheck(Check):
    """A JMESPath query over the engine's state finds what it should.

    The document has the keys `engine`, `networks`, `containers` and `roles`. The first three look as in a file of
    `grade snapshot`, under `hosts.NAME.snapshot`; `roles.ROLE` is the container that plays the role, the first one
    of several replicas. A query that names a role in this way fails where nobody plays it. What yields null always
    fails, and what is to be empty or false is not met by an engine without containers.
    """

    kind: Literal["jmespath"]
    query: str = Field(
        min_length=1,
        max_length=500,
        description="The query, over {engine, networks, containers, roles}; see https://jmespath.org.",
    )
    equals: Any = Field(
        default=None,
        description="What it has to find; by default anything but null, false, 0 and what is empty.",
    )
    host: Identifier | None = Field(
        default=None,
        description="The engine that is queried, one of `hosts`; the first by default.",
        examples=["worker"],
    )

    concept: ClassVar[str] = (
        "Docker keeps a record of every network and every container: how it was made, and what became of it. "
        "`docker inspect` shows the record. This check reads one detail of it that no other check looks at."
    )
    states: ClassVar[tuple[State, ...]] = (*CAST, "other-value")
    examples: ClassVar[tuple[Example, ...]] = (
        Example("passed", "a fact that is true", {"query": _IS_INTERNAL}, Sketch(nets=(Net("back", internal=True),))),
        Example("failed", "a fact that is false", {"query": _IS_INTERNAL}, Sketch(nets=(Net("back"),))),
        Example("failed", "null, since there is no such network", {"query": _IS_INTERNAL}, Sketch()),
        Example(
            "passed",
            "a value of a role's container",
            {"query": "roles.web.endpoints[].network", "equals": ["front", "back"]},
            Sketch(nets=(Net("front"), Net("back")), places=(Place("web", on=("front", "back")),)),
        ),
        Example(
            "failed",
            "another value",
            {"query": "length(roles.web.endpoints)", "equals": 2},
            Sketch(nets=(Net("front"),), places=(Place("web", on=("front",)),)),
        ),
        Example("failed", "nobody plays the role", {"query": "roles.web.state", "equals": "running"}, Sketch()),
        Example(
            "passed",
            "nothing is found, as it should be",
            {"query": "containers[?network_mode=='host'].name", "equals": []},
            Sketch(places=(Place("web"),)),
        ),
        Example(
            "failed",
            "nothing is found, since there is nothing",
            {"query": "containers[?network_mode=='host'].name", "equals": []},
            Sketch(),
        ),
        Example(
            "error",
            "a query that cannot be answered",
            {"query": "abs(roles.web.state)"},
            Sketch(places=(Place("web"),)),
        ),
    )

    def headline(self) -> str:
        """Show the query."""
        return self.query if self.equals is None else f"{self.query} is {_shown(self.equals)}"

    def roles(self) -> tuple[str, ...]:
        """Name the roles that the query names."""
        return queries.roles_in(self.query)

    def wants(self) -> Wants:
        """Want nothing that the engine does not tell anyway."""
        return Wants()

    def by_hand(self, scene: Scene) -> str:
        """Inspect the first role that the query is about, or else all networks."""
        about = next(iter(self.roles()), None)
        return byhand.inspect(scene, about, "{{json .}}") if about else "docker network inspect $(docker network ls -q)"

    def judge(self, scene: Scene) -> list[Part]:
        """Ask the query once all its roles are there."""
        want = f"{self.query} is {'true' if self.equals is None else _shown(self.equals)}"
        for role in self.roles():
            if absent := causes.casting(scene.role(role)):
                return [failed(want, f"no {role}", absent)]
        asked = document(scene, self.host)
        try:
            found = queries.ask(self.query, asked)
        except queries.FailedQuery as failure:
            if failure.on_nothing:
                return [failed(want, str(failure), self._not_so("nothing"))]
            return [unknown(want, f"the query of this check cannot be answered: {failure}")]
        if found is None or not self._fits(found):
            return [failed(want, _shown(found), self._not_so(_shown(found)))]
        if _is_nothing(found) and not asked["containers"]:
            return [failed(want, "there are no containers", Cause("there are no containers yet", "missing-role"))]
        return [passed(want, _shown(found))]

    def _fits(self, found: object) -> bool:
        return not _is_nothing(found) if self.equals is None else _plain(found) == _plain(self.equals)

    def _not_so(self, found: str) -> Cause:
        wanted = "" if self.equals is None else f", not {_shown(self.equals)}"
        return Cause(f"{self.title or self.query}: found {found}{wanted}", "other-value")


def _is_nothing(value: object) -> bool:
    match value:
        case list():
            return all(item is None for item in value)
        case dict():
            return all(item is None for item in value.values())
        case _:
            return not value


def _plain(value: object) -> str:
    """Return the value as text, so that true is not 1; but 2 is 2.0."""
    whole = int(value) if isinstance(value, float) and value.is_integer() else value
    return json.dumps(whole, sort_keys=True)


def _shown(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}…"
