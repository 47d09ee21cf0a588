"""What an exercise requires of an engine, and what to change where it is lacking: never a matter of marks."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from grader.errors import EngineUnsupported
from grader.models.evidence import Evidence, HostEvidence
from grader.models.probe import HOST
from grader.rubric.model import Requirement, Rubric


@dataclass(frozen=True, slots=True)
class _Demand:
    """What it is, how to see that an engine lacks it, why it does, and how to mend that."""

    what: str
    lacks: Callable[[HostEvidence], bool]
    why: str
    remedy: str


def _refuses_host_network(seen: HostEvidence) -> bool:
    """Return whether users are remapped, and nobody has found the way round that yet.

    Such an engine starts a container with `--network host` only if `--userns host` is given too (20.10, 28.5).
    """
    containers = seen.snapshot.containers
    there = any(each.network_mode == HOST and each.state == "running" for each in containers)
    return seen.snapshot.engine.remaps_users and not there


def _no_ipv6(seen: HostEvidence) -> bool:
    """Return whether the engine's own stack was seen, and has not even IPv6's loopback."""
    looks = [look.sandbox for look in seen.observations if look.source == HOST and look.sandbox]
    return any(not any(":" in interface.address for interface in look.interfaces) for look in looks)


_DEMANDS: Mapping[Requirement, _Demand] = {
    "host-network": _Demand(
        "the host's network",
        _refuses_host_network,
        "remaps users (userns-remap), so it refuses --network host without --userns host",
        'add --userns host to docker run, or take "userns-remap" out of /etc/docker/daemon.json and restart Docker',
    ),
    "swarm": _Demand(
        "swarm mode",
        lambda seen: seen.snapshot.engine.live_restore,
        "has live-restore switched on, which excludes swarm mode",
        'set "live-restore": false in /etc/docker/daemon.json and restart Docker',
    ),
    "ipv6": _Demand(
        "IPv6",
        _no_ipv6,
        "has it switched off in its kernel",
        "on the engine's machine, sysctl -w net.ipv6.conf.all.disable_ipv6=0, then restart Docker",
    ),
}
_ON_DESKTOP = (
    "This is Docker Desktop, where the host is a small virtual machine, and it was looked at there. To open the page "
    "in your own browser, switch on Settings, Resources, Network, Enable host networking (version 4.34 or later)."
)
_ROOTLESS = (
    "This engine is rootless: its host's network is not your machine's but one of its own, and it was looked at there. "
    "A browser on your machine does not reach a container with --network host."
)


def demand(rubric: Rubric, evidence: Evidence) -> None:
    """Raise EngineUnsupported for the first thing that an engine lacks and the exercise requires."""
    for name, seen in evidence.hosts.items():
        for each in (_DEMANDS[word] for word in rubric.requires):
            if each.lacks(seen):
                engine = name if len(evidence.hosts) > 1 else seen.snapshot.engine.name or name
                raise EngineUnsupported(
                    f"this exercise needs {each.what}, but the engine {engine} {each.why}", each.remedy
                )


def remarks(rubric: Rubric, evidence: Evidence) -> Iterator[str]:
    """Yield what a learner should know of an engine that offers a thing in its own way, which costs nothing."""
    if "host-network" not in rubric.requires:
        return
    engines = [seen.snapshot.engine for seen in evidence.hosts.values()]
    if any(engine.desktop for engine in engines):
        yield _ON_DESKTOP
    elif any(engine.rootless for engine in engines):
        yield _ROOTLESS
