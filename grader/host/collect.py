"""The state of a live engine, reduced to what may be stored."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from grader.host import portkeys
from grader.models.snapshot import (
    SERVICE_LABEL,
    Binding,
    Container,
    Endpoint,
    Engine,
    Listed,
    Network,
    Service,
    Snapshot,
    Subnet,
    Swarm,
)

if TYPE_CHECKING:
    from docker import APIClient

RUN_LABEL = "grade.run"
"""Marks our own sidecars, which are no part of anybody's build."""
_KEPT_LABELS = (
    "com.docker.compose.project",
    "com.docker.compose.service",
    "com.docker.compose.oneoff",
    SERVICE_LABEL,
)
_IMAGES_LOOKED_AT = 24
_Raw = Mapping[str, Any]


class Chosen(Protocol):
    """Which of the listed containers to inspect."""

    @property
    def ids(self) -> Sequence[str]:
        """Ids, the most plausible first."""

    @property
    def left_out(self) -> int:
        """How many plausible ones are not among them."""


def collect(
    client: APIClient,
    choose: Callable[[Sequence[Listed], Sequence[Network]], Chosen],
    images: Collection[str] = (),
) -> Snapshot:
    """Return the engine's networks and the chosen containers; the others are counted, not inspected.

    `images` are repositories whose descendants are worth recognising.
    """
    engine = engine_of(client)
    networks = tuple(sorted(map(_network, client.networks()), key=lambda each: (each.name, each.id)))
    listed = [_listed(raw) for raw in client.containers(all=True) if RUN_LABEL not in (raw.get("Labels") or {})]
    chosen = choose(listed, networks)
    raws = _with_owners(client, [raw for identity in chosen.ids if (raw := _inspected(client, identity))])
    known = _Images(client, images)
    return Snapshot(
        engine=engine,
        networks=networks,
        containers=tuple(sorted((_container(raw, known) for raw in raws), key=lambda each: (each.name, each.id))),
        other_containers=len(listed) - len(raws),
        left_out=chosen.left_out,
    )


def engine_of(client: APIClient) -> Engine:
    """Return what an engine tells of itself."""
    info = client.info()
    return Engine(
        id=info.get("ID") or "",
        name=info.get("Name") or "",
        version=info.get("ServerVersion") or "",
        api_version=client.api_version,
        os=info.get("OSType") or "linux",
        architecture=info.get("Architecture") or "",
        rootless=any("rootless" in option for option in info.get("SecurityOptions") or ()),
        desktop="Docker Desktop" in (info.get("OperatingSystem") or ""),
        remaps_users=any("name=userns" in option for option in info.get("SecurityOptions") or ()),
        live_restore=bool(info.get("LiveRestoreEnabled")),
        cpus=info.get("NCPU") or 0,
        swarm=_swarm(client, info.get("Swarm") or {}),
        now=info["SystemTime"],
    )


def _swarm(client: APIClient, raw: _Raw) -> Swarm | None:
    state = raw.get("LocalNodeState") or "inactive"
    if state == "inactive":
        return None
    manager = bool(raw.get("ControlAvailable"))
    known = _known_to_manager(client) if manager else {}
    return Swarm.model_validate(
        {
            "state": state,
            "node": raw.get("NodeID") or "",
            "cluster": (raw.get("Cluster") or {}).get("ID") or None,
            "manager": manager,
            **known,
            "error": raw.get("Error") or known.get("error"),
        }
    )


def _known_to_manager(client: APIClient) -> dict[str, object]:
    """Return a swarm's nodes and services; a manager without its peers cannot tell, and says why."""
    from docker.errors import APIError

    try:
        nodes = client.nodes()
        services = client.services()  # type: ignore[no-untyped-call]  # types-docker lacks it
    except APIError as error:
        return {"error": str(error.explanation or error)}
    return {
        "members": tuple(sorted(node["ID"] for node in nodes)),
        "down": tuple(sorted(node["ID"] for node in nodes if (node.get("Status") or {}).get("State") == "down")),
        "services": tuple(sorted(map(_service, services), key=lambda service: service.id)),
    }


