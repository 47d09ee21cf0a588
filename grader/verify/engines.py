"""Engines on which nothing was built, drawn: what a check says of them needs no engine to be told."""

from grader.judging.sketch import Net, Place, Sketch
from grader.models.evidence import Evidence, HostEvidence
from grader.models.snapshot import Network, Snapshot
from grader.rubric.model import Rubric

PREDEFINED = {"bridge": "bridge", "host": "host", "none": "null"}
"""The networks that Docker makes itself, and their drivers."""

_BRIDGE_OPTIONS = {
    "com.docker.network.bridge.default_bridge": "true",
    "com.docker.network.bridge.enable_icc": "true",
    "com.docker.network.bridge.enable_ip_masquerade": "true",
    "com.docker.network.bridge.host_binding_ipv4": "0.0.0.0",  # noqa: S104 - what Docker says
    "com.docker.network.bridge.name": "docker0",
    "com.docker.network.driver.mtu": "1500",
}


def empty(rubric: Rubric) -> Evidence:
    """Return what is seen of engines, one for each host of the rubric, that have just been installed."""
    return sketched(rubric, {})


def stopped(rubric: Rubric) -> Evidence:
    """Return what is seen of engines on which each role has a container that is right in all, but does not run."""
    return sketched(rubric, {host: _stopped_on(rubric, host) for host in rubric.hosts})


def sketched(rubric: Rubric, builds: dict[str, Sketch]) -> Evidence:
    """Return what is seen of these builds, with Docker's own networks beside them; of the other hosts, nothing else."""
    own = tuple(Net(name, driver) for name, driver in PREDEFINED.items())
    seen: dict[str, HostEvidence] = {}
    for host in rubric.hosts:
        build = builds.get(host, Sketch())
        drawn = Sketch((*own, *build.nets), build.places).evidence(rubric.wants, rubric.roles)
        seen[host] = _lifelike(drawn.hosts["default"])
    whole = Sketch(places=tuple(place for build in builds.values() for place in build.places))
    return whole.evidence(rubric.wants, rubric.roles).model_copy(update={"hosts": seen})


def _lifelike(seen: HostEvidence) -> HostEvidence:
    networks = tuple(_as_docker_makes_it(network) for network in seen.snapshot.networks)
    snapshot: Snapshot = seen.snapshot.model_copy(update={"networks": networks})
    return seen.model_copy(update={"snapshot": snapshot})


def _as_docker_makes_it(network: Network) -> Network:
    if network.name == "bridge":
        return network.model_copy(update={"options": _BRIDGE_OPTIONS})
    return network.model_copy(update={"subnets": ()}) if network.name in PREDEFINED else network


def _stopped_on(rubric: Rubric, host: str) -> Sketch:
    wanted = sorted(rubric.wants.networks - set(PREDEFINED))
    places = (
        _stopped_role(rubric, name, tuple(wanted))
        for name, role in rubric.roles.items()
        if (role.host or rubric.hosts[0]) == host
    )
    return Sketch(tuple(Net(name) for name in wanted), tuple(places))


def _stopped_role(rubric: Rubric, name: str, networks: tuple[str, ...]) -> Place:
    ports = tuple(sorted(rubric.wants.ports))
    return Place(
        name,
        image=rubric.roles[name].image or "busybox",
        on=networks,
        aliases=tuple(sorted(rubric.wants.names_of(name))),
        exposes=ports,
        publishes=tuple(f"0.0.0.0:{port}->{port}" for port in ports),
        state="exited",
    )
