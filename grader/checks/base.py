"""What all kinds of check have in common."""

from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, ClassVar, Literal

from pydantic import ConfigDict, Field, StringConstraints

from grader.judging.doubts import doubt
from grader.judging.ladders import Hints, ladder, own_rungs
from grader.judging.scene import Scene
from grader.judging.sketch import Sketch
from grader.judging.states import State
from grader.judging.verdict import Cause, Outcome, Part, Telling, unknown
from grader.judging.wants import Wants
from grader.models.base import Frozen

Identifier = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]*$")]
PortNumber = Annotated[int, Field(ge=1, le=65535)]


@dataclass(frozen=True, slots=True)
class Example:
    """A build and what a check of this kind says of it; every example runs as a test."""

    outcome: Outcome
    story: str
    rubric: Mapping[str, object]
    build: Sketch


class Check(Frozen):
    """One entry of a rubric's list of checks; a kind's model is built when the first check of its kind is read."""

    model_config = ConfigDict(defer_build=True)

    kind: str
    id: Identifier = Field(
        description="Names the check in reports and on the command line.", examples=["mongo-is-private"]
    )
    title: str | None = Field(
        default=None,
        description="The line of the report; by default made from the check.",
        examples=["nginx cannot reach MongoDB"],
    )
    points: Decimal = Field(
        default=Decimal(0),
        ge=0,
        le=1000,
        decimal_places=2,
        description="Marks; 0 makes the check mere advice.",
        examples=[10, 2.5],
    )
    brief: str = Field(
        default="",
        description="The sentence of the brief that demands this, word for word.",
        examples=["the client can reach port 80"],
    )
    hints: Hints = Field(
        default=(),
        description="A ladder of hints; the first gives least away. A hint is a text, or a mapping from states to "
        "texts or lists of texts, with `otherwise` for those that it does not name.",
        examples=[["Which command creates a network of your own?", "docker network create --help"]],
    )
    needs: tuple[Identifier, ...] = Field(
        default=(), description="Checks without whose marks this one is skipped.", examples=[["nginx-attached"]]
    )
    void: Literal["full", "drop"] | None = Field(
        default=None,
        description="A check that was unfair, taken back: everybody gets its points, or it counts for nobody.",
    )
    reason: str = Field(
        default="",
        description="Why a check is void; learners read it.",
        examples=["The brief said 8080, and the rubric 80."],
    )
    partial: bool = Field(default=True, description="Whether parts that are met earn their share.")

    examples: ClassVar[tuple[Example, ...]] = ()
    concept: ClassVar[str] = ""
    """What Docker does here, in about three sentences for a learner."""
    states: ClassVar[tuple[State, ...]] = ()
    """The states that a failure may be in; hints may differ from one to the other."""

    def may_be_in(self) -> tuple[State, ...]:
        """Return the states that this check may be in when it fails, in alphabetical order."""
        return tuple(sorted(set(self.states)))

    def ladder(self, cause: str | None = None) -> tuple[str, ...]:
        """Return the hints for a failure with this cause; one that says itself what to do leaves little to say."""
        state = cause.state if isinstance(cause, Cause) else None
        return (own_rungs if isinstance(cause, Telling) else ladder)(self.hints, state)

    @abstractmethod
    def headline(self) -> str:
        """Return the report's line for this check, when the rubric gives no title."""

    @abstractmethod
    def wants(self) -> Wants:
        """Return what has to be observed for this check, whoever plays the roles."""

    @abstractmethod
    def roles(self) -> tuple[str, ...]:
        """Return the roles that the check names."""

    def denies(self) -> tuple[str, ...]:
        """Return the roles that something must not get through to: silence is what a negative check hopes for."""
        return ()

    def stands_on(self, wants: Wants) -> frozenset[str]:  # noqa: ARG002 - for kinds that judge a whole chain
        """Return the roles whose start the check has to wait for."""
        return frozenset(self.roles())

    @abstractmethod
    def by_hand(self, scene: Scene) -> str:
        """Return the command that shows a learner what was judged, without grade."""

    def verdict(self, scene: Scene) -> list[Part]:
        """Return the judgement; or one part that says why it cannot be told who plays the roles."""
        unclear = doubt(scene, self.stands_on(scene.wants))
        return [unknown(self.headline(), unclear)] if unclear else self.judge(scene)

    @abstractmethod
    def judge(self, scene: Scene) -> list[Part]:
        """Return what the scene says of each demand, at least one part, in a fixed order."""