def _service(raw: _Raw) -> Service:
    places = (raw.get("Endpoint") or {}).get("VirtualIPs") or ()
    return Service(
        id=raw["ID"], addresses=tuple(place["Addr"].partition("/")[0] for place in places if place.get("Addr"))
    )


def _network(raw: _Raw) -> Network:
    pools = (raw.get("IPAM") or {}).get("Config") or ()
    return Network(
        id=raw["Id"],
        name=raw["Name"],
        driver=raw.get("Driver") or "",
        scope=raw.get("Scope") or "local",
        internal=bool(raw.get("Internal")),
        attachable=bool(raw.get("Attachable")),
        ipv6=bool(raw.get("EnableIPv6")),
        subnets=tuple(_subnet(pool) for pool in pools if pool.get("Subnet")),
        options={key: str(value) for key, value in (raw.get("Options") or {}).items() if _is_plain_option(key)},
    )


def _is_plain_option(key: str) -> bool:
    return key.startswith("com.docker.network.") or key in (
        "parent",
        "macvlan_mode",
        "ipvlan_mode",
        "encrypted",
    )


def _subnet(pool: _Raw) -> Subnet:
    # An older engine writes an IPv6 gateway with its prefix length.
    return Subnet(subnet=pool["Subnet"], gateway=(pool.get("Gateway") or "").partition("/")[0] or None)


def _listed(raw: _Raw) -> Listed:
    networks = (raw.get("NetworkSettings") or {}).get("Networks") or {}
    return Listed(
        id=raw["Id"],
        name=_name((raw.get("Names") or [""])[0]),
        image=raw.get("Image") or "",
        state=raw["State"],
        created_at=raw.get("Created") or 0,
        ports=tuple(sorted({port["PrivatePort"] for port in raw.get("Ports") or ()})),
        host_ports=tuple(sorted({port["PublicPort"] for port in raw.get("Ports") or () if port.get("PublicPort")})),
        networks=tuple(sorted(networks)),
        labels=_labels(raw.get("Labels")),
    )


def _inspected(client: APIClient, identity: str) -> dict[str, Any] | None:
    """Return a container's details, None if it has gone since it was listed."""
    from docker.errors import NotFound

    try:
        return dict(client.inspect_container(identity))
    except NotFound:
        return None


