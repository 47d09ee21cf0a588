"""Compile the probe once for a run: as it is shipped, and with the sanitizers that catch what C forgives."""

import os
from pathlib import Path

import pytest

from grader.probe import build
from tests.probe.asking import Probe

_SANITIZERS = ["-std=gnu11", "-g", "-O1", "-fsanitize=address,undefined", "-fno-sanitize-recover=all"]


@pytest.fixture(scope="session")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the program that the build hook would make for this machine, or the one that GRADE_TEST_PROBE names.

    So the probe for another architecture is tested: a script with `exec qemu-aarch64 …/probe-arm64 "$@"` is a program.
    """
    if named := os.environ.get("GRADE_TEST_PROBE"):
        return Path(named)
    return build.build({"PATH": os.environ["PATH"]}, tmp_path_factory.mktemp("probe"))[0]


@pytest.fixture(scope="session")
def instrumented(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a program that ends with an error at the first read or write out of place."""
    program = tmp_path_factory.mktemp("probe") / "sanitized"
    build.compile_probe(["cc"], program, _SANITIZERS)
    return program


@pytest.fixture
def probe(compiled: Path, tmp_path: Path) -> Probe:
    """Return the probe as it is shipped."""
    return Probe(compiled, tmp_path)


@pytest.fixture
def sanitized(instrumented: Path, tmp_path: Path) -> Probe:
    """Return the probe that does not forgive."""
    return Probe(instrumented, tmp_path)
