"""A running build made into another one, in place, and back again.

What is to change is read off two snapshots of the same engine, one real and one imagined. What an engine can change
in a running container is changed there; for the rest the container is made anew from its own settings.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from docker import APIClient

    from grader.models.probe import Listener
    from grader.models.snapshot import Binding, Container, Endpoint, Network, Snapshot

_MADE_WITH = ("image", "requested", "exposed", "hostname", "network_mode", "extra_hosts", "dns", "dns_search")
"""What a container has for life."""
_STAND_IN = "busybox"
"""Serves a page wherever it is told to, in place of a program that listens elsewhere."""
_APART = ("bridge", "host", "none")


@dataclass(slots=True)
class Altered:
    """An engine's build; `ids` are those of containers that were made anew, `first` is how each was made first."""

    client: APIClient
    ids: dict[str, str] = field(default_factory=dict)
    first: dict[str, dict[str, Any]] = field(default_factory=dict)

    def remember(self, snapshot: Snapshot) -> None:
        """Keep how every container was made."""
        self.first |= {each.id: dict(self.client.inspect_container(each.id)) for each in snapshot.containers}

    def change(self, before: Snapshot, after: Snapshot, listens: Mapping[str, tuple[Listener, ...]]) -> None:
        """Turn the one into the other; `listens` tells of programs which do so elsewhere than they did at first.

        One that listens nowhere in particular is made anew as it was.
        """
        there = {each.id: each for each in before.containers}
        wanted = {each.id: each for each in after.containers}
        anew = {
            identity
            for identity, each in wanted.items()
            if identity not in there or identity in listens or _differs(there[identity], each)
        }
        for identity in {*(there.keys() - wanted.keys()), *(anew & there.keys())}:
            self._remove(identity)
        self._networks(before, after)
        for identity, each in wanted.items():
            if identity in anew:
                self._make(each, listens.get(identity))
            else:
                self._adjust(there[identity], each)

    def restart(self, identity: str) -> None:
        """Let a container's program look its neighbours up again."""
        self.client.restart(self._id(identity), timeout=1)

    def _id(self, identity: str) -> str:
        return self.ids.get(identity, identity)

    def _remove(self, identity: str) -> None:
        self.client.remove_container(self._id(identity), force=True, v=True)
        self.ids.pop(identity, None)

    # --- networks

    def _networks(self, before: Snapshot, after: Snapshot) -> None:
        there = {each.name: each for each in before.networks}
        wanted = {each.name: each for each in after.networks}
        for name, network in there.items():
            if wanted.get(name) != network:
                self._drop(name)
        for name, network in wanted.items():
            if there.get(name) != network:
                self._create(network)

    def _drop(self, name: str) -> None:
        from docker.errors import APIError

        details = self.client.inspect_network(name)
        for identity in details.get("Containers") or {}:
            with suppress(APIError):  # one that has stopped is connected on paper only
                self.client.disconnect_container_from_network(identity, name, force=True)
        self.client.remove_network(details["Id"])

    def _create(self, network: Network) -> None:
        from docker.types import IPAMConfig, IPAMPool

        if network.driver == "macvlan":
            self._carry()
        pools = [
            IPAMPool(subnet=pool.subnet, gateway=pool.gateway) for pool in network.subnets if ":" not in pool.subnet
        ]
        parent = {"parent": "docker0"} if network.driver == "macvlan" else {}
        self.client.create_network(
            network.name,
            driver=network.driver,
            options={**network.options, **parent},
            ipam=IPAMConfig(pool_configs=pools),
            internal=network.internal,
            attachable=network.attachable or None,
        )

    def _carry(self) -> None:
        """Keep docker0 up: a macvlan carries nothing while its parent is down, and that is up only with a container."""
        name = "grade-carrier"
        if not self.client.containers(filters={"name": [name]}):
            made = self.client.create_container(_STAND_IN, ["sleep", "600"], name=name)["Id"]
            self.client.start(made)

    # --- containers

    def _adjust(self, there: Container, wanted: Container) -> None:
        """Change a container that stays the one it is."""
        identity = self._id(wanted.id)
        if there.name != wanted.name:
            self.client.rename(identity, wanted.name)
        self._connect(identity, wanted)
        self._live(identity, there.state, wanted.state)

    def _connect(self, identity: str, wanted: Container) -> None:
        if wanted.network_mode.startswith(("host", "none", "container:")):
            return
        now = self.client.inspect_container(identity)["NetworkSettings"]["Networks"]
        target = {each.network: each for each in wanted.endpoints}
        for name, raw in now.items():
            if name not in target or not set(target[name].aliases) >= {*(raw.get("Aliases") or ())} - {identity[:12]}:
                self.client.disconnect_container_from_network(identity, name, force=True)
        now = self.client.inspect_container(identity)["NetworkSettings"]["Networks"]
        for name in target.keys() - now.keys():
            self.client.connect_container_to_network(identity, name, **_endpoint(target[name], wanted))

    def _live(self, identity: str, state: str, wanted: str) -> None:
        if state == wanted:
            return
        if state == "paused":
            self.client.unpause(identity)
        if wanted == "paused":
            self.client.pause(identity)
        elif wanted == "running" and state != "paused":
            self.client.start(identity)
        elif wanted == "exited":
            self.client.stop(identity, timeout=1)

    def _make(self, wanted: Container, listens: tuple[Listener, ...] | None) -> None:
        first = self.first.get(wanted.id)
        idle: dict[str, Any] = {"Image": _STAND_IN, "Cmd": ["sleep", "600"], "HostConfig": {}}
        raw = _config(wanted, first) if first else idle
        if first and wanted.image != first["Config"]["Image"]:
            repository, _, tag = wanted.image.rpartition(":")
            self.client.tag(first["Image"], repository, tag)
        if listens:
            one = listens[0]
            raw |= {"Image": _STAND_IN, "Entrypoint": [], "Cmd": ["httpd", "-f", "-p", f"{one.address}:{one.port}"]}
            raw |= {"User": "", "WorkingDir": "/", "Healthcheck": None}
        host = raw["HostConfig"]
        host["NetworkMode"] = self._mode(wanted)
        endpoints = {each.network: each for each in wanted.endpoints}
        begun = endpoints.get(host["NetworkMode"])
        raw["NetworkingConfig"] = {"EndpointsConfig": {begun.network: _settings(begun, wanted)} if begun else {}}
        made = self.client.create_container_from_config(raw, wanted.name)["Id"]  # type: ignore[no-untyped-call]  # so typed
        self.ids[wanted.id] = made
        self._connect(made, wanted)
        self._live(made, "created", wanted.state)

    def _mode(self, wanted: Container) -> str:
        mode = wanted.network_mode
        if mode.startswith("container:"):
            return f"container:{self._id(mode.removeprefix('container:'))}"
        if mode in ("host", "none"):
            return mode
        return next((each.network for each in wanted.endpoints), "none")


