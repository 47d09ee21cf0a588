"""Commands by which learners see for themselves what was judged, with the names and addresses of their build."""

from grader.judging.scene import Actor, Scene

EVERYTHING = "docker ps --all"
"""What to look at while nobody plays a role."""


def actor(scene: Scene, role: str) -> Actor | None:
    """Return the first container of a role, if it runs or not."""
    return next(iter(scene.role(role).actors), None) if role in scene.cast else None


def inspect(scene: Scene, role: str, template: str) -> str:
    """Return the command that prints a property of a role's container."""
    found = actor(scene, role)
    return f"docker inspect --format '{template}' {found.container.name}" if found else EVERYTHING


def inside(scene: Scene, role: str, command: str) -> str:
    """Return the command that runs another within the sandbox of a role's container, whatever that has on board."""
    found = actor(scene, role)
    if found is None:
        return EVERYTHING
    if found.container.state != "running":
        return f"docker logs {found.container.name}"
    return f"docker run --rm --network container:{found.container.name} busybox {command}"


def knock(address: str, port: int | None) -> str:
    """Return what tries a port, or pings where there is none; it says open or closed."""
    attempt = f"ping -c 1 -W 2 {address}" if port is None else f"nc -w 2 {address} {port} </dev/null"
    return f"sh -c '{attempt} >/dev/null 2>&1 && echo open || echo closed'"


def towards(scene: Scene, source: str, target: str, port: int | None) -> str:
    """Return the command that tries the way from one role to another."""
    one, other = actor(scene, source), actor(scene, target)
    if one is None or other is None:
        return EVERYTHING
    addresses = scene.addresses_towards(one, other)
    if not addresses:
        return inspect(scene, target, "{{json .NetworkSettings.Networks}}")
    near = [a for e in other.endpoints if e.network in one.networks for a in e.addresses]
    return inside(scene, source, knock((near or [*addresses])[0], port))


def from_outside(scene: Scene, target: str) -> str:
    """Return the command that shows where outside finds a role's ports."""
    found = actor(scene, target)
    return f"docker port {found.container.name}" if found else EVERYTHING
