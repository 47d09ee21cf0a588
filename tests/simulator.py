"""Engines that are none: recorded evidence over the real HTTP API, on loopback, a thousand in one process.

`python -m tests.simulator FILE… --hosts N --faults PERCENT` prints a line of JSON, a list of `[address, fault]`, and
serves until its standard input ends. What a sidecar is asked is answered from the record.
"""

import argparse
import asyncio
import contextlib
import json
import socket
import struct
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import count, cycle
from pathlib import Path
from typing import Any

from grader import store
from grader.models.evidence import Evidence
from grader.models.probe import Asked, Exchanged, Found, Observation, Reached, Sandbox
from grader.models.snapshot import Binding, Container, Endpoint, Network, Snapshot
from grader.probe.protocol import Timing, encode

FAULTS = ("refused", "hang", "tls", "errors", "truncated", "drip", "closed", "old-api", "late")
_WINDOW_S = 0.25
"""How long a real probe waits for silence."""
_DRIP_S = 0.2


@dataclass
class Recorded:
    """One recorded engine as answers to requests."""

    pages: dict[str, bytes]
    outputs: dict[str, tuple[bytes, dict[str, bytes]]]
    """By source: the facts, and each answer by its question."""


@dataclass
class Host:
    """One simulated engine: a record, perhaps a fault, and the sidecars that it was given."""

    recorded: Recorded
    fault: str
    sidecars: dict[str, bytes] = field(default_factory=dict)
    numbers: Iterator[int] = field(default_factory=count)
    broken_off: int = 0


def recorded(evidence: Evidence) -> Recorded:
    """Return what an engine would say that shows what the evidence holds."""
    (host,) = evidence.hosts.values()
    snapshot = host.snapshot
    pages: dict[str, Any] = {
        "/version": {"ApiVersion": "1.41", "MinAPIVersion": "1.12", "Version": snapshot.engine.version},
        "/info": _info(snapshot),
        "/networks": [_network(each) for each in snapshot.networks],
        "/containers/json": [_listed(each) for each in snapshot.containers],
        "/images/json": [],
    }
    for each in snapshot.containers:
        pages[f"/containers/{each.id}/json"] = _inspected(each)
        pages[f"/images/{each.image_id}/json"] = {"Id": each.image_id, "RepoTags": list(each.image_tags), "RootFS": {}}
    outputs = {seen.source: _output(seen) for seen in host.observations}
    return Recorded({path: json.dumps(page).encode() for path, page in pages.items()}, outputs)


def _info(snapshot: Snapshot) -> dict[str, Any]:
    engine = snapshot.engine
    return {
        "ID": engine.id,
        "Name": engine.name,
        "ServerVersion": engine.version,
        "OSType": engine.os,
        "Architecture": engine.architecture,
        "SystemTime": engine.now.isoformat(),
    }


def _network(each: Network) -> dict[str, Any]:
    pools = [{"Subnet": pool.subnet, "Gateway": pool.gateway} for pool in each.subnets]
    return {
        "Id": each.id,
        "Name": each.name,
        "Driver": each.driver,
        "Scope": each.scope,
        "Internal": each.internal,
        "IPAM": {"Config": pools},
        "Options": each.options,
    }


def _listed(each: Container) -> dict[str, Any]:
    networks: dict[str, Any] = {endpoint.network: {} for endpoint in each.endpoints}
    return {
        "Id": each.id,
        "Names": [f"/{each.name}"],
        "Image": each.image,
        "State": each.state,
        "Created": int(each.created_at.timestamp()),
        "Ports": [{"PrivatePort": port.number} for port in each.exposed],
        "NetworkSettings": {"Networks": networks},
        "Labels": each.labels,
    }


def _inspected(each: Container) -> dict[str, Any]:
    started = each.started_at.isoformat() if each.started_at else "0001-01-01T00:00:00Z"
    return {
        "Id": each.id,
        "Name": f"/{each.name}",
        "Image": each.image_id,
        "Created": each.created_at.isoformat(),
        "State": {"Status": each.state, "StartedAt": started, "ExitCode": each.exit_code},
        "RestartCount": each.restarts,
        "Config": {
            "Image": each.image,
            "Hostname": each.hostname,
            "Labels": each.labels,
            "Env": [f"{name}=" for name in each.env_names],
            "ExposedPorts": {f"{port.number}/{port.protocol}": {} for port in each.exposed},
        },
        "HostConfig": {"NetworkMode": each.network_mode, "PortBindings": _bindings(each.requested)},
        "NetworkSettings": {
            "Networks": {endpoint.network: _endpoint(endpoint) for endpoint in each.endpoints},
            "Ports": _bindings(each.published),
        },
    }


