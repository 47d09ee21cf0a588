"""What graders have left on an engine: sidecars that outlived them, and the image of the probe."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from grader.host.collect import RUN_LABEL, engine_of
from grader.host.sidecar import EXPIRES_LABEL, REPOSITORY, expiry, remove

if TYPE_CHECKING:
    from collections.abc import Sequence

    from docker import APIClient

_OUR_TAG = re.compile(rf"{REPOSITORY}:[0-9a-f]{{12}}")
_LARGEST_IMAGE = 4 * 2**20
"""The probe takes less than 1 MB: what is much larger and bears its name is somebody else's."""


@dataclass(frozen=True, slots=True)
class Leftovers:
    """What is ours on an engine: sidecars by id, with their names, and images by tag."""

    expired: dict[str, str]
    at_work: dict[str, str]
    """Sidecars whose time is not over: a grade may be going on."""
    images: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Cleaned:
    """What a cleaning did, in words: what is gone, and what was kept and why."""

    removed: tuple[str, ...]
    kept: tuple[str, ...]


def leftovers(client: APIClient) -> Leftovers:
    """Return what is ours on the engine, told by labels and by the name of the image."""
    now = engine_of(client).now.timestamp()
    sidecars: Sequence[Any] = client.containers(all=True, filters={"label": [RUN_LABEL, EXPIRES_LABEL]})
    names = {each["Id"]: _name(each) for each in sidecars}
    over = {each["Id"] for each in sidecars if expiry(each["Labels"][EXPIRES_LABEL]) < now}
    return Leftovers(
        expired={key: name for key, name in names.items() if key in over},
        at_work={key: name for key, name in names.items() if key not in over},
        images=tuple(sorted(_our_images(client))),
    )


def _name(raw: dict[str, Any]) -> str:
    return str(next(iter(raw.get("Names") or ()), raw["Id"][:12])).removeprefix("/")


def _our_images(client: APIClient) -> set[str]:
    images: Sequence[Any] = client.images(name=REPOSITORY)
    small = (image for image in images if image.get("Size", 0) <= _LARGEST_IMAGE)
    return {tag for image in small for tag in image.get("RepoTags") or () if _OUR_TAG.fullmatch(tag)}


def clean(client: APIClient, *, everything: bool) -> Cleaned:
    """Remove what is ours; what a running grade may need only where everything is to go."""
    found = leftovers(client)
    doomed = found.expired | (found.at_work if everything else {})
    gone: list[str] = []
    kept: list[str] = []
    for key, name in doomed.items():
        (gone if remove(client, key) else kept).append(f"the sidecar {name}")
    if found.at_work and not everything:
        kept += [f"the sidecar {name}: its grade may be going on" for name in found.at_work.values()]
        kept += [f"the image {tag}: a sidecar uses it" for tag in found.images]
        return Cleaned(tuple(gone), tuple(kept))
    for tag in found.images:
        (gone if _removed_image(client, tag) else kept).append(f"the image {tag}")
    return Cleaned(tuple(gone), tuple(kept))


def _removed_image(client: APIClient, tag: str) -> bool:
    """Return whether an image is gone; one that a container still uses is not."""
    from docker.errors import APIError, ImageNotFound

    try:
        client.remove_image(tag)
    except ImageNotFound:
        return True
    except APIError:
        return False
    return True
