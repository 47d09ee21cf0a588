"""Events as engines send them, in short; a test compares them with those of a real engine."""

from grader.models.event import Event


def of(container: str, *actions: str, ours: bool = False) -> list[Event]:
    """Return what happens to a container."""
    return [Event(kind="container", action=action, id=container, ours=ours) for action in actions]


def joins(container: str, network: str, action: str = "connect") -> Event:
    """Return that a container joins or leaves a network."""
    return Event(kind="network", action=action, id=f"id-of-{network}", name=network, container=container)


def network(name: str, action: str = "create") -> Event:
    """Return that a network is made or removed."""
    return Event(kind="network", action=action, id=f"id-of-{name}", name=name)


def sidecar(identity: str = "sidecar", *, on_host: bool = False) -> list[Event]:
    """Return what one of our own sidecars causes, from its birth to its end."""
    born, dies = of(identity, "create", ours=True), of(identity, "die", "destroy", ours=True)
    if on_host:
        return [*born, joins(identity, "host"), *of(identity, "start", ours=True), *dies[:1],
                joins(identity, "host", "disconnect"), *dies[1:]]  # fmt: skip
    return [*born, *of(identity, "start", ours=True), *dies]
