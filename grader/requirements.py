"""What an exercise requires of an engine, and what to change where it is lacking: never a matter of marks."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from grader.errors import EngineUnsupported
from grader.models.evidence import Evidence, HostEvidence
from grader.models.probe import HOST
from grader.rubric.model import Requirement, Rubric


@dataclass(frozen=True, slots=True)
class _Demand:
    """How to see that an engine lacks something, what that means, and how to mend it."""

    lacks: Callable[[HostEvidence], bool]
    means: str
    remedy: str


def _no_ipv6(seen: HostEvidence) -> bool:
    looks = [look.sandbox for look in seen.observations if look.source == HOST and look.sandbox]
    return any(not any(":" in interface.address for interface in look.interfaces) for look in looks)


_DEMANDS: Mapping[Requirement, _Demand] = {
    "host-network": _Demand(
        lambda seen: seen.snapshot.engine.remaps_users,
        "remaps users, so it starts no container with --network host",
        'take "userns-remap" out of /etc/docker/daemon.json and restart Docker, or use another engine',
    ),
    "swarm": _Demand(
        lambda seen: seen.snapshot.engine.live_restore,
        "keeps containers alive without it (live-restore), which excludes swarm mode",
        'set "live-restore": false in /etc/docker/daemon.json and restart Docker',
    ),
    "ipv6": _Demand(
        _no_ipv6,
        "has no IPv6",
        "let the kernel have it (sysctl net.ipv6.conf.all.disable_ipv6=0) and restart Docker",
    ),
}


def demand(rubric: Rubric, evidence: Evidence) -> None:
    """Raise EngineUnsupported for the first thing that an engine lacks and the exercise requires."""
    for name, seen in evidence.hosts.items():
        for each in rubric.requires:
            if _DEMANDS[each].lacks(seen):
                engine = name if len(evidence.hosts) > 1 else seen.snapshot.engine.name or name
                raise EngineUnsupported(
                    f"the engine {engine} {_DEMANDS[each].means}, and this exercise requires it", _DEMANDS[each].remedy
                )