def _with_owners(client: APIClient, raws: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the containers with those whose sandboxes they joined: their networks and ports are what counts."""
    found = {raw["Id"]: raw for raw in raws}
    waiting = list(found.values())
    while waiting:
        _, joined, owner = (waiting.pop()["HostConfig"].get("NetworkMode") or "").partition("container:")
        if joined and owner not in found and (raw := _inspected(client, owner)) and raw["Id"] not in found:
            found[raw["Id"]] = raw
            waiting.append(raw)
    return list(found.values())


def _container(raw: _Raw, images: _Images) -> Container:
    config, state, host = raw["Config"], raw["State"], raw["HostConfig"]
    settings = raw.get("NetworkSettings") or {}
    short = raw["Id"][:12]
    exposed = portkeys.exposed(config.get("ExposedPorts"))
    requested = portkeys.bindings(host.get("PortBindings"))
    if host.get("PublishAllPorts"):
        requested += tuple(Binding(port=port.number, protocol=port.protocol) for port in exposed)
    return Container(
        id=raw["Id"],
        name=_name(raw["Name"]),
        image=config.get("Image") or "",
        image_id=raw["Image"],
        image_tags=images.tags(raw["Image"]),
        ancestors=images.ancestors(raw["Image"]),
        hostname=config.get("Hostname") or "",
        state=state["Status"],
        exit_code=state.get("ExitCode") or 0,
        restarts=raw.get("RestartCount") or 0,
        oom_killed=bool(state.get("OOMKilled")),
        port_taken=any(words in (state.get("Error") or "") for words in ("already allocated", "already in use")),
        created_at=raw["Created"],
        started_at=None if state["StartedAt"].startswith("0001-") else state["StartedAt"],
        network_mode=host.get("NetworkMode") or "default",
        endpoints=tuple(
            _endpoint(name, each, short) for name, each in sorted((settings.get("Networks") or {}).items())
        ),
        exposed=exposed,
        requested=requested,
        published=portkeys.bindings(settings.get("Ports")),
        publish_all=bool(host.get("PublishAllPorts")),
        extra_hosts=tuple(host.get("ExtraHosts") or ()),
        dns=tuple(host.get("Dns") or ()),
        dns_search=tuple(host.get("DnsSearch") or ()),
        links=tuple(host.get("Links") or ()),
        labels=_labels(config.get("Labels")),
        env_names=tuple(sorted(line.partition("=")[0] for line in config.get("Env") or ())),
    )


def _endpoint(network: str, raw: _Raw, short_id: str) -> Endpoint:
    # From API 1.45 on, what DNS answers to stands in DNSNames, before in Aliases.
    names = dict.fromkeys([*(raw.get("Aliases") or ()), *(raw.get("DNSNames") or ())])
    return Endpoint(
        network=network,
        network_id=raw.get("NetworkID") or "",
        ipv4=raw.get("IPAddress") or None,
        ipv4_prefix=raw.get("IPPrefixLen") or None,
        ipv6=raw.get("GlobalIPv6Address") or None,
        ipv6_prefix=raw.get("GlobalIPv6PrefixLen") or None,
        gateway=raw.get("Gateway") or None,
        gateway6=raw.get("IPv6Gateway") or None,
        fixed=tuple(a for key in ("IPv4Address", "IPv6Address") if (a := (raw.get("IPAMConfig") or {}).get(key))),
        aliases=tuple(name for name in names if name != short_id),
    )


def _name(raw: str) -> str:
    return raw.removeprefix("/")


def _labels(raw: Mapping[str, str] | None) -> dict[str, str]:
    return {key: value for key, value in (raw or {}).items() if key.startswith("grade.") or key in _KEPT_LABELS}


class _Images:
    """Tags and ancestry of images; BuildKit keeps no parent, so ancestry is read off the layers."""

    def __init__(self, client: APIClient, repositories: Collection[str]) -> None:
        self._client = client
        self._repositories = sorted(repositories)
        self._seen: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {}
        self._bases: list[tuple[tuple[str, ...], tuple[str, ...]]] | None = None

    def tags(self, image: str) -> tuple[str, ...]:
        """Return the image's tags."""
        return self._look(image)[0]

    def ancestors(self, image: str) -> tuple[str, ...]:
        """Return the tags of the watched images that this one is built on."""
        tags, layers = self._look(image)
        found = {
            tag
            for base_tags, base in self._known_bases()
            if base and len(base) < len(layers) and layers[: len(base)] == base
            for tag in base_tags
        }
        return tuple(sorted(found - set(tags)))

    def _look(self, image: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
        from docker.errors import NotFound

        if image not in self._seen:
            try:
                raw = self._client.inspect_image(image)  # type: ignore[no-untyped-call]  # types-docker lacks it
            except NotFound:
                raw = {}  # a container outlives its image when that was removed by force
            layers = (raw.get("RootFS") or {}).get("Layers") or ()
            self._seen[image] = (tuple(sorted(raw.get("RepoTags") or ())), tuple(layers))
        return self._seen[image]

    def _known_bases(self) -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
        if self._bases is None:
            raws = self._client.images(filters={"reference": self._repositories}) if self._repositories else []
            self._bases = [self._look(raw["Id"]) for raw in raws[:_IMAGES_LOOKED_AT]]
        return self._bases
