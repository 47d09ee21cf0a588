"""The images of an engine: which there are, and some of them saved to a file."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

from grader.host.faults import engine_errors

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from grader.host.connect import Connection

_PATIENCE = 600
"""Seconds until the engine has packed the first layer."""
_PIECE = 2**20


def known_tags(connection: Connection) -> list[str]:
    """Return the tags of all images, in alphabetical order."""
    with engine_errors(connection.address), closing(connection.client()) as client:
        return sorted(tag for image in client.images() for tag in image.get("RepoTags") or ())


def save(connection: Connection, names: Sequence[str], target: Path) -> None:
    """Write images as `docker save` does, so that `docker load` makes them again with their tags."""
    with engine_errors(connection.address), closing(connection.client()) as client, target.open("wb") as file:
        # The SDK saves one image at a time, and images that share layers are to bring them once.
        url = f"{client.base_url}/v{client.api_version}/images/get"
        with client.get(url, params={"names": list(names)}, stream=True, timeout=_PATIENCE) as answer:
            answer.raise_for_status()
            for piece in answer.iter_content(_PIECE):
                file.write(piece)