def _bindings(bindings: tuple[Binding, ...]) -> dict[str, list[dict[str, str]]]:
    found: dict[str, list[dict[str, str]]] = {}
    for each in bindings:
        place = {"HostIp": each.host_ip, "HostPort": str(each.host_port or "")}
        found.setdefault(f"{each.port}/{each.protocol}", []).append(place)
    return found


def _endpoint(each: Endpoint) -> dict[str, Any]:
    return {
        "NetworkID": each.network_id,
        "IPAddress": each.ipv4 or "",
        "IPPrefixLen": each.ipv4_prefix or 0,
        "Gateway": each.gateway or "",
        "Aliases": list(each.aliases),
    }


def _output(seen: Observation) -> tuple[bytes, dict[str, bytes]]:
    answers = {encode([asked.question], Timing())[-1]: _answer(asked).encode() for asked in seen.asked}
    return "\n".join(_facts(seen.sandbox or Sandbox())).encode(), answers


def _facts(sandbox: Sandbox) -> Iterator[str]:
    yield "grade-probe 1 recorded"
    yield from (f"interface {each.name} {each.address} {each.prefix}" for each in sandbox.interfaces)
    yield from (f"route {each.interface} {each.destination} {each.gateway or '-'}" for each in sandbox.routes)
    yield from (f"nameserver {each}" for each in sandbox.nameservers)
    yield from (f"search {each}" for each in sandbox.search)
    yield from (f"hosts {each.address} {' '.join(each.names)}" for each in sandbox.hosts)
    yield from (f"listener {each.address} {each.port}" for each in sandbox.listeners)


def _answer(asked: Asked) -> str:
    match asked.answer:
        case Reached(state=state):
            return state
        case Found() as found:
            return " ".join((found.ipv4, found.ipv6, *found.addresses))
        case Exchanged(state="open") as done:
            return f"open {done.ending} {done.response or '-'}"
        case Exchanged(state=state):
            return state


