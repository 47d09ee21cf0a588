"""What ssh complains of, and what a look at the far side shows, told as one of our errors with its remedy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.errors import (
    EngineError,
    EngineForbidden,
    EngineLost,
    EngineTimeout,
    EngineUnreachable,
    HostKeyChanged,
    HostKeyUnknown,
    LoginRefused,
)

if TYPE_CHECKING:
    from collections.abc import Collection

_LINE = 200


def told_by(said: str, url: str, host: str) -> EngineError:
    """Return what ssh meant when it gave up."""
    if "REMOTE HOST IDENTIFICATION HAS CHANGED" in said or "IDENTIFICATION CHANGED" in said:
        return HostKeyChanged(
            f"{url}: the ssh server shows another host key than the one that is known",
            "ask whoever runs the machine whether it was set up anew; only then replace its key",
        )
    if "host key is known for" in said or "Host key verification failed" in said:
        return HostKeyUnknown(
            f"{url}: nobody vouches for the key of this ssh server",
            f"put its key into the roster's host_key, or trust it once: --accept-new in a batch, else ssh {host}",
        )
    if "Permission denied" in said or "Too many authentication failures" in said:
        return LoginRefused(
            f"{url}: the ssh server refuses the login", "check user and key: your public key has to be among its keys"
        )
    if "no such identity" in said:
        return LoginRefused(f"{url}: the key that was named does not exist", "check the path of the key")
    return _on_the_way(said, url)


def _on_the_way(said: str, url: str) -> EngineError:
    if "Connection refused" in said:
        return EngineUnreachable(f"{url}: no ssh server listens there", "check host and port, and that sshd runs")
    if "Could not resolve hostname" in said:
        return EngineUnreachable(f"{url}: this name is unknown", "check the host's name, or use its address")
    if "timed out" in said or "No route to host" in said or "Network is unreachable" in said:
        return EngineUnreachable(f"{url}: the machine does not answer", "check that it is awake and its address right")
    if "Connection closed" in said or "Connection reset" in said or "kex_exchange" in said:
        return EngineLost(f"{url}: the ssh server broke off the connection", "try again; its log tells why: sshd")
    return EngineLost(f"{url}: ssh gave up: {_last(said)}", "try the same by hand: ssh -v")


def after_look(seen: Collection[str], url: str, socket: str, fault: EngineError) -> EngineError:
    """Return what is wrong behind the ssh server, by what a shell there said of the engine's socket."""
    facts = dict(fact.split("=", 1) for fact in seen if "=" in fact)
    user = facts.get("user")
    if not user or isinstance(fault, EngineTimeout):
        return fault
    if "socket" not in seen:
        rootless = facts.get("rootless")
        if rootless:
            return EngineUnreachable(
                f"{url}: there is no {socket}, but a rootless engine of {user}", f"socket: {rootless} in the roster"
            )
        return EngineUnreachable(
            f"{url}: no engine runs there, for there is no {socket}", "on that machine: sudo systemctl start docker"
        )
    if "writable" not in seen:
        return EngineForbidden(
            f"{url}: {user} may not use {socket}", f"on that machine: sudo usermod -aG docker {user}"
        )
    if "docker" not in seen:
        return EngineUnreachable(
            f"{url}: the engine does not answer, or forwarding is forbidden and the docker command is missing",
            "on that machine: sudo systemctl start docker, or allow AllowStreamLocalForwarding in sshd_config",
        )
    return EngineUnreachable(
        f"{url}: {socket} is there, and no engine answers", "on that machine: sudo systemctl restart docker"
    )


def _last(said: str) -> str:
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    return lines[-1][:_LINE] if lines else "without a word"
