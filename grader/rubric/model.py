"""What a rubric says, once it has been read and found sound."""

from decimal import Decimal
from functools import cached_property
from typing import Annotated, Literal, TypeAlias

from pydantic import Field, SerializeAsAny

from grader.checks.base import Check, Identifier, PortNumber
from grader.judging import imageref
from grader.judging.wants import Wants, union
from grader.models.base import Frozen

Requirement: TypeAlias = Literal["host-network", "swarm", "ipv6"]


class Role(Frozen):
    """A part that some container of the learner's plays, and what gives that container away."""

    image: str | None = Field(
        default=None, description="The repository of its image, such as nginx.", examples=["nginx"]
    )
    listens: PortNumber | None = Field(default=None, description="A port that it listens on.", examples=[80])
    called: str | None = Field(
        default=None, description="The name that the brief gives its container: a strong sign.", examples=["web"]
    )
    host: Identifier | None = Field(
        default=None, description="The engine that it runs on, one of `hosts`.", examples=["worker"]
    )

    def in_words(self) -> str:
        """Return what was looked for."""
        signs = [f"called {self.called}"] if self.called else []
        signs += [f"from the image {self.image}"] if self.image else []
        signs += [f"listening on port {self.listens}"] if self.listens else []
        return f"looked for one {' or '.join(signs)}" if signs else "label one with grade.role"


class Rubric(Frozen):
    """An exercise's roles and checks."""

    version: Literal[1] = Field(description="The version of the rubric language.")
    title: str = Field(min_length=1, description="The title of the report.", examples=["Flask, Nginx, MongoDB"])
    teaches: Annotated[str, Field(max_length=80, pattern=r"^\S.*$")] | None = Field(
        default=None,
        description="What learners take home from it, in one line: they see it in the list of exercises.",
        examples=["Networks keep a database private."],
    )
    lesson: Annotated[int, Field(ge=1, le=999)] | None = Field(
        default=None,
        description="Its place among the exercises of the course; those without one come last.",
        examples=[3],
    )
    pass_mark: Annotated[Decimal, Field(ge=0, le=100)] = Field(
        default=Decimal(80), description="The percentage from which on the learner passes.", examples=[80]
    )
    requires: tuple[Requirement, ...] = Field(
        default=(),
        description="What the engine has to offer; one that lacks it is told so and costs no marks.",
        examples=[["swarm"]],
    )
    hosts: tuple[Identifier, ...] = Field(
        default=("default",),
        min_length=1,
        description="The engines that take part, by the names that --host gives them.",
        examples=[["manager", "worker"]],
    )
    equivalents: dict[str, str] = Field(
        default={},
        description="Faults of `grade verify` that cost nothing and should not, each with the reason.",
        examples=[{"nginx publishes 8080 on loopback only": "the brief leaves the address open"}],
    )
    roles: dict[Identifier, Role] = Field(
        default={},
        description="The parts that containers play.",
        examples=[{"nginx": {"image": "nginx", "listens": 80}, "mongo": {"image": "mongo"}}],
    )
    checks: tuple[SerializeAsAny[Check], ...] = Field(
        min_length=1,
        description="What is judged, line by line.",
        examples=[[{"id": "net", "kind": "network", "network": "lab-net", "points": 4}]],
    )

    @cached_property
    def wants(self) -> Wants:
        """Everything that any check or role wants observed."""
        ports = frozenset(role.listens for role in self.roles.values() if role.listens)
        images = frozenset(imageref.parse(role.image).repository for role in self.roles.values() if role.image)
        return union([*(check.wants() for check in self.checks), Wants(ports=ports, images=images)])


class Loaded(Frozen):
    """A rubric together with where it came from."""

    rubric: Rubric
    path: str
    sha256: str
