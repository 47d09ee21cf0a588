"""The engines that an exercise needs, empty and ready: one, or two on a wire."""

from dataclasses import dataclass

import pytest

from grader.course import builtin
from grader.rubric.load import load
from tests.lab import Engine


@dataclass(frozen=True)
class Stage:
    """The engines by the names that the rubric gives them, and what a script needs to speak to them."""

    engines: dict[str, Engine]
    environment: dict[str, str]

    @property
    def hosts(self) -> dict[str, str | None]:
        """Return the engines' addresses."""
        return {name: engine.host for name, engine in self.engines.items()}

    @property
    def options(self) -> list[str]:
        """Return the --host options that name the engines on the command line."""
        named = (f"{name}={host}" if len(self.hosts) > 1 else str(host) for name, host in self.hosts.items())
        return [word for each in named for word in ("--host", each)]

    @property
    def sidecars(self) -> str:
        """Return the ids of the sidecars that are left, which should be none."""
        look = ("ps", "--all", "--quiet", "--filter", "label=grade.run")
        return "".join(engine.docker(*look) for engine in self.engines.values())


def here(engine: Engine) -> set[str]:
    """Return the ids of all containers, networks and volumes."""
    looks = (("ps", "--all", "--quiet", "--no-trunc"), ("network", "ls", "--quiet", "--no-trunc"))
    return {word for look in (*looks, ("volume", "ls", "--quiet")) for word in engine.docker(*look).split()}


def stage(exercise: str, request: pytest.FixtureRequest) -> Stage:
    """Return the engines for an exercise; the second one is started by the first test that needs it."""
    hosts = load(builtin().rubric(exercise)).rubric.hosts
    if len(hosts) > 1:
        pair = request.getfixturevalue("pair")
        return Stage(dict(zip(hosts, pair, strict=True)), pair.variables())
    starter: Engine = request.getfixturevalue("starter")
    return Stage({hosts[0]: starter}, starter.env())