def _differs(there: Container, wanted: Container) -> bool:
    return any(getattr(there, name) != getattr(wanted, name) for name in _MADE_WITH)


def _config(wanted: Container, first: Mapping[str, Any]) -> dict[str, Any]:
    """Return how a container is made anew: as it was, but for what is wanted otherwise."""
    host = {
        **first["HostConfig"],
        "PortBindings": _bindings(wanted.requested),
        "PublishAllPorts": False,
        "ExtraHosts": list(wanted.extra_hosts),
        "Dns": list(wanted.dns),
        "DnsSearch": list(wanted.dns_search),
        "AutoRemove": False,
    }
    shares = wanted.network_mode.startswith(("container:", "host"))
    return {
        **first["Config"],
        "Image": wanted.image,
        "Hostname": "" if shares else wanted.hostname,
        "Domainname": "",
        "ExposedPorts": {} if shares else {f"{port.number}/{port.protocol}": {} for port in wanted.exposed},
        "HostConfig": {**host, "PortBindings": {}} if shares else host,
    }


def _bindings(requested: tuple[Binding, ...]) -> dict[str, list[dict[str, str]]]:
    found: dict[str, list[dict[str, str]]] = {}
    for each in requested:
        if each.host_ip == "::":
            continue  # the twin of a binding to all addresses
        place = {"HostIp": each.host_ip, "HostPort": str(each.host_port or "")}
        found.setdefault(f"{each.port}/{each.protocol}", []).append(place)
    return found


def _names(endpoint: Endpoint, container: Container) -> Iterator[str]:
    own = {container.name, container.short_id, container.hostname}
    return (alias for alias in endpoint.aliases if alias not in own)


def _endpoint(endpoint: Endpoint, container: Container) -> dict[str, Any]:
    if endpoint.network in _APART:
        return {}
    fixed = next((each for each in endpoint.fixed if ":" not in each), None)
    return {"aliases": list(_names(endpoint, container)), "ipv4_address": fixed}


def _settings(endpoint: Endpoint, container: Container) -> dict[str, Any]:
    if endpoint.network in _APART:
        return {}
    fixed = next((each for each in endpoint.fixed if ":" not in each), None)
    addresses = {"IPAMConfig": {"IPv4Address": fixed}} if fixed else {}
    return {"Aliases": list(_names(endpoint, container)), **addresses}
