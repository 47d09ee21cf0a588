"""Images that have wheels with them, from which pip installs where there is no internet."""

from __future__ import annotations

import io
import secrets
import tarfile
import tempfile
from contextlib import closing, contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from grader.errors import UsageError
from grader.host.collect import RUN_LABEL, engine_of
from grader.host.faults import engine_errors
from grader.host.sidecar import EXPIRES_LABEL, remove

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from docker import APIClient

    from grader.host.connect import Connection

_PLACE = "/grade-exam"
_WHEELS = f"{_PLACE}/wheels"
_LOOKS_THERE = (f"ENV PIP_NO_INDEX=1 PIP_FIND_LINKS={_WHEELS}",)
_PATIENCE = 900.0
"""Seconds that pip may take."""
_NO_SUCH_PROGRAM = 127


Wish = tuple[str, tuple[str, ...]]
"""A folder within the starter, and the words that pip is told there."""


def add_wheels(connection: Connection, image: str, starter: Path, wishes: Sequence[Wish], tag: str) -> bool:
    """Make an image of another one that has the wheels which these wishes ask for; return whether it has pip at all.

    They are fetched by the image's own pip, so that they fit it. UsageError says what pip has against it.
    """
    patient = replace(connection, timeout=_PATIENCE)
    with engine_errors(connection.address), closing(patient.client()) as client, tempfile.TemporaryFile() as wheels:
        if not _fetched(client, image, _packed(starter), wishes, wheels):
            return False
        with _container(client, image) as container:
            client.put_archive(container, "/", _folder(_PLACE))
            wheels.seek(0)
            client.put_archive(container, _PLACE, wheels)
            repository, _, name = tag.partition(":")
            client.commit(container, repository, name, changes=list(_LOOKS_THERE))
    return True


def forget(connection: Connection, tags: Sequence[str]) -> None:
    """Take tags from an engine again, with what only they name."""
    with engine_errors(connection.address), closing(connection.client()) as client:
        for tag in tags:
            client.remove_image(tag, force=True)


def _fetched(client: APIClient, image: str, starter: bytes, wishes: Sequence[Wish], into: Any) -> bool:
    """Let pip fetch in a container of the image, and write its folder of wheels as a tar."""
    labels = {RUN_LABEL: secrets.token_hex(8), EXPIRES_LABEL: str(int(engine_of(client).now.timestamp() + _PATIENCE))}
    command = ["sh", "-euc", _script(wishes)]
    with _container(client, image, entrypoint=command, command=[], user="0", labels=labels, working_dir="/") as fetcher:
        client.put_archive(fetcher, "/", _folder(_PLACE, "starter", "wheels"))
        client.put_archive(fetcher, f"{_PLACE}/starter", starter)
        client.start(fetcher)
        code = client.wait(fetcher, timeout=int(_PATIENCE))["StatusCode"]
        if code == _NO_SUCH_PROGRAM:
            return False
        if code:
            said = client.logs(fetcher, stdout=True, stderr=True).decode(errors="replace").splitlines()
            complaint = [line for line in said if line.startswith("ERROR")] or said[-1:] or ["it says nothing"]
            raise UsageError(
                f"pip cannot fetch in {image} what the starter installs: {complaint[-1].removeprefix('ERROR: ')}",
                "mend its requirements, or the engine's way to the internet, and try again",
            )
        for piece in client.get_archive(fetcher, _WHEELS)[0]:
            into.write(piece)
    return True


def _script(wishes: Sequence[Wish]) -> str:
    """Return what the container runs; its pip may be known as a module only."""
    import shlex

    start = 'pip=pip; pip --version || pip="python3 -m pip"; $pip --version || exit 127'
    return "\n".join(
        [
            start,
            *(
                f"cd {shlex.quote(f'{_PLACE}/starter/{folder}')}; "
                f"$pip wheel --quiet --wheel-dir {_WHEELS} --find-links {_WHEELS} {shlex.join(words)}"
                for folder, words in wishes
            ),
        ]
    )


@contextmanager
def _container(client: APIClient, image: str, **settings: Any) -> Iterator[str]:
    """Give a container that is gone afterwards. Without labels, lest those of grade are in what is made of it."""
    said = client.inspect_image(image)["Config"] or {}  # type: ignore[no-untyped-call]  # types-docker lacks it
    if not settings and not (said.get("Cmd") or said.get("Entrypoint")):
        settings = {"command": ["true"]}  # the engine makes no container that has nothing to do
    made = str(client.create_container(image, use_config_proxy=bool(settings), **settings)["Id"])
    try:
        yield made
    finally:
        remove(client, made)


def _folder(*names: str) -> bytes:
    """Return a tar of empty folders: one at the root, and those in it."""
    top, *inside = names
    with io.BytesIO() as data:
        with tarfile.open(fileobj=data, mode="w") as tar:
            for name in (top, *(f"{top}/{each}" for each in inside)):
                entry = tarfile.TarInfo(name.removeprefix("/"))
                entry.type, entry.mode = tarfile.DIRTYPE, 0o755
                tar.addfile(entry)
        return data.getvalue()


def _packed(folder: Path) -> bytes:
    with io.BytesIO() as data:
        with tarfile.open(fileobj=data, mode="w") as tar:
            tar.add(folder, ".")
        return data.getvalue()
