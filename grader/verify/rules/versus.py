"""Demands that exclude one another, across checks and kinds."""

from collections.abc import Iterator
from ipaddress import ip_network
from itertools import combinations

from grader.checks.attached import AttachedCheck
from grader.checks.base import Check
from grader.checks.container import ContainerCheck
from grader.checks.http import HttpCheck
from grader.checks.image import ImageCheck
from grader.checks.network import NetworkCheck
from grader.checks.publishes import PublishesCheck
from grader.checks.reaches import ReachesCheck
from grader.checks.unreachable import UnreachableCheck
from grader.judging import imageref
from grader.judging.outside import OUTSIDE
from grader.models.verification import Finding
from grader.verify.demands import Demands, opens
from grader.verify.subject import Subject


def contradictory(subject: Subject) -> Iterator[Finding]:
    """Find pairs of checks of which every build fails one."""
    for one, other in combinations(subject.rubric.checks, 2):
        if reason := _reason(subject.demands, one, other):
            text = f"`{other.id}` and `{one.id}` on line {subject.line(one)} exclude one another: {reason}"
            yield Finding(*subject.at(other), "contradictory", text, "remove one of the two")


def _reason(demands: Demands, one: Check, other: Check) -> str:
    """Return why no build passes both, empty where that cannot be told."""
    homes = {demands.rubric.roles[role].host for check in (one, other) for role in check.roles()}
    return _apart(demands, one, other) or _apart(demands, other, one) if len(homes) < 2 else ""


def _apart(demands: Demands, one: Check, other: Check) -> str:
    """Return why no build passes both, in the order in which they are given."""
    match one, other:
        case AttachedCheck(), AttachedCheck() if one.role == other.role:
            both = sorted(set(one.to) & set(other.without))
            return f"{one.role} is on {both[0]} or it is not" if both else ""
        case ContainerCheck(), ContainerCheck() if one.role == other.role:
            return _two_properties(one, other)
        case ImageCheck(), ImageCheck() if one.role == other.role:
            return _two_images(one, other)
        case NetworkCheck(subnet=str(), network=name), NetworkCheck(subnet=str()) if name != other.network:
            return _overlap(one, other)
        case ReachesCheck(), UnreachableCheck() if (one.source, one.target) == (other.source, other.target):
            return _one_port_open(one, other)
        case PublishesCheck(), PublishesCheck():
            return _two_bindings(one, other)
        case _, UnreachableCheck():
            return _open_after_all(demands, one, other)
        case _:
            return ""


def _two_properties(one: ContainerCheck, other: ContainerCheck) -> str:
    if one.hostname and other.hostname and one.hostname != other.hostname:
        return f"{one.role} has one hostname"
    if one.network_mode and other.network_mode and one.network_mode != other.network_mode:
        return f"{one.role} has one network mode"
    return ""


def _two_images(one: ImageCheck, other: ImageCheck) -> str:
    first, second = imageref.parse(one.image), imageref.parse(other.image)
    both = first.satisfies(second) or second.satisfies(first)
    return "" if both else f"{one.role} is created from one image"


def _overlap(one: NetworkCheck, other: NetworkCheck) -> str:
    try:
        first, second = ip_network(one.subnet or ""), ip_network(other.subnet or "")
    except ValueError:
        return ""  # told of elsewhere
    clash = first.version == second.version and first.overlaps(second)
    return f"Docker makes no two networks whose pools overlap, as {first} and {second} do" if clash else ""


def _one_port_open(one: ReachesCheck, other: UnreachableCheck) -> str:
    """Return that where one port can be reached all can; outside there are only those that are published."""
    if one.source == OUTSIDE or (one.port, one.protocol) == (other.port, other.protocol):
        return ""  # the loader tells of the same port
    return f"where {one.source} gets through to {one.target} at all, every port of it can be tried"


def _two_bindings(one: PublishesCheck, other: PublishesCheck) -> str:
    taken = one.host_port is not None and (one.host_port, one.protocol) == (other.host_port, other.protocol)
    if opens(one) and not opens(other) and _port(one) == _port(other):
        return f"port {one.port} of {one.role} is published or it is not"
    if taken and opens(one) and opens(other) and (one.role, one.port) != (other.role, other.port):
        return f"the host's port {one.host_port} leads to one container's port"
    return ""


def _port(check: PublishesCheck) -> tuple[str, int, str]:
    return check.role, check.port, check.protocol


def _open_after_all(demands: Demands, one: Check, other: UnreachableCheck) -> str:
    """Return what opens a port that is to be out of reach."""
    match one:
        case PublishesCheck(address="all", role=role, port=port) if (role, port) == (other.target, other.port):
            met = f"what is published on all addresses of the host is open to {other.source}"
            return met if _meets_the_host(demands, other.source) else ""
        case HttpCheck(role=role, port=port, source=str(source)):
            same = (source, role, port) == (other.source, other.target, other.port)
            return f"{source} cannot get a page from a port that is out of its reach" if same else ""
        case _:
            return ""


def _meets_the_host(demands: Demands, source: str) -> bool:
    """Return whether it is sure that whoever this is can use the host's published ports."""
    if source == OUTSIDE:
        return True
    cut_off = bool(demands.joins[source]) and demands.open_to(source) <= demands.internal
    return "none" not in demands.modes[source] and not cut_off
