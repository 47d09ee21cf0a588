"""What the checks of a rubric demand together of networks and roles."""

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import TypeVar

from grader.checks.attached import AttachedCheck
from grader.checks.base import Check
from grader.checks.container import ContainerCheck
from grader.checks.network import NetworkCheck
from grader.checks.publishes import PublishesCheck
from grader.rubric.model import Rubric
from grader.verify.engines import PREDEFINED

_OPENING = ("any", "all", "loopback")
_C = TypeVar("_C", bound=Check)


def opens(check: PublishesCheck) -> bool:
    """Return whether a check wants a port published, and not the contrary."""
    return check.address in _OPENING


class Demands:
    """A rubric, read by what it says of each network and each role; the check behind each demand comes with it."""

    def __init__(self, rubric: Rubric) -> None:
        self.rubric = rubric

    @cached_property
    def drivers(self) -> Mapping[str, str]:
        """The driver of each network, where it is demanded or Docker's own."""
        said = {check.network: check.driver for check in self.of(NetworkCheck) if check.driver}
        return {**said, **PREDEFINED}

    @cached_property
    def internal(self) -> frozenset[str]:
        """The networks that have to be cut off from the outside."""
        return frozenset(check.network for check in self.of(NetworkCheck) if check.internal)

    @cached_property
    def joins(self) -> Mapping[str, Mapping[str, Check]]:
        """The networks that each role has to be on."""
        return self._placed("to")

    @cached_property
    def avoids(self) -> Mapping[str, Mapping[str, Check]]:
        """The networks that each role has to keep off."""
        return self._placed("without")

    @cached_property
    def modes(self) -> Mapping[str, Mapping[str, Check]]:
        """The network modes that each role is to be started with: more than one is a contradiction."""
        found: dict[str, dict[str, Check]] = {role: {} for role in self.rubric.roles}
        for check in self.of(ContainerCheck):
            if check.network_mode:
                found[check.role].setdefault(check.network_mode, check)
        return found

    def open_to(self, role: str) -> frozenset[str]:
        """Return the networks of the rubric that a role may be on; Docker's own only where it has to be on them."""
        own = (self.rubric.wants.networks - set(PREDEFINED)) | set(self.joins[role])
        return frozenset(own - set(self.avoids[role]))

    def is_alone(self, role: str) -> bool:
        """Return whether a role is started on the host's stack or on none, where networks do not matter."""
        return bool({"host", "none"} & set(self.modes[role]))

    def of(self, kind: type[_C]) -> Iterator[_C]:
        """Return the checks of one kind."""
        return (check for check in self.rubric.checks if isinstance(check, kind))

    def _placed(self, key: str) -> dict[str, dict[str, Check]]:
        found: dict[str, dict[str, Check]] = {role: {} for role in self.rubric.roles}
        for check in self.of(AttachedCheck):
            for network in check.to if key == "to" else check.without:
                found[check.role].setdefault(network, check)
        return found
