"""One build as plain data, for queries over it.

Engine, networks and containers look as in a saved evidence file, under `hosts.NAME.snapshot`: whoever writes a query
can look there, and the version of the file is that of the document.
"""

from typing import Any

from grader.judging.scene import Scene


def document(scene: Scene, host: str | None = None) -> dict[str, Any]:
    """Return `engine`, `networks` and `containers` of one engine, and `roles` with each role's first container."""
    snapshot = scene.snapshot(host or scene.first_host).model_dump(mode="json")
    cast = {name: match.actors[0].container for name, match in scene.cast.items() if match.actors}
    return {
        **{key: snapshot[key] for key in ("engine", "networks", "containers")},
        "roles": {name: container.model_dump(mode="json") for name, container in cast.items()},
    }
