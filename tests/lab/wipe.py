"""Bring an engine back to its base images and nothing else."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from .api import Api, ApiError
from .errors import LabError

_BUILT_IN_NETWORKS = {"bridge", "host", "none"}
_PASSES = 10


def wipe_images(socket: Path, base: set[str]) -> None:
    """Remove all images but those with a `base` id from an engine that has no containers."""
    with Api(socket) as api:
        _remove_images(api, base)
        api.call("POST", "/build/prune?all=1")


def clear(socket: Path) -> None:
    """Remove containers, swarm, networks and volumes, and leave all images."""
    with Api(socket) as api:
        _leave_swarm(api)
        _remove_containers(api, socket)
        _remove_networks(api)
        for volume in api.get("/volumes")["Volumes"] or []:
            api.delete("volumes", volume["Name"], "?force=1")


def images(api: Api) -> dict[str, str]:
    """Return the id of every tag."""
    return {tag: image["Id"] for image in api.get("/images/json") for tag in image["RepoTags"] or []}


def _leave_swarm(api: Api) -> None:
    if api.get("/info")["Swarm"]["LocalNodeState"] != "inactive":
        api.call("POST", "/swarm/leave?force=1")


def _remove_containers(api: Api, socket: Path) -> None:
    for _ in range(_PASSES):  # a removal that is under way elsewhere answers 409
        found = [container["Id"] for container in api.get("/containers/json?all=1")]
        if not found:
            return
        with ThreadPoolExecutor(8) as pool:  # each removal waits for the kernel, not for us
            list(pool.map(lambda container: _remove_container(socket, container), found))
    raise LabError(f"containers cannot be removed: {found}")


def _remove_container(socket: Path, container: str) -> None:
    with Api(socket) as api:
        try:
            api.delete("containers", container, "?force=1&v=1")
        except ApiError as error:
            if error.status != 409:
                raise


def _remove_networks(api: Api) -> None:
    for network in api.get("/networks"):
        if network["Name"] not in _BUILT_IN_NETWORKS:
            api.delete("networks", network["Id"])


def restore_tags(api: Api, base: dict[str, str]) -> None:
    """Give every tag the image that it had, and remove the tags that are new."""
    now = images(api)
    for tag, image in base.items():
        if now.get(tag) != image:
            name, _, version = tag.rpartition(":")
            api.call("POST", f"/images/{image}/tag?repo={name}&tag={version}")
    for tag in now.keys() - base.keys():
        api.delete("images", tag)


def _remove_images(api: Api, keep: set[str]) -> None:
    for _ in range(_PASSES):  # an image goes only after those built on it
        found = [image for image in api.get("/images/json?all=1") if image["Id"] not in keep]
        if not found:
            return
        for image in found:
            _try_remove_image(api, image["Id"])
    raise LabError(f"images cannot be removed: {[image['Id'] for image in found]}")


def _try_remove_image(api: Api, image: str) -> None:
    try:
        api.delete("images", image, "?force=1")
    except ApiError as error:
        if error.status != 409:
            raise
