"""The compiled probe for an engine's architecture."""

from pathlib import Path

from grader.errors import ProbeUnavailable
from grader.probe.build import (
    ARCHITECTURES,
    BINARIES,
    SOURCES,
    TARGETS_VARIABLE,
    docker_architecture,
    fingerprint,
)


def probe_binary(architecture: str, binaries: Path = BINARIES, sources: Path = SOURCES) -> bytes:
    """Return the static program for `x86_64`, `amd64`, `aarch64` or `arm64`, as the engine names it."""
    ours = docker_architecture(architecture)
    if ours not in ARCHITECTURES:
        raise ProbeUnavailable(
            f"the engine runs on {architecture}, and the probe exists for {' and '.join(ARCHITECTURES)} only",
            "Grade an engine of one of these, for example one in a virtual machine.",
        )
    path = binaries / f"probe-{ours}"
    if not path.is_file():
        raise ProbeUnavailable(f"this installation has no probe for {ours} engines", _remedy(binaries, ours))
    program = path.read_bytes()
    if fingerprint(sources).encode() not in program:
        raise ProbeUnavailable(f"the probe for {ours} is older than its source", _remedy(binaries, ours))
    return program


def _remedy(binaries: Path, wanted: str) -> str:
    """Say how to get it: one architecture alone came from the local compiler, and zig makes the other."""
    present = {path.name.removeprefix("probe-") for path in binaries.glob("probe-*")}
    if present - {wanted}:
        others = ",".join(sorted(present | {wanted}))
        return f"Compile it in a checkout: {TARGETS_VARIABLE}={others} pip install -e ."
    return "Compile it in a checkout: pip install -e ."
