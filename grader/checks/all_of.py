"""Several demands that belong together and are worth something as one."""

from typing import ClassVar, Literal

from grader.checks.base import Example
from grader.checks.nested import Nesting
from grader.judging.names import in_words
from grader.judging.scene import Scene
from grader.judging.sketch import Net, Place, Sketch
from grader.judging.verdict import Part

_RUBRIC = {
    "of": [
        {"kind": "attached", "role": "web", "to": ["front"]},
        {"kind": "publishes", "role": "web", "port": 80},
    ]
}
_NETS = (Net("front"),)
_PUBLISHED = Place("web", on=("front",), publishes=("0.0.0.0:8080->80",))


class AllOfCheck(Nesting):
    """All of several checks pass; each of their parts earns its share, unless `partial` is false."""

    kind: Literal["all_of"]

    concept: ClassVar[str] = (
        "These demands belong together: each of them alone would be of little use. The grader judges them one by one "
        "and tells which are missing. Mend them in any order."
    )
    examples: ClassVar[tuple[Example, ...]] = (
        Example("passed", "all of them", _RUBRIC, Sketch(nets=_NETS, places=(_PUBLISHED,))),
        Example("failed", "one of them", _RUBRIC, Sketch(nets=_NETS, places=(Place("web", on=("front",)),))),
        Example("failed", "nothing is built", _RUBRIC, Sketch()),
        Example(
            "error",
            "one of them could not be judged",
            {"of": [*_RUBRIC["of"], {"kind": "reaches", "from": "web", "to": "app", "port": 80}]},
            Sketch(nets=_NETS, places=(Place("web", on=("front",), blind=True), Place("app", on=("front",)))),
        ),
    )

    def headline(self) -> str:
        """Name all of them."""
        return in_words(each.headline() for each in self.of)

    def verdict(self, scene: Scene) -> list[Part]:
        """Judge at once: each of them has its own doubts."""
        return self.judge(scene)

    def judge(self, scene: Scene) -> list[Part]:
        """Return the parts of all."""
        return [part for each in self.of for part in each.verdict(scene)]