class Served(asyncio.Protocol):
    """One connection to a simulated engine."""

    def __init__(self, host: Host) -> None:
        self._host = host
        self._data = b""
        self._transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the way back; a host that is `flaky` breaks off the first two connections."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        if self._host.fault == "flaky":
            self._host.broken_off += 1
            if self._host.broken_off <= 2:
                transport.close()

    def data_received(self, data: bytes) -> None:
        """Answer each whole request."""
        self._data += data
        while b"\r\n\r\n" in self._data:
            head, _, rest = self._data.partition(b"\r\n\r\n")
            low = head.lower()
            length = (
                int(low.partition(b"content-length:")[2].split(b"\r\n")[0] or 0) if b"content-length:" in low else 0
            )
            if len(rest) < length:
                return
            self._data = rest[length:]
            method, path, _ = head.split(b"\r\n", 1)[0].decode().split(" ")
            self._respond(method, path.partition("?")[0], rest[:length])

    def _respond(self, method: str, path: str, body: bytes) -> None:
        if path.startswith("/v1."):
            path = path[path.index("/", 1) :]
        match self._host.fault:
            case "hang":
                return
            case "tls":
                self._send(b"Client sent an HTTP request to an HTTPS server.\n", "400 Bad Request")
            case "errors":
                self._send(b'{"message": "disk on fire"}', "500 Internal Server Error")
            case "old-api":
                self._send(b'{"ApiVersion": "1.30", "MinAPIVersion": "1.12"}')
            case fault:
                self._honest(fault, method, path, body)

    def _honest(self, fault: str, method: str, path: str, body: bytes) -> None:
        words = path.split("/")
        status, page, delay = _answered(self._host, method, path, words, body)
        if fault == "flaky":
            fault = ""
        if fault == "late":
            if words[-1] != "wait":  # all is well until a sidecar runs
                self._send(page, status)
        elif fault and path != "/version":
            self._spoilt(fault, page)
        elif delay:
            asyncio.get_running_loop().call_later(delay, self._send, page, status)
        else:
            self._send(page, status)

    def _spoilt(self, fault: str, page: bytes) -> None:
        half = page[: len(page) // 2]
        if fault == "truncated":
            self._send(half)
        elif fault == "closed":
            self._transport.write(_head(len(page), "200 OK") + half)
            self._transport.close()
        else:
            self._transport.write(_head(len(page), "200 OK"))
            self._drip(page)

    def _drip(self, page: bytes) -> None:
        if page and not self._transport.is_closing():
            self._transport.write(page[:1])
            asyncio.get_running_loop().call_later(_DRIP_S, self._drip, page[1:])

    def _send(self, page: bytes, status: str = "200 OK") -> None:
        if not self._transport.is_closing():
            self._transport.write(_head(len(page), status) + page)


def _head(length: int, status: str) -> bytes:
    return f"HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n".encode()


def _answered(host: Host, method: str, path: str, words: list[str], body: bytes) -> tuple[str, bytes, float]:
    """Return status, page and how long it takes."""
    if method == "GET" and (page := host.recorded.pages.get(path)):
        return "200 OK", page, 0
    match method, words:
        case "POST", ["", "containers", "create"]:
            return "201 Created", json.dumps({"Id": _created(host, json.loads(body)), "Warnings": []}).encode(), 0
        case "POST", ["", "containers", identity, "start"] if identity in host.sidecars:
            return "204 No Content", b"", 0
        case "POST", ["", "containers", identity, "wait"] if identity in host.sidecars:
            return "200 OK", b'{"StatusCode": 0}', _WINDOW_S
        case "GET", ["", "containers", identity, "json"] if identity in host.sidecars:
            return "200 OK", b'{"Config": {"Tty": false}}', 0
        case "GET", ["", "containers", identity, "logs"] if identity in host.sidecars:
            said = host.sidecars[identity]
            return "200 OK", struct.pack(">BxxxI", 1, len(said)) + said, 0
        case "DELETE", ["", "containers", identity] if identity in host.sidecars:
            del host.sidecars[identity]
            return "204 No Content", b"", 0
        case "GET", ["", "images", *_]:
            return "200 OK", b'{"Id": "sha256:0", "RootFS": {}}', 0
        case _:
            return "404 Not Found", b'{"message": "no such thing"}', 0


def _created(host: Host, wanted: dict[str, Any]) -> str:
    source = wanted["HostConfig"]["NetworkMode"].removeprefix("container:")
    facts, answers = host.recorded.outputs[source]
    asked = wanted["Cmd"][3:]
    said = [b"answer %d %s" % (index, answers.get(word, b"unasked")) for index, word in enumerate(asked)]
    identity = f"{next(host.numbers):064x}"
    host.sidecars[identity] = b"\n".join([facts, *said, b"end %d\n" % len(asked)])
    return identity


async def serve(files: list[Path], hosts: int, faulty: int, words: Sequence[str] = FAULTS) -> None:
    """Serve until nobody holds our standard input any more."""
    records = cycle([recorded(store.load(file)) for file in files])
    faults = cycle(words)
    loop = asyncio.get_running_loop()
    served: list[tuple[object, list[str]]] = []
    for index in range(hosts):
        fault = next(faults) if faulty and index * faulty // 100 != (index + 1) * faulty // 100 else ""
        here = socket.socket()
        here.bind(("127.0.0.1", 0))
        host = Host(next(records), fault)
        # One who refuses keeps the port and never listens, so that nobody else gets it.
        server = here if fault == "refused" else await loop.create_server(partial(Served, host), sock=here, backlog=64)
        served.append((server, [f"tcp://127.0.0.1:{here.getsockname()[1]}", fault]))
    print(json.dumps([told for _, told in served]), flush=True)
    await loop.run_in_executor(None, sys.stdin.read)


def main() -> None:
    """Serve what the command line names."""
    parser = argparse.ArgumentParser(prog="python -m tests.simulator")
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--hosts", type=int, default=1)
    parser.add_argument("--faults", type=int, default=0, metavar="PERCENT")
    parser.add_argument("--fault", choices=(*FAULTS, "flaky"), help="only this one")
    options = parser.parse_args()
    words = (options.fault,) if options.fault else FAULTS
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(serve(options.files, options.hosts, options.faults, words))


if __name__ == "__main__":
    main()
