"""The keys under which an engine files a container's ports: `80/tcp`, and a range where the API was given one."""

from collections.abc import Iterator, Mapping
from typing import Any, get_args

from grader.models.snapshot import Binding, Port, Protocol

_LAST = 65535
_PROTOCOLS = get_args(Protocol)


def exposed(raw: Mapping[str, Any] | None) -> tuple[Port, ...]:
    """Return the ports that a mapping of `80/tcp` to nothing names."""
    found = {Port.model_validate({"number": n, "protocol": p}) for key in raw or {} for n, p in _ports(key)}
    return tuple(sorted(found, key=lambda port: (port.number, port.protocol)))


def bindings(raw: Mapping[str, Any] | None) -> tuple[Binding, ...]:
    """Return what a mapping of `80/tcp` to addresses says; a port that is only exposed maps to null."""
    return tuple(
        Binding.model_validate({"port": n, "protocol": p, "host_ip": place.get("HostIp") or "", "host_port": bound})
        for key, places in sorted((raw or {}).items())
        for ports in [list(_ports(key))]
        for n, p in ports
        for place in places or ()
        for bound in [_host_port(place.get("HostPort")) if len(ports) == 1 else None]
    )


def _ports(key: str) -> Iterator[tuple[int, str]]:
    """Yield what a key stands for: `8000-8010/tcp` for each port of the range, one that nobody can read for none."""
    numbers, _, protocol = key.partition("/")
    first, _, last = numbers.partition("-")
    protocol = protocol.lower() or "tcp"
    if first.isdecimal() and (last or first).isdecimal() and protocol in _PROTOCOLS:
        yield from ((number, protocol) for number in range(int(first), min(int(last or first), _LAST) + 1))


def _host_port(text: str | None) -> int | None:
    # `-p 8000-8010:80` leaves a range, of which the engine picks one.
    return int(text) if text and text.isdecimal() and text != "0" else None
