"""What the checks said, as far as it is drawn."""

import re
from collections.abc import Iterable, Sequence
from typing import TypeVar

from grader.checks.base import Check
from grader.checks.container import ContainerCheck
from grader.checks.dns import DnsCheck
from grader.checks.exposes import ExposesCheck
from grader.checks.http import HttpCheck
from grader.checks.image import ImageCheck
from grader.checks.network import NetworkCheck
from grader.checks.publishes import PublishesCheck
from grader.checks.resolves import ResolvesCheck
from grader.checks.sandbox import SandboxCheck
from grader.checks.swarm import SwarmCheck
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
        self._actual = {result.id: result.actual for result in results}
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
        return any(
            self._told_off(scene, actor, network.name) and not self._told_off(scene, beside, network.name)
            for network in scene.shared_networks(actor, beside)
        )

    def _told_off(self, scene: Scene, actor: Actor, network: str) -> bool:
        return bool(_trespass(scene, actor, network) & set(self._failed.values()))

    def leaks(self, role: str, published: Sequence[str]) -> tuple[str, ...]:
        """Return the bindings that lead round through the host to a role that should be out of reach."""
        if not any(flow.target == role and flow.shut and flow.mark == "wrong" for flow in self._flows):
            return ()
        return tuple(binding for binding in published if any(_speaks_of(word, binding) for word in self._words))

    def astray(self, actor: Actor, scene: Scene) -> set[str]:
        """Return the networks of which it is said that an actor does not belong there."""
        return {name for name in actor.networks if self._told_off(scene, actor, name)}

    def misbound(self, actor: Actor, scene: Scene) -> tuple[str, ...]:
        """Return the bindings that should be others."""
        asked = {(check.port, check.protocol) for check in self.failed(PublishesCheck) if check.role == actor.role}
        return tuple(each.shown for each in scene.owner(actor).published if (each.port, each.protocol) in asked)

    def misplaced(self, actor: Actor, name: str, addresses: Sequence[str]) -> bool:
        """Return whether an actor has another address on a network than it should."""
        asked = (check.addresses.get(name) for check in self.failed(SandboxCheck) if check.role == actor.role)
        return any(address and address not in addresses for address in asked)

    def faults(self, actor: Actor, scene: Scene) -> tuple[str, ...]:
        """Return what of an actor alone or of its engine is wrong, as found, unless its cause is drawn elsewhere."""
        checks = [check for check in self._checks if check.id in self._failed]
        drawn = {self._failed[check.id] for check in checks if not _of_one(check) and not isinstance(check, SwarmCheck)}
        drawn = drawn.union(*(_trespass(scene, actor, name) for name in actor.networks))
        found = [check for check in checks if _of_one(check) and check.roles()[0] == actor.role]
        mine = [self._actual[check.id] for check in found if self._failed[check.id] not in drawn]
        engine = [
            f"{actor.host}: {self._actual[check.id]}"
            for check in self.failed(SwarmCheck)
            if (check.host or scene.first_host) == actor.host and self._failed[check.id] not in drawn
        ]
        return tuple(dict.fromkeys((*mine, *engine)))

    def stolen(self, container: Container, names: Sequence[str], scene: Scene) -> bool:
        """Return whether a container answers to a name that should lead to another."""
        return any(
            check.name in names
            and container.id not in {actor.container.id for role in check.targets for actor in scene.role(role).actors}
            for check in self.failed(ResolvesCheck)
        )


def _of_one(check: Check) -> bool:
    """Return whether a check speaks of one container and of nothing that has a place of its own in the picture."""
    match check:
        case ContainerCheck() | ImageCheck() | SandboxCheck() | ExposesCheck():
            return not (isinstance(check, SandboxCheck) and check.addresses)
        case HttpCheck():
            return check.source is None
        case DnsCheck():
            return not check.strangers
        case _:
            return False


def _trespass(scene: Scene, actor: Actor, network: str) -> set[str]:
    """Return the ways in which it is said that an actor does not belong on a network, whose name may stand bare."""
    return {causes.trespass(scene, actor, network), f"{actor.label} is on {network}, where it does not belong"}


def _speaks_of(text: str, binding: str) -> bool:
    return re.search(rf"(?<![\w.:]){re.escape(binding)}(?!\w)", text) is not None
