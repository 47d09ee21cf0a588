"""Compile the probe; run by the build hook, so it needs nothing but the standard library.

On Linux the C compiler at hand makes a probe for the machine's own architecture: musl-gcc where there is one
(80 kB), else the system's cc (840 kB, as it carries glibc). Elsewhere, or for architectures named in
`GRADE_PROBE_TARGETS` (such as `amd64,arm64`), zig from PyPI's `ziglang` compiles for any.
"""

import hashlib
import importlib.util
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

SOURCES = Path(__file__).parent / "source"
BINARIES = Path(__file__).parent / "bin"
TARGETS_VARIABLE = "GRADE_PROBE_TARGETS"
ZIG_REQUIREMENT = "ziglang>=0.13"

ARCHITECTURES = {"amd64": "x86_64", "arm64": "aarch64"}
"""Docker's names of images' architectures -> the names that compilers and the engine's `info` use."""

_WARNINGS = ["-Wall", "-Wextra", "-Wshadow", "-Werror", "-Wno-sign-compare"]
"""Clang would complain of macros that are musl's and the kernel's."""

_FLAGS = ["-std=gnu11", "-O2", "-static", "-s", "-ffunction-sections", "-fdata-sections", "-Wl,--gc-sections"]


class BuildError(Exception):
    """The probe cannot be compiled here; the message says what to install."""


def docker_architecture(name: str) -> str:
    """Return `amd64` for x86_64, `arm64` for aarch64, and any other name as it is."""
    lowered = name.lower()
    return next((ours for ours, theirs in ARCHITECTURES.items() if theirs == lowered), lowered)


def fingerprint(sources: Path = SOURCES) -> str:
    """Return what tells one state of the source from another; the probe carries it, and prints it first."""
    digest = hashlib.sha256()
    for path in sorted(sources.glob("*.[ch]")):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def targets(environ: Mapping[str, str]) -> list[str]:
    """Return the architectures asked for; by default our own, and both where zig is needed anyway."""
    named = [docker_architecture(name.strip()) for name in environ.get(TARGETS_VARIABLE, "").split(",")]
    if any(named):
        return [name for name in named if name]
    return [docker_architecture(platform.machine())] if _is_linux() else list(ARCHITECTURES)


def needs_zig(environ: Mapping[str, str]) -> bool:
    """Return whether some target is not the machine's own, or no local compiler makes Linux programs."""
    return not _is_linux() or targets(environ) != [docker_architecture(platform.machine())]


def build(environ: Mapping[str, str] = os.environ, binaries: Path = BINARIES) -> list[Path]:
    """Compile a probe for each target, each whole or not at all; returns the files."""
    _remove_outdated(binaries)
    built = []
    for architecture in targets(environ):
        if architecture not in ARCHITECTURES:
            raise BuildError(f"there is no probe for {architecture}, only for {' and '.join(ARCHITECTURES)}")
        compilers = [_zig(architecture)] if needs_zig(environ) else _local_compilers(environ)
        built.append(_compile_with_first(compilers, binaries / f"probe-{architecture}"))
    return built


def compile_probe(compiler: Sequence[str], output: Path, flags: Sequence[str] = _FLAGS) -> None:
    """Compile with one compiler; BuildError with its first complaints when it cannot."""
    sources = [str(path) for path in sorted(SOURCES.glob("*.c"))]
    command = [*compiler, *flags, *_WARNINGS, f'-DSOURCE="{fingerprint()}"', "-o", str(output), *sources]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        complaint = "\n".join((done.stderr or done.stdout).splitlines()[:12])
        raise BuildError(f"{compiler[0]} could not compile the probe:\n{complaint}")


def _remove_outdated(binaries: Path) -> None:
    """Remove what an earlier build left of another source, lest a wheel carries it."""
    for path in binaries.glob("probe-*"):
        if fingerprint().encode() not in path.read_bytes():
            path.unlink()


def _is_linux() -> bool:
    return sys.platform == "linux"


def _local_compilers(environ: Mapping[str, str]) -> list[list[str]]:
    """Return the compilers to try in order, each with what it needs; an explicit CC alone."""
    if environ.get("CC"):
        return [environ["CC"].split()]
    candidates = [_musl(), ["cc"], ["gcc"], ["clang"]]
    found = [compiler for compiler in candidates if shutil.which(compiler[0])]
    if not found:
        raise BuildError(
            "no C compiler was found, and grade compiles its small network probe once.\n"
            "    Debian, Ubuntu:  sudo apt-get install gcc libc6-dev\n"
            "    Fedora:          sudo dnf install gcc glibc-static\n"
            "    Alpine:          sudo apk add gcc musl-dev linux-headers\n"
            f"or let zig do it, which pip fetches:  {TARGETS_VARIABLE}=amd64,arm64 pip install ..."
        )
    return found


def _musl() -> list[str]:
    """Return Debian's musl-gcc with kernel headers, which come last and hide none of musl's own."""
    multiarch = f"/usr/include/{platform.machine()}-linux-gnu"
    return ["musl-gcc", "-idirafter", "/usr/include", "-idirafter", multiarch]


def _zig(architecture: str) -> list[str]:
    if importlib.util.find_spec("ziglang") is None:
        raise BuildError(f"a probe for {architecture} needs zig here: pip install '{ZIG_REQUIREMENT}'")
    return [sys.executable, "-m", "ziglang", "cc", "-target", f"{ARCHITECTURES[architecture]}-linux-musl"]


def _compile_with_first(compilers: Sequence[Sequence[str]], output: Path) -> Path:
    """Try one compiler after the other; a system may have a cc and no static libc for it."""
    output.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=output.parent) as folder:
        fresh = Path(folder) / output.name
        for number, compiler in enumerate(compilers, start=1):
            try:
                compile_probe(compiler, fresh)
                break
            except BuildError:
                if number == len(compilers):
                    raise
        fresh.chmod(0o755)
        fresh.replace(output)
    return output
