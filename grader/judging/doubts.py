"""Whether it can be told at all who plays a role; a doubt costs the learner nothing."""

from collections.abc import Iterable

from grader.judging.names import in_words
from grader.judging.scene import Scene


def doubt(scene: Scene, roles: Iterable[str]) -> str | None:
    """Return why it cannot be told who plays the first of `roles` that is in doubt."""
    for role in sorted(roles):
        if unseen := scene.role(role).doubts:
            looks = (look for host in scene.evidence.hosts.values() for look in host.observations)
            faults = {look.fault for look in looks if look.sandbox is None and look.fault}
            why = f" ({min(faults)})" if faults else ""
            return f"which container is {role} cannot be told: the sandbox of {in_words(unseen)} was not seen{why}"
    return None
