"""What bars every build from passing a check: reasons that lie in itself, or in what Docker offers."""

from collections.abc import Iterator
from dataclasses import dataclass

from grader.checks.attached import AttachedCheck
from grader.checks.base import Check
from grader.checks.http import HttpCheck
from grader.checks.network import NetworkCheck
from grader.checks.publishes import PublishesCheck
from grader.checks.reaches import ReachesCheck
from grader.checks.resolves import ResolvesCheck
from grader.checks.unreachable import UnreachableCheck
from grader.rubric.positions import Step
from grader.verify.demands import Demands, opens
from grader.verify.engines import PREDEFINED


@dataclass(frozen=True, slots=True)
class Bar:
    """Why no build can pass a check; `path` leads to the place within it."""

    check: Check
    path: tuple[Step, ...]
    why: str
    remedy: str


def networks(demands: Demands) -> Iterator[Bar]:
    """Find networks that Docker lets nobody make."""
    for check in demands.of(NetworkCheck):
        own = PREDEFINED.get(check.network)
        if own and check.driver not in (None, own):
            why = f"Docker makes the network {check.network} itself, with the driver {own}"
            yield Bar(check, ("driver",), why, "name a network of the learner's own")
        elif own and check.internal:
            why = f"Docker makes the network {check.network} itself, and it is not internal"
            yield Bar(check, ("internal",), why, "name a network of the learner's own")
        elif not own and check.driver in ("host", "null", "none"):
            why = f"Docker has one network of the driver {check.driver} and makes no second one"
            yield Bar(check, ("driver",), why, "ask for `network_mode` with a check of the kind `container`")


def modes(demands: Demands) -> Iterator[Bar]:
    """Find demands on roles that are to use the host's network or none, where there is nothing of the kind."""
    for check in demands.rubric.checks:
        for role in dict.fromkeys(check.roles()):
            for mode in ("host", "none"):
                if mode in demands.modes[role] and (why := _lacking(check, role, mode)):
                    remedy = f"change one of the two: `{demands.modes[role][mode].id}` demands that mode"
                    yield Bar(check, (), why, remedy)


def _lacking(check: Check, role: str, mode: str) -> str:
    """Return what a container in a network mode has not, though a check demands it."""
    alone = f"a container with --network {mode}, as {role} is to have,"
    match check:
        case AttachedCheck() if others := [network for network in check.to if network != mode]:
            return f"{alone} cannot join {others[0]}"
        case PublishesCheck() if opens(check):
            return f"{alone} publishes nothing"
        case ResolvesCheck():
            return f"{alone} has no part in Docker's DNS"
        case ReachesCheck() | UnreachableCheck() if mode == "none" and check.port and role == check.target:
            return f"{alone} has no address at which others could try it"
        case ReachesCheck() if mode == "none":
            return f"{alone} reaches nobody"
        case HttpCheck() if mode == "none":
            return f"{alone} has no address at which a page could be asked for"
        case _:
            return ""


def placements(demands: Demands) -> Iterator[Bar]:
    """Find networks that cannot be joined beside others, or by nobody."""
    for check in demands.of(AttachedCheck):
        for index, network in enumerate(check.to):
            others = {other for other in demands.joins[check.role] if other != network}
            if network in ("host", "none") and others:
                why = f"a container on {network} can be on no other network, and {min(others)} is demanded too"
                yield Bar(check, ("to", index), why, f"take {network} out of `to`")
            elif network not in PREDEFINED and (driver := demands.drivers.get(network)) in ("host", "null"):
                why = f"{network} is to have the driver {driver}, of which Docker makes no network"
                yield Bar(check, ("to", index), why, "mend the driver first")


def values(demands: Demands) -> Iterator[Bar]:
    """Find demands that are wrong in themselves."""
    for check in demands.of(UnreachableCheck):
        if check.source == check.target:
            why = f"{check.target} always reaches itself"
            yield Bar(check, ("from",), why, "name in `from` whoever has to be kept out")
    for page in demands.of(HttpCheck):
        if not any(100 <= code <= 599 for code in page.status):
            why = "a status code has three digits, the first one from 1 to 5"
            yield Bar(page, ("status",), why, "200 is what a page that works answers")
