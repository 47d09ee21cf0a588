"""Docker contexts, read from where the docker command keeps them.

docker's library reads them as well, but takes their folder to be wherever it finds a config.json, which need not exist.
"""

from __future__ import annotations

import json
import os
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Any

from grader.errors import UsageError, meant
from grader.host.remedies import USUAL

DEFAULT = "default"
"""The context that is nowhere written down: the usual socket of this machine."""


def current() -> str:
    """Return the context that `docker context use` has chosen."""
    try:
        found = json.loads((_folder() / "config.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return DEFAULT
    name = found.get("currentContext") if isinstance(found, dict) else None
    return name if name and isinstance(name, str) else DEFAULT


def names() -> list[str]:
    """Return the names of all contexts that can be read, in order."""
    found = {DEFAULT}
    with suppress(OSError):  # a home of somebody else's has none for us
        for file in _folder().glob("contexts/meta/*/meta.json"):
            with suppress(OSError, ValueError, KeyError):
                found.add(str(_parsed(file)["Name"]))
    return sorted(found)


def endpoint(name: str) -> tuple[str, Any]:
    """Return the URL and the TLS settings, False without TLS, of a context; UsageError where it leads to no engine."""
    if name == DEFAULT:
        return USUAL, False
    place = sha256(name.encode()).hexdigest()
    file = _folder() / "contexts/meta" / place / "meta.json"
    try:
        found = _parsed(file)["Endpoints"]["docker"]
        url, unverified = str(found.get("Host") or USUAL), bool(found.get("SkipTLSVerify"))
    except (FileNotFoundError, NotADirectoryError) as fault:
        raise _unknown(name) from fault
    except OSError as fault:
        raise _unreadable(name, str(fault), f"let yourself read {file}") from fault
    except (ValueError, LookupError, TypeError, AttributeError) as fault:
        raise _unreadable(name, f"{file} is damaged", f"docker context rm {name}, and make it anew") from fault
    return url, _tls(_folder() / "contexts/tls" / place / "docker", unverified=unverified)


def _folder() -> Path:
    chosen = os.environ.get("DOCKER_CONFIG")
    return Path(chosen) if chosen else Path.home() / ".docker"


def _parsed(file: Path) -> dict[str, Any]:
    found = json.loads(file.read_text(encoding="utf-8"))
    if not isinstance(found, dict):
        raise ValueError(f"{file} holds no object")
    return found


def _unknown(name: str) -> UsageError:
    known = names()
    told = f"docker context ls shows them ({', '.join(known)}); an address needs its scheme, as in unix://PATH"
    return UsageError(f"there is no Docker context called {name}", meant(name, known, told))


def _unreadable(name: str, why: str, remedy: str) -> UsageError:
    told = f"the Docker context {name} cannot be read: {why}"
    return UsageError(told, f"{remedy}; --host with an address does without contexts")


def _tls(folder: Path, *, unverified: bool) -> Any:
    """Return the settings that the files of a context ask for; as the docker command does, it asks by their names."""
    ca, cert, key = (
        str(file) if (file := folder / f"{word}.pem").is_file() else None for word in ("ca", "cert", "key")
    )
    if not (ca or cert or unverified):
        return False
    from docker.tls import TLSConfig

    return TLSConfig(client_cert=(cert, key) if cert and key else None, ca_cert=ca, verify=not unverified)
