"""The state of one engine at one moment: an allow-list, so that no secret can slip in."""

from datetime import datetime, timedelta
from typing import Literal, TypeAlias

from grader.models.base import Frozen

SERVICE_LABEL = "com.docker.swarm.service.id"

State: TypeAlias = Literal["created", "running", "paused", "restarting", "removing", "exited", "dead"]
Protocol: TypeAlias = Literal["tcp", "udp", "sctp"]


class Service(Frozen):
    """A service of a swarm; its name leads to its virtual addresses, one on each of its networks, if it has any."""

    id: str
    addresses: tuple[str, ...] = ()


class Swarm(Frozen):
    """An engine's part in a swarm; `members` are the ids of its nodes, which only a manager knows."""

    state: str
    """`active`, `pending`, `error` or `locked`: a manager that has lost its peers is active, with an `error`."""
    node: str
    cluster: str | None = None
    manager: bool = False
    members: tuple[str, ...] = ()
    down: tuple[str, ...] = ()
    """Those of the members that their manager does not hear."""
    services: tuple[Service, ...] = ()
    error: str | None = None


class Engine(Frozen):
    """The engine that was looked at; `now` is its own clock, which may differ from ours."""

    id: str
    name: str
    version: str
    api_version: str
    os: str
    architecture: str
    rootless: bool = False
    desktop: bool = False
    """Whether it is Docker Desktop's, which lives in a virtual machine."""
    remaps_users: bool = False
    live_restore: bool = False
    cpus: int = 0
    """How many it has for its work; 0 means that it did not say."""
    swarm: Swarm | None = None
    now: datetime


class Subnet(Frozen):
    """One address pool of a network, in CIDR notation, and the gateway in it."""

    subnet: str
    gateway: str | None = None


class Network(Frozen):
    """A network; `options` are the driver's, as `docker network create -o` takes them."""

    id: str
    name: str
    driver: str
    scope: str = "local"
    internal: bool = False
    attachable: bool = False
    ipv6: bool = False
    subnets: tuple[Subnet, ...] = ()
    options: dict[str, str] = {}

    @property
    def inter_container(self) -> bool:
        """Whether the bridge lets its own containers talk (`icc`, on by default)."""
        return self.options.get("com.docker.network.bridge.enable_icc", "true").lower() != "false"


class Port(Frozen):
    """A port that an image or a container declares with EXPOSE."""

    number: int
    protocol: Protocol = "tcp"


class Binding(Frozen):
    """A container's port bound to the engine's; `host_ip` is empty where all addresses were asked for."""

    port: int
    protocol: Protocol = "tcp"
    host_ip: str = ""
    host_port: int | None = None

    @property
    def wildcard(self) -> bool:
        """Whether the engine listens on all its addresses."""
        return self.host_ip in ("", "0.0.0.0", "::")  # noqa: S104 - compared, never bound

    @property
    def loopback(self) -> bool:
        """Whether only the engine's own host can use it."""
        return self.host_ip.startswith("127.") or self.host_ip == "::1"

    @property
    def shown(self) -> str:
        """The binding as the docker command prints it."""
        host = f"[{self.host_ip}]" if ":" in self.host_ip else self.host_ip or "0.0.0.0"  # noqa: S104 - printed
        return f"{host}:{self.host_port}->{self.port}/{self.protocol}"


class Endpoint(Frozen):
    """A container's connection to one network, keyed by the network's name (Podman has no ids there).

    A container that does not run keeps its endpoints, without addresses.
    """

    network: str
    network_id: str = ""
    ipv4: str | None = None
    ipv4_prefix: int | None = None
    ipv6: str | None = None
    ipv6_prefix: int | None = None
    gateway: str | None = None
    gateway6: str | None = None
    fixed: tuple[str, ...] = ()
    """The addresses that were asked for with `--ip` and `--ip6`."""
    aliases: tuple[str, ...] = ()

    @property
    def addresses(self) -> tuple[str, ...]:
        """Its addresses, IPv4 first."""
        return tuple(address for address in (self.ipv4, self.ipv6) if address)


class Container(Frozen):
    """A container that may play a role; `image` is the reference that it was created from."""

    id: str
    name: str
    image: str
    image_id: str
    image_tags: tuple[str, ...] = ()
    ancestors: tuple[str, ...] = ()
    """Tags of local images whose layers this image's layers begin with."""
    hostname: str = ""
    state: State = "running"
    exit_code: int = 0
    restarts: int = 0
    """How often its restart policy has started it again."""
    oom_killed: bool = False
    port_taken: bool = False
    """Whether the engine could not start it because a port of the host was in use."""
    created_at: datetime
    started_at: datetime | None = None
    network_mode: str = "default"
    endpoints: tuple[Endpoint, ...] = ()
    exposed: tuple[Port, ...] = ()
    requested: tuple[Binding, ...] = ()
    """What `-p` asked for, in force or not."""
    published: tuple[Binding, ...] = ()
    """What the engine has really bound."""
    publish_all: bool = False
    """Whether it was started with `-P`, which publishes all that is exposed."""
    extra_hosts: tuple[str, ...] = ()
    dns: tuple[str, ...] = ()
    """What `--dns` asked for, `dns_search` what `--dns-search` did."""
    dns_search: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    labels: dict[str, str] = {}
    env_names: tuple[str, ...] = ()

    @property
    def service(self) -> str | None:
        """The id of the swarm's service of which it is a task."""
        return self.labels.get(SERVICE_LABEL)

    @property
    def short_id(self) -> str:
        """The 12 characters that Docker shows, which are a DNS name on user-defined networks."""
        return self.id[:12]

    @property
    def addresses(self) -> tuple[str, ...]:
        """All addresses on all networks."""
        return tuple(address for endpoint in self.endpoints for address in endpoint.addresses)

    @property
    def shares_sandbox_with(self) -> str | None:
        """The id or name of the container whose sandbox this one joined."""
        return self.network_mode.removeprefix("container:") if ":" in self.network_mode else None


YOUNG = timedelta(seconds=10)
"""How long a container counts as one that is still starting."""


class Snapshot(Frozen):
    """One engine: all its networks, the containers that may play a role, and a count of the others."""

    engine: Engine
    networks: tuple[Network, ...] = ()
    containers: tuple[Container, ...] = ()
    other_containers: int = 0
    left_out: int = 0
    """How many of the others were plausible too, beyond the bound on candidates."""

    def is_young(self, container: Container) -> bool:
        """Return whether a container has been created or started a moment ago, by the engine's clock."""
        return self.engine.now - (container.started_at or container.created_at) < YOUNG


class Listed(Frozen):
    """One line of the container list: enough to decide whether a container is worth inspecting."""

    id: str
    name: str
    image: str
    state: State
    created_at: int
    ports: tuple[int, ...] = ()
    host_ports: tuple[int, ...] = ()
    networks: tuple[str, ...] = ()
    mode: str = "default"
    """Its network mode, such as `host` or `container:ID`."""
    labels: dict[str, str] = {}


def is_called(container: Container | Listed, word: str) -> bool:
    """Return whether `word` is the container's name or, as with docker's own commands, the start of its id."""
    return word == container.name or (len(word) >= 4 and container.id.startswith(word))
