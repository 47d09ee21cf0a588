"""What the checks said, as far as it is drawn."""

import re
from collections.abc import Iterable, Sequence
from typing import TypeVar

from grader.checks.base import Check
from grader.checks.network import NetworkCheck
from grader.checks.resolves import ResolvesCheck
from grader.judging import causes
from grader.judging.scene import Actor, Scene
from grader.models.report import CheckResult
from grader.models.snapshot import Container, Network
from grader.models.topology import Flow
from grader.rubric.model import Rubric

Kind = TypeVar("Kind", bound=Check)


class Verdicts:
    """What the checks said, as far as it is drawn."""

    def __init__(self, rubric: Rubric, results: Sequence[CheckResult], flows: Sequence[Flow]) -> None:
        self._checks = rubric.checks
        self._flows = flows
        self._failed = {result.id: result.cause or "" for result in results if result.status == "failed"}
        failed = [result for result in results if result.status == "failed"]
        self._words = [word for result in failed for word in (result.cause or "", *result.evidence)]

    def failed(self, kind: type[Kind]) -> list[Kind]:
        """Return the checks of a kind that failed."""
        return [check for check in self._checks if isinstance(check, kind) and check.id in self._failed]

    def blame(self, network: Network, name: str) -> bool:
        """Return whether a check failed for what the network is: itself wrong, or in others' way."""
        ways = (f"{network.name} forbids ", f"{network.name} is internal, ")
        asked = any(check.network == name for check in self.failed(NetworkCheck))
        return asked or any(cause.startswith(ways) for cause in self._failed.values())

    def meetings(self, scene: Scene, actor: Actor) -> set[str]:
        """Return the networks on which an actor meets whom it should not, unless the other one is to blame."""
        ends = ((flow.source, flow.target) for flow in self._flows if flow.shut and flow.mark == "wrong")
        others = [other for other in self._partners(scene, actor, ends) if not self._trespasses(scene, other, actor)]
        return {network.name for other in others for network in scene.shared_networks(actor, other)}

    def used(self, scene: Scene, actor: Actor) -> set[str]:
        """Return the networks that serve an actor's ways; none where the rubric says which it should be on."""
        if scene.wants.networks_of(actor.role):
            return set()
        ends = ((flow.source, flow.target) for flow in self._flows if not flow.shut and flow.mark == "right")
        others = self._partners(scene, actor, ends)
        return {network.name for other in others for network in scene.shared_networks(actor, other)}

    def _partners(self, scene: Scene, actor: Actor, ends: Iterable[tuple[str, str]]) -> list[Actor]:
        """Return who stands at the other ends of ways; outside is nobody's role."""
        roles = dict.fromkeys(end for pair in ends if actor.role in pair for end in pair if end != actor.role)
        return [other for role in roles if role in scene.cast for other in scene.role(role).actors]

    def _trespasses(self, scene: Scene, actor: Actor, beside: Actor) -> bool:
        """Return whether it is said that an actor does not belong where it meets another, who then may well do so."""
        told = set(self._failed.values())
        shared = scene.shared_networks(actor, beside)
        return any(
            causes.trespass(scene, actor, network.name) in told
            and causes.trespass(scene, beside, network.name) not in told
            for network in shared
        )

    def leaks(self, role: str, published: Sequence[str]) -> tuple[str, ...]:
        """Return the bindings that lead round through the host to a role that should be out of reach."""
        if not any(flow.target == role and flow.shut and flow.mark == "wrong" for flow in self._flows):
            return ()
        return tuple(binding for binding in published if any(_speaks_of(word, binding) for word in self._words))

    def stolen(self, container: Container, names: Sequence[str], scene: Scene) -> bool:
        """Return whether a container answers to a name that should lead to another."""
        return any(
            check.name in names
            and container.id not in {actor.container.id for role in check.targets for actor in scene.role(role).actors}
            for check in self.failed(ResolvesCheck)
        )


def _speaks_of(text: str, binding: str) -> bool:
    return re.search(rf"(?<![\w.:]){re.escape(binding)}(?!\w)", text) is not None
