"""One of several ways will do: the best one counts."""

from typing import ClassVar, Literal

from grader.checks.base import Example
from grader.checks.nested import Nesting
from grader.judging.scene import Scene
from grader.judging.sketch import Net, Place, Sketch
from grader.judging.verdict import Part, share

_RUBRIC = {
    "of": [
        {"kind": "attached", "role": "web", "to": ["front", "back"]},
        {"kind": "publishes", "role": "web", "port": 80},
    ]
}
_NETS = (Net("front"), Net("back"), Net("other"))
_EITHER_PORT = {
    "of": [
        {"kind": "reaches", "from": "web", "to": "app", "port": 80},
        {"kind": "reaches", "from": "web", "to": "app", "port": 8080},
    ]
}
_APP = Place("app", on=("front",), listens=("0.0.0.0:8080",))


class AnyOfCheck(Nesting):
    """At least one of several checks passes; where none does, the one that came nearest counts.

    While none passes and one of them could not be judged, the whole is not graded: it might have passed.
    """

    kind: Literal["any_of"]

    concept: ClassVar[str] = (
        "There is more than one right way to build this, and each of them is as good. The grader tries them all "
        "and takes the one that your build comes nearest to. What it says is missing is missing on that way."
    )
    examples: ClassVar[tuple[Example, ...]] = (
        Example("passed", "the second way", _EITHER_PORT, Sketch(_NETS, (Place("web", on=("front",)), _APP))),
        Example(
            "failed",
            "neither way, and half of the first",
            _RUBRIC,
            Sketch(nets=_NETS, places=(Place("web", on=("front",)),)),
        ),
        Example("failed", "nothing is built", _RUBRIC, Sketch()),
        Example(
            "passed",
            "one way that could not be judged beside one that passes",
            {"of": [*_EITHER_PORT["of"], {"kind": "attached", "role": "web", "to": ["front"]}]},
            Sketch(nets=_NETS, places=(Place("web", on=("front",), blind=True), _APP)),
        ),
        Example(
            "error",
            "no way passes, and one could not be judged",
            {"of": [*_EITHER_PORT["of"], {"kind": "attached", "role": "web", "to": ["back"]}]},
            Sketch(nets=_NETS, places=(Place("web", on=("front",), blind=True), _APP)),
        ),
    )

    def headline(self) -> str:
        """Name all ways."""
        return ", or ".join(each.headline() for each in self.of)

    def verdict(self, scene: Scene) -> list[Part]:
        """Judge at once: a doubt about a role spoils only the ways that need it."""
        return self.judge(scene)

    def judge(self, scene: Scene) -> list[Part]:
        """Return the parts of the best way, with the other ways as facts where it failed."""
        ways = [(each, each.verdict(scene)) for each in self.of]
        right = [way for way in ways if share(way[1]) == 1]
        unjudged = [way for way in ways if self._may_pass(way[1])]
        best, parts = max(right or unjudged or ways, key=lambda way: share(way[1]))
        others = [f"this would do as well: {each.headline()}" for each in self.of if each is not best]
        failed = next((part for part in parts if part.outcome == "failed"), None)
        return [part.seen(*others) if part is failed else part for part in parts]

    def _may_pass(self, parts: list[Part]) -> bool:
        """Return whether a way was not fully judged; one that is lost for certain earns nothing without its parts."""
        outcomes = {part.outcome for part in parts}
        return "error" in outcomes and (self.partial or "failed" not in outcomes)
